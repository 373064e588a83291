package coterie.actors.message;

import coterie.model.exchange.Snapshot;

/**
 * What a user sends: the same for all receivers.
 *
 * @param sent tick of sending
 * @param began tick at which the oldest local step in the snapshot began
 * @param turn of the snapshot or the notice; under some protocols, the version of a model
 * @param snapshot shared by all receivers; null for none
 * @param bytes on the wire
 */
public record Payload(Kind kind, long sent, long began, int from, int turn, Snapshot snapshot, long bytes) {
    /**
     * Kinds of payloads. Notices are the simulator's: they tell users that wait what a perfect failure detector would.
     */
    public enum Kind {
        /** A snapshot that was not requested. */
        SNAPSHOT,
        /** A snapshot of this turn will never arrive: it was lost, or its user was away. */
        NOTICE,
        /** The user sends nothing until it is back. */
        GONE,
        /** The user is back. */
        BACK,
        /** Expects a reply. */
        REQUEST,
        /** A reply. */
        REPLY,
        /** A lost message of which the receiver is not told: it only loads the line. */
        LOST
    }

    /** Whether it is a notice of the simulator, which is neither counted nor recorded. */
    public boolean isNotice() {
        return kind == Kind.NOTICE || kind == Kind.GONE || kind == Kind.BACK;
    }

    /** The same with another snapshot of the same size. */
    public Payload with(Snapshot other) {
        return new Payload(kind, sent, began, from, turn, other, bytes);
    }

    /** The same, sent at another tick. */
    public Payload sentAt(long tick) {
        return new Payload(kind, tick, began, from, turn, snapshot, bytes);
    }

    /** What remains when it is lost: its load on the line. */
    public Payload lost(Kind other) {
        return new Payload(other, sent, began, from, turn, null, bytes);
    }

    /** The notice of its loss to its sender. */
    public Payload returned() {
        return new Payload(Kind.NOTICE, sent, began, from, turn, null, 0);
    }
}
