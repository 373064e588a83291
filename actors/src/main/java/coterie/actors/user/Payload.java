package coterie.actors.user;

import coterie.model.exchange.Snapshot;

/**
 * What a user sends, the same to all who get it.
 *
 * @param sent tick of sending
 * @param began tick at which the oldest local step in its snapshot was begun
 * @param turn whose snapshot it is, or of which it tells; of a reply, the version of what is in it
 * @param snapshot shared with all who receive it; null where there is none
 * @param bytes on the wire
 */
public record Payload(Kind kind, long sent, long began, int from, int turn, Snapshot snapshot, long bytes) {
    /** What a letter is. Notices are the simulator's: what a perfect detector of failures would tell those who wait. */
    public enum Kind {
        /** A snapshot, unasked. */
        SNAPSHOT,
        /** There will be no snapshot of this turn: it was lost, or its user was away. */
        NOTICE,
        /** The user will not be heard of until it is back. */
        GONE,
        /** The user is back. */
        BACK,
        /** Something that wants a reply. */
        REQUEST,
        /** The reply. */
        REPLY,
        /** Lost, and awaited by nobody: it loads the line, and that is all. */
        LOST
    }

    boolean isNotice() {
        return kind == Kind.NOTICE || kind == Kind.GONE || kind == Kind.BACK;
    }

    /** What is left of it when it is lost: the load on the line. */
    Payload lost(Kind other) {
        return new Payload(other, sent, began, from, turn, null, bytes);
    }

    /** What its sender is told when it is lost. */
    Payload returned() {
        return new Payload(Kind.NOTICE, sent, began, from, turn, null, 0);
    }
}
