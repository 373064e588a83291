package coterie.model.learn;

import java.util.Locale;

/**
 * Training that has left the finite numbers.
 *
 * @param iteration local iterations done when it showed
 * @param symptom by what it showed
 */
public record Divergence(int iteration, Symptom symptom) {
    /** What was not finite. The order is part of every checkpoint: append, never reorder. */
    public enum Symptom {
        /** The loss of a training step. */
        TRAINING_LOSS,
        /** A metric on the test set. */
        EVALUATION,
        /** The adapter at a turn's end, or what it has changed in the turn. */
        PARAMETERS,
        /** Logits on the shared set. */
        PREDICTIONS,
        /** What a protocol makes of one's own parameters and others'. */
        MIXTURE;

        /** As result files and messages name it. */
        public String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }
}
