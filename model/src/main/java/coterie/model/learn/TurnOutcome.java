package coterie.model.learn;

import coterie.model.exchange.Snapshot;
import coterie.model.trust.TrustRow;
import coterie.model.utility.UtilityRow;
import java.util.List;

/**
 * The outcome of a turn.
 *
 * @param row the trust row of the mixing; null if nothing was mixed
 * @param mixedHash hash of the parameters with which the turn began if they were mixed or given; otherwise 0
 * @param evaluations in the order of their iterations
 * @param trainingLoss mean cross-entropy over the turn's iterations, in nats; NaN where none was trained
 * @param tokens trained on
 * @param parameters the adapter at the turn's end [P]
 * @param hash of the parameters
 * @param snapshot what is published; null where the plan asked for none
 * @param utility what was measured of neighbours at the mixing; null if nothing was
 * @param divergence where training has diverged; then there are neither parameters nor a snapshot, and all that was
 *     evaluated before is here. Otherwise null
 */
public record TurnOutcome(
        TrustRow row,
        long mixedHash,
        List<Evaluation> evaluations,
        double trainingLoss,
        long tokens,
        float[] parameters,
        long hash,
        Snapshot snapshot,
        UtilityRow utility,
        Divergence divergence) {
    /** The outcome of a turn without divergence. */
    public TurnOutcome(
            TrustRow row,
            long mixedHash,
            List<Evaluation> evaluations,
            double trainingLoss,
            long tokens,
            float[] parameters,
            long hash,
            Snapshot snapshot) {
        this(row, mixedHash, evaluations, trainingLoss, tokens, parameters, hash, snapshot, null, null);
    }

    /** The outcome of a turn in which training has diverged. */
    public static TurnOutcome diverged(
            TrustRow row, long mixedHash, List<Evaluation> evaluations, Divergence divergence) {
        return new TurnOutcome(row, mixedHash, evaluations, Double.NaN, 0, null, 0, null, null, divergence);
    }

    /** Returns the outcome with what was measured of neighbours at the mixing; null for nothing. */
    public TurnOutcome withUtility(UtilityRow measured) {
        return new TurnOutcome(
                row, mixedHash, evaluations, trainingLoss, tokens, parameters, hash, snapshot, measured, divergence);
    }

    /**
     * Returns the outcome without the first evaluations.
     *
     * @param n number of evaluations to leave out
     */
    public TurnOutcome withoutEvaluations(int n) {
        return n == 0
                ? this
                : new TurnOutcome(
                        row,
                        mixedHash,
                        List.copyOf(evaluations.subList(n, evaluations.size())),
                        trainingLoss,
                        tokens,
                        parameters,
                        hash,
                        snapshot,
                        utility,
                        divergence);
    }

    /**
     * Metrics on the user's test set.
     *
     * @param iteration local iterations done
     * @param values in the order of the task's metrics, the loss first
     */
    public record Evaluation(int iteration, List<Double> values) {
        /** The first value. */
        public double loss() {
            return values.get(0);
        }

        /** Whether all values are finite. */
        public boolean isFinite() {
            return values.stream().allMatch(Double::isFinite);
        }
    }
}
