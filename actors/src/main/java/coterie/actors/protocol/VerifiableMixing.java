package coterie.actors.protocol;

/**
 * What is known about mixing under a protocol, so that {@code coterie verify} can check a run's files. It does not
 * decide how users mix: a {@link Participant} does.
 */
public interface VerifiableMixing {
    /** When users mix. */
    enum Trigger {
        /** After a turn in which they took part, at most once. */
        AFTER_TURN,
        /** At once, whenever a message arrives. */
        ON_ARRIVAL,
        /** Unknown: only what holds for every protocol is checked. */
        UNKNOWN
    }

    /** Which of the messages that have arrived are mixed. */
    enum Inputs {
        /** The newest snapshot of each sender; it stays in use until a newer one arrives. */
        NEWEST,
        /** Each snapshot once, in the order of arrival. */
        EACH_ONCE
    }

    /** Nothing is known. */
    VerifiableMixing UNKNOWN = () -> Trigger.UNKNOWN;

    /** When users mix. */
    Trigger trigger();

    /** Which of the messages that have arrived are mixed. */
    default Inputs inputs() {
        return Inputs.NEWEST;
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
     * Returns a calculator that recomputes one user's weights.
     *
     * @return null if the weights do not follow from the files, or follow from trust
     */
    default RowCalculator rows(Collaboration collaboration, int user) {
        return null;
    }
}
