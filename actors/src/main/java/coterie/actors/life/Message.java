package coterie.actors.life;

import coterie.model.trust.Snapshot;

/**
 * A snapshot under way from one user to another.
 *
 * @param sent tick of sending
 * @param arrival tick of arrival
 * @param number how many messages {@code from} had sent before
 * @param turn whose snapshot it is
 * @param snapshot shared with all who receive it; null for the notice that it was lost
 */
public record Message(long sent, long arrival, int from, int to, long number, int turn, Snapshot snapshot) implements Comparable<Message> {
    /** By arrival; at the same tick by sender and then by number: an order that no thread and no placement can change. */
    @Override
    public int compareTo(Message o) {
        int c = Long.compare(arrival, o.arrival);
        c = c != 0 ? c : Integer.compare(from, o.from);
        return c != 0 ? c : Long.compare(number, o.number);
    }
}
