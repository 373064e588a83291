package coterie.model.learn;

import coterie.model.exchange.PredictionChanges;
import coterie.model.exchange.Predictions;

/**
 * What a user publishes of its predictions on the shared set X_S: the predictions, or what its own training has changed
 * in them ({@link PredictionChanges}). For the latter it also predicts before it trains on parameters that are not the
 * result of its own training.
 */
final class SharedPredictions {
    /** The user's model. */
    interface Model {
        /** Predictions of its present parameters on the X_S of a turn. */
        Predictions predict(int turn);
    }

    private final boolean publishesChanges;
    private final Model model;
    /** Predictions of the parameters that the next stretch of training begins with; null if not known. */
    private Predictions before;
    /** Of all stretches so far; null before the first. */
    private PredictionChanges changes;

    SharedPredictions(boolean publishesChanges, Model model) {
        this.publishesChanges = publishesChanges;
        this.model = model;
    }

    /** The user's parameters were replaced, not trained. */
    void moved() {
        before = null;
    }

    /** The user begins to train. */
    void trains(int turn) {
        if (publishesChanges && before == null) {
            before = model.predict(turn);
        }
    }

    /**
     * What to publish at the end of a turn. If a prediction is not finite, these are the predictions, and the changes
     * stay as they are.
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
