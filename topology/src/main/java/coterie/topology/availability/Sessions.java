package coterie.topology.availability;

/** A user's times of presence, one after another, each later than the one before. */
public interface Sessions {
    /**
     * A time of presence.
     *
     * @param from first tick of it
     * @param until first tick after it
     */
    record Session(long from, long until) {}

    /** The next; null where there is none any more. */
    Session next();
}
