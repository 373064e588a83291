package coterie.model.learn;

import java.util.concurrent.CompletableFuture;

/** The one door between a user's life and its tensors. A learner belongs to one user and does one turn at a time. */
public interface Learner extends AutoCloseable {
    /**
     * Mixes, evaluates and trains, as the plan says, somewhere else than on the caller's thread. What comes out is a
     * function of the plan and of the turns before, and of nothing else: not of time, threads, or what other users do
     * meanwhile.
     *
     * @return what the turn brought; fails with the exception that stopped it
     */
    CompletableFuture<TurnOutcome> turn(TurnPlan plan);

    /**
     * The same, and what is known before the turn's end is told at once. A learner that does not do so tells everything
     * at the end.
     *
     * @param progress where it is told, and how soon it is needed: of several users' turns the one that is needed first
     *     should be computed first
     */
    default CompletableFuture<TurnOutcome> turn(TurnPlan plan, TurnProgress progress) {
        return turn(plan);
    }

    /**
     * Everything the user would have to know to go on from here elsewhere. No turn may be under way.
     *
     * @throws UnsupportedOperationException by learners whose runs cannot be resumed
     */
    default LearnerState state() {
        throw new UnsupportedOperationException(getClass().getSimpleName() + " keeps nothing to go on from");
    }

    /** Goes on from a state. No turn may be under way. */
    default void restore(LearnerState state) {
        throw new UnsupportedOperationException(getClass().getSimpleName() + " cannot go on from a state");
    }

    /** Frees what the user holds on its device. No turn may be under way. */
    @Override
    void close();
}
