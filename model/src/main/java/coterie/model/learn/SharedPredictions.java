package coterie.model.learn;

import coterie.model.exchange.PredictionChanges;
import coterie.model.exchange.Predictions;

/**
 * What a user publishes of its predictions on X_S: the predictions themselves, or what its own training has changed in
 * them ({@link PredictionChanges}). For the latter it predicts before it trains on parameters that training has not
 * left, and remembers.
 */
final class SharedPredictions {
    /** The user's model as it is now. */
    interface Model {
        /** @param turn the turn under way */
        Predictions predict(TokenWindows windows, int turn);
    }

    private final SharedWindows windows;
    private final boolean publishesChanges;
    private final Model model;
    /** Predictions of the parameters that the next stretch of training begins with; null where they are not known. */
    private Predictions before;
    /** Of all stretches so far; null before the first. */
    private PredictionChanges changes;

    SharedPredictions(SharedWindows windows, boolean publishesChanges, Model model) {
        this.windows = windows;
        this.publishesChanges = publishesChanges;
        this.model = model;
    }

    /** The user's parameters have become others, not by training. */
    void moved() {
        before = null;
    }

    /** The user begins to train. */
    void trains(int turn) {
        if (publishesChanges && before == null) {
            before = model.predict(windows.at(turn), turn);
        }
    }

    /**
     * What to publish at the end of a turn. Where a prediction is not finite, that is what it gives, and the changes
     * stay as they are.
     */
    Predictions publish(int turn) {
        Predictions now = model.predict(windows.at(turn), turn);
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
