package coterie.actors.user;

import coterie.model.learn.TurnOutcome;
import coterie.model.learn.TurnPlan;
import coterie.model.trust.TrustRow;

/**
 * One user's side of a protocol: what it sends, what it waits for, what its next turn begins from. {@link UserProcess}
 * decides when. Plain code that looks at no clock; whoever calls it tells it the tick.
 */
interface Protocol {
    /**
     * A turn has ended.
     *
     * @param began tick at which it began
     * @param takesPart whether the user publishes and mixes
     */
    void ended(long tick, long began, int turn, TurnOutcome outcome, boolean takesPart);

    /** Whether the next turn may begin; asked after every turn's end and arrival. */
    boolean ready();

    /**
     * What the next turn begins from; the user goes on now.
     *
     * @param turn that has ended
     */
    TurnPlan.Beginning begin(long tick, int turn);

    /**
     * Something has arrived.
     *
     * @param here whether the user is up and present: otherwise it cannot act on it
     */
    void arrived(Message m, boolean here);

    /**
     * A computation has brought its result: tells of the mixing with which it began, where that has not been told yet.
     */
    default void report(TurnOutcome outcome) {}

    /**
     * Whether something is to be said of the mixing with which the turn under way began, as soon as its row is known.
     */
    default boolean awaitsRow() {
        return false;
    }

    /** The row with which the turn under way has mixed is known. */
    default void mixed(TrustRow row) {}

    /** Its user is gone until further notice, or for ever. */
    default void left(long tick, int turn) {}

    /** Its user has been saved, as it is now. */
    default void saved() {}

    /**
     * Its user begins again from its save.
     *
     * @param parameters of the save [P]; null for the start
     */
    void restored(long tick, int turn, float[] parameters);

    /** Whether a user may send something whenever something arrives. */
    default boolean answers() {
        return false;
    }

    /** Whether it must know the parameters with which its user starts before the first turn. */
    default boolean needsStart() {
        return false;
    }

    /** The parameters with which its user starts. */
    default void started(float[] parameters) {}

    /** Whether its user only answers others and lives no turns. */
    default boolean serves() {
        return false;
    }

    /** What its user ends with, where that is not what it trained last; null otherwise. */
    default float[] result() {
        return null;
    }

    /** Lets go of all that others have sent. */
    void forget();

    /** What it knows, for a checkpoint. */
    UserState.ProtocolState state();

    /** Knows what a state says. */
    void resume(UserState.ProtocolState state);

    /** Of whom it waits to hear, in words; for the report of a run that is stuck. */
    default String waitsFor() {
        return "others";
    }
}
