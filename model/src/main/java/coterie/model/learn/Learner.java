package coterie.model.learn;

import java.util.concurrent.CompletableFuture;

/** Trains one user's model. All access to a user's tensors goes through its learner, which does one turn at a time. */
public interface Learner extends AutoCloseable {
    /**
     * Computes a turn: mixes, evaluates and trains as the plan says. The outcome depends on the plan and on earlier
     * turns only, and not on time, on threads or on other users.
     *
     * @return the outcome; completes exceptionally with the exception that stopped the turn
     */
    CompletableFuture<TurnOutcome> turn(TurnPlan plan);

    /**
     * Computes a turn and reports intermediate results as soon as they are known. By default everything is reported at
     * the end.
     *
     * @param progress receives intermediate results, and says how soon they are needed: among several users' turns the
     *     one that is due first should be computed first
     */
    default CompletableFuture<TurnOutcome> turn(TurnPlan plan, TurnProgress progress) {
        return turn(plan);
    }

    /**
     * The state for a checkpoint. No turn may be under way.
     *
     * @throws UnsupportedOperationException if the learner does not support checkpoints
     */
    default LearnerState state() {
        throw new UnsupportedOperationException(getClass().getSimpleName() + " keeps nothing to go on from");
    }

    /** Restores a state. No turn may be under way. */
    default void restore(LearnerState state) {
        throw new UnsupportedOperationException(getClass().getSimpleName() + " cannot go on from a state");
    }

    /** Frees the user's memory on its device. No turn may be under way. */
    @Override
    void close();
}
