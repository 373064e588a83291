package coterie.model.learn;

import coterie.model.exchange.PredictionChanges;
import coterie.model.exchange.Predictions;
import coterie.model.trust.TrustManager;

/**
 * A learner between two turns. Parts that a kind of learner does not have are null.
 *
 * @param parameters [P]
 * @param optimiser its state
 * @param before parameters from which the last published update was counted or, if training followed it or none was
 *     published, from which the next one will be [P]; null unless updates are exchanged
 * @param published whether the last turn was published
 * @param saved what a crash in the scenario goes back to
 * @param predicted predictions on the shared set
 * @param trust measurements of other users
 */
public record LearnerState(
        float[] parameters,
        Optimiser optimiser,
        float[] before,
        boolean published,
        Saved saved,
        Predicted predicted,
        TrustManager.State trust) {
    /**
     * Adam's state.
     *
     * @param expAvg first moment [P]
     * @param expAvgSq second moment [P]
     * @param updates number of updates so far
     */
    public record Optimiser(float[] expAvg, float[] expAvgSq, int updates) {}

    /**
     * A user's own save, see {@link TurnPlan.Saved}.
     *
     * @param before parameters from which the next update is counted [P]; null for {@code parameters}
     */
    public record Saved(float[] parameters, Optimiser optimiser, float[] before, Predicted predicted) {}

    /**
     * Predictions on the shared set.
     *
     * @param before those of the parameters that the next stretch of training begins with, if known
     * @param changes what all training so far has changed in them
     */
    public record Predicted(Predictions before, PredictionChanges changes) {}

    /** A state of parameters alone. */
    public static LearnerState of(float[] parameters) {
        return new LearnerState(parameters, null, null, false, null, null, null);
    }
}
