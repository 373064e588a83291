package coterie.model.learn;

import coterie.model.exchange.PredictionChanges;
import coterie.model.exchange.Predictions;

/**
 * The predictions on the shared set X_S that a user publishes, or their changes from its own training
 * ({@link PredictionChanges}). For changes it also predicts with the parameters with which training begins, unless they
 * result from its own training.
 */
final class SharedPredictions {
    /** The user's model. */
    interface Model {
        /** Predictions of the current parameters on the X_S of a turn. */
        Predictions predict(int turn);
    }

    private final boolean publishesChanges;
    private final Model model;
    /** Predictions of the parameters with which the next stretch of training begins; null if unknown. */
    private Predictions before;
    /** Changes from all stretches so far; null before the first. */
    private PredictionChanges changes;

    SharedPredictions(boolean publishesChanges, Model model) {
        this.publishesChanges = publishesChanges;
        this.model = model;
    }

    /** Called when the user's parameters have been replaced. */
    void moved() {
        before = null;
    }

    /** Whether {@link #trains} predicts. */
    boolean predictsBeforeTraining() {
        return publishesChanges && before == null;
    }

    /** Called when the user begins to train. */
    void trains(int turn) {
        if (predictsBeforeTraining()) {
            before = model.predict(turn);
        }
    }

    /**
     * What to publish at the end of a turn. If a prediction is not finite, returns the predictions and leaves the
     * changes unchanged.
     */
    Predictions publish(int turn) {
        Predictions now = model.predict(turn);
        if (!publishesChanges || !now.finite()) {
            return now;
        }
        changes = PredictionChanges.plus(changes, before, now);
        before = now;
        return changes.numbers();
    }

    LearnerState.Predicted state() {
        return new LearnerState.Predicted(before, changes);
    }

    /** @param s null for the start */
    void restore(LearnerState.Predicted s) {
        before = s == null ? null : s.before();
        changes = s == null ? null : s.changes();
    }
}
