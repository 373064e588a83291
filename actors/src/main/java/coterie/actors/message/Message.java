package coterie.actors.message;

import coterie.model.exchange.Snapshot;
import coterie.topology.time.Ticks;

/**
 * A payload on its way to one user.
 *
 * @param number twice the number of messages that its sender had sent before, plus 1 for a second copy
 * @param arrival tick of arrival; if bandwidth is limited, without the time of the transfer until that has ended
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

    /** The message when its transfer ends at a tick: it arrives one latency later. */
    public Message through(long tick) {
        return new Message(payload, to, number, Ticks.plus(tick, arrival - payload.sent()));
    }

    /** By arrival, then by sender, then by number: independent of threads and of where users are hosted. */
    @Override
    public int compareTo(Message o) {
        int c = Long.compare(arrival, o.arrival);
        c = c != 0 ? c : Integer.compare(payload.from(), o.payload.from());
        return c != 0 ? c : Long.compare(number, o.number);
    }
}
