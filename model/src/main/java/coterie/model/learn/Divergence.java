package coterie.model.learn;

import java.util.Locale;

/**
 * Training with values that are no longer finite.
 *
 * @param iteration local iterations done when it was detected
 * @param symptom which value was not finite
 */
public record Divergence(int iteration, Symptom symptom) {
    /** The value that was not finite. The order is part of the checkpoint format: append, never reorder. */
    public enum Symptom {
        /** The loss of a training step. */
        TRAINING_LOSS,
        /** A metric on the test set. */
        EVALUATION,
        /** The parameters at the end of a turn, or their change in the turn. */
        PARAMETERS,
        /** Logits on the shared set. */
        PREDICTIONS,
        /** A protocol's mixture of the user's own parameters with others'. */
        MIXTURE;

        /** As result files and messages name it. */
        public String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }
}
