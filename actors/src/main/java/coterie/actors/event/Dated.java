package coterie.actors.event;

/**
 * An observation with its place in the order of all observations of a run.
 *
 * @param number of observations that the user made before it
 */
public record Dated(long tick, int user, long number, Observation observation) implements Comparable<Dated> {
    /** By tick, then by user, then by number. */
    @Override
    public int compareTo(Dated o) {
        int c = Long.compare(tick, o.tick);
        c = c != 0 ? c : Integer.compare(user, o.user);
        return c != 0 ? c : Long.compare(number, o.number);
    }
}
