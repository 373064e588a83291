package coterie.actors.protocol;

import coterie.actors.message.Message;
import coterie.model.learn.TurnOutcome;
import coterie.model.learn.TurnPlan;
import coterie.model.trust.TrustRow;
import coterie.model.utility.UtilityRow;

/**
 * One user's side of a {@link Protocol}: what it sends, what it waits for, and what its next turn begins from. The
 * user's process decides when a method is called. Plain code without threads or clocks: time is passed in as ticks.
 */
public interface Participant {
    /**
     * The end of a turn.
     *
     * @param began tick at which the turn began
     * @param takesPart whether the user publishes and mixes
     */
    record TurnEnd(long tick, long began, int turn, TurnOutcome outcome, boolean takesPart) {}

    /**
     * Takes the initial parameters [P]. Called once before the first turn, only if {@link Protocol#needsStart}.
     *
     * @param parameters must not be changed
     */
    default void started(float[] parameters) {}

    /**
     * Called at the end of each turn.
     *
     * @throws DivergedException if what it would send or mix is not finite
     */
    void turnEnded(TurnEnd end);

    /** Whether the next turn may begin. Called after the end of each turn and after each arrival. */
    boolean ready();

    /**
     * Begins the next turn: mixes, and returns what the turn begins from.
     *
     * @param ended number of the turn that has ended
     * @throws DivergedException if the mixture is not finite
     */
    TurnPlan.Beginning beginTurn(long tick, int ended);

    /**
     * Called when a message arrives.
     *
     * @param available false if the user is away or its device is down, so that it can neither keep it nor reply
     * @throws DivergedException if the mixture is not finite
     */
    void arrived(Message message, boolean available);

    /**
     * Called with the outcome of a turn, before {@link #turnEnded}: records the mixing with which the turn began, if it
     * has not been recorded yet.
     */
    default void computed(TurnOutcome outcome) {}

    /** Whether {@link #rowKnown} is to be called as soon as the row of the current turn is known. */
    default boolean awaitsRow() {
        return false;
    }

    /**
     * Called when the trust row with which the current turn was mixed is known.
     *
     * @param utility what was measured of neighbours at the mixing; null for nothing
     */
    default void rowKnown(TrustRow row, UtilityRow utility) {}

    /** Called when the user goes away for ever or its device fails. */
    default void left(long tick, int turn) {}

    /** Called when the user's device has saved its parameters, for a restart after a failure. */
    default void deviceSaved() {}

    /**
     * Called when the user restarts from its device's last save.
     *
     * @param turn that begins
     * @param parameters of the save [P]; null if it is the start and the protocol does not need it
     */
    void deviceRestarted(long tick, int turn, float[] parameters);

    /** Drops messages that were received and not mixed. */
    void dropReceived();

    /**
     * Whether the user may send messages when a message arrives, and not only at the beginning and end of turns. Limits
     * how far users may advance independently; must not change during a run.
     */
    default boolean sendsOnArrival() {
        return false;
    }

    /** The user's final parameters [P]; null for those of its last turn. */
    default float[] finalParameters() {
        return null;
    }

    /**
     * The state for a checkpoint: a record or a {@link coterie.model.files.FieldState}. It is written before the next
     * call of another method, so that it may be the live state itself.
     */
    Object state();

    /** Restores what {@link #state} returned. Called instead of {@link #started}. */
    void restore(Object state);

    /** Describes what the user waits for, for the message about a run that is stuck. */
    default String waitsFor() {
        return "others";
    }
}
