package coterie.actors.user;

import coterie.model.exchange.Snapshot;
import coterie.topology.time.Ticks;

/**
 * A letter on its way to one user.
 *
 * @param number twice how many messages its sender had sent before, and one more for a second copy
 * @param arrival tick of arrival; where lines are shared, as if its bytes took no time, until they are through
 */
public record Message(Payload payload, int to, long number, long arrival) implements Comparable<Message> {
    public int from() {
        return payload.from();
    }

    public int turn() {
        return payload.turn();
    }

    public Snapshot snapshot() {
        return payload.snapshot();
    }

    /** The same when its last byte is through at a tick: it arrives as much later as it would have without any. */
    public Message through(long tick) {
        return new Message(payload, to, number, Ticks.plus(tick, arrival - payload.sent()));
    }

    /**
     * By arrival; at the same tick by sender and then by number: an order that no thread and no placement can change.
     */
    @Override
    public int compareTo(Message o) {
        int c = Long.compare(arrival, o.arrival);
        c = c != 0 ? c : Integer.compare(payload.from(), o.payload.from());
        return c != 0 ? c : Long.compare(number, o.number);
    }
}
