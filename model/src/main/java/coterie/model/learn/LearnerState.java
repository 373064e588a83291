package coterie.model.learn;

import coterie.model.exchange.PredictionChanges;
import coterie.model.exchange.Predictions;
import coterie.model.trust.TrustManager;

/**
 * The state of a learner between two turns. Parts that a learner does not have are null.
 *
 * @param parameters [P]
 * @param optimiser the optimiser's state
 * @param before parameters that the last published update is the difference from or, if training followed it or none
 *     was published, that the next update will be the difference from [P]; null unless updates are exchanged
 * @param published whether the last turn was published
 * @param saved the device's last save, for restarts after a failure
 * @param predicted predictions on the shared set
 * @param trust scores of other users
 */
public record LearnerState(
        float[] parameters,
        Optimiser optimiser,
        float[] before,
        boolean published,
        DeviceSave saved,
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
     * What a device has saved, see {@link TurnPlan.LastSave}.
     *
     * @param before parameters that the next update is the difference from [P]; null for {@code parameters}
     */
    public record DeviceSave(float[] parameters, Optimiser optimiser, float[] before, Predicted predicted) {}

    /**
     * Predictions on the shared set.
     *
     * @param before predictions of the parameters with which the next stretch of training begins; null if unknown
     * @param changes changes of the predictions from all training so far
     */
    public record Predicted(Predictions before, PredictionChanges changes) {}

    /** A state of parameters alone. */
    public static LearnerState of(float[] parameters) {
        return new LearnerState(parameters, null, null, false, null, null, null);
    }
}
