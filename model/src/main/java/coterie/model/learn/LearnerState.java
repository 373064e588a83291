package coterie.model.learn;

import coterie.model.exchange.PredictionChanges;
import coterie.model.exchange.Predictions;
import coterie.model.trust.TrustManager;

/**
 * A learner between two turns. What a kind of learner does not have is null.
 *
 * @param row parameters [P]
 * @param expAvg Adam's first moment [P]
 * @param expAvgSq its second moment [P]
 * @param before parameters from which the update that was published last was counted, or, where training came after it
 *     or none was published, the next one is [P]; kept where updates are exchanged
 * @param published whether the last turn was
 * @param updates done so far
 * @param saved what a crash in the scenario goes back to
 * @param predicted what it has predicted on the shared set
 * @param trust what is known of others
 */
public record LearnerState(
        float[] row,
        float[] expAvg,
        float[] expAvgSq,
        float[] before,
        boolean published,
        int updates,
        Saved saved,
        Predicted predicted,
        TrustManager.State trust) {
    /**
     * A user's own save, see {@link TurnPlan.Saved}.
     *
     * @param before parameters from which the next update is counted [P]; null for {@code row}
     */
    public record Saved(
            float[] row, float[] expAvg, float[] expAvgSq, float[] before, int updates, Predicted predicted) {}

    /**
     * Predictions on the shared set.
     *
     * @param before those that the next stretch of training begins with, where they are known
     * @param changes what all training has changed in them so far
     */
    public record Predicted(Predictions before, PredictionChanges changes) {}
}
