package coterie.model.learn;

import coterie.model.trust.Snapshot;
import coterie.model.trust.TrustRow;
import java.util.List;

/**
 * What a turn brought.
 *
 * @param row the trust row that was mixed with; null where nothing was mixed
 * @param mixedHash hash of the parameters with which the turn began, where they were mixed or given; else 0
 * @param evaluations in the order of their iterations
 * @param trainingLoss mean cross-entropy over the turn's iterations, in nats; NaN where none was trained
 * @param tokens trained on
 * @param parameters the adapter at the turn's end [P]
 * @param hash of the parameters
 * @param snapshot what is published; null where the plan asked for none
 */
public record TurnOutcome(TrustRow row, long mixedHash, List<Evaluation> evaluations, double trainingLoss, long tokens, float[] parameters, long hash,
        Snapshot snapshot) {
    /**
     * Loss on the user's test set.
     *
     * @param iteration local iterations done
     * @param loss mean next-token cross-entropy, in nats
     */
    public record Evaluation(int iteration, double loss) {
        public double perplexity() {
            return Math.exp(loss);
        }
    }
}
