package coterie.actors.protocol;

/** What {@code coterie verify} may conclude from a run's files about how users mix under a protocol. */
public interface MixingRules {
    /** When users mix. */
    enum Occasion {
        /** After a turn in which they took part, at most once. */
        AFTER_TURN,
        /** At once, whenever a message arrives. */
        ON_ARRIVAL,
        /** Not known: only what holds for every protocol is checked. */
        UNKNOWN
    }

    /** What of the messages that have arrived users mix. */
    enum Selection {
        /** The newest snapshot of each sender; it stays in use until a newer one arrives. */
        NEWEST,
        /** Each snapshot once, in the order of arrival. */
        EACH_ONCE
    }

    /** Rules of a protocol of which nothing is known. */
    MixingRules UNKNOWN = () -> Occasion.UNKNOWN;

    /** When users mix. */
    Occasion occasion();

    /** What of the messages that have arrived users mix. */
    default Selection selection() {
        return Selection.NEWEST;
    }

    /** Whether a user that took part in a turn may mix after it. */
    default boolean mayMix(int turn) {
        return true;
    }

    /** Whether a user that took part in a turn certainly mixes after it. */
    default boolean mustMix(int turn) {
        return false;
    }

    /** Whether all messages are sent at the ends of turns. */
    default boolean sendsOnlyAtTurnEnds() {
        return false;
    }

    /** Whether messages carry the number of the sender's turn; false if it is the version of a model. */
    default boolean numbersTurns() {
        return true;
    }

    /**
     * Recomputes one user's weights.
     *
     * @return null if they do not follow from the files, or follow from trust
     */
    default RowCalculator rows(Collaboration collaboration, int user) {
        return null;
    }
}
