package coterie.model.learn;

import coterie.model.trust.Collaborator;
import coterie.model.trust.PredictionChanges;
import coterie.model.trust.Predictions;

/**
 * A learner between two turns. What a kind of learner does not have is null.
 *
 * @param row parameters [P]
 * @param first Adam's first moment [P]
 * @param second its second moment [P]
 * @param before parameters with which the last turn began, where updates are exchanged [P]
 * @param updates done so far
 * @param saved what a crash in the scenario goes back to
 * @param predicted what it has predicted on the shared set
 * @param trust what is known of others
 */
public record LearnerState(float[] row, float[] first, float[] second, float[] before, int updates, Saved saved,
        Predicted predicted,
        Collaborator.State trust) {
    /** A user's own save, see {@link TurnPlan.Saved}. */
    public record Saved(float[] row, float[] first, float[] second, int updates, PredictionChanges changes) {
    }

    /**
     * Predictions on the shared set.
     *
     * @param before those that the next stretch of training begins with, where they are known
     * @param changes what all training has changed in them so far
     */
    public record Predicted(Predictions before, PredictionChanges changes) {
    }
}
