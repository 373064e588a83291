package coterie.topology.availability;

/** The online sessions of a user in chronological order. */
public interface Sessions {
    /**
     * An online session.
     *
     * @param from first tick online
     * @param until first tick offline
     */
    record Session(long from, long until) {}

    /** Returns the next session, or null if there is none. */
    Session next();
}
