package coterie.model.aggregation;

import coterie.model.exchange.Snapshot;
import coterie.topology.settings.Checks;
import coterie.topology.settings.Component;
import coterie.topology.settings.Setting;

/**
 * The point z with the least Σ_j w_j ‖z − x_j‖, by the smoothed Weiszfeld algorithm of RFA (Pillutla, Kakade,
 * Harchaoui, 2019, arXiv 1912.13445): from the weighted mean, v_j ∝ w_j / max(ν, ‖z − x_j‖) and z ← Σ_j v_j x_j, a few
 * times. The weights w_j are those of the trust row. With one or two candidates of equal weight it is their mean.
 *
 * <p>Outliers of less than half of the weight move z by a bounded distance, however far they are. Contributions that
 * are not finite are refused. O(P n iterations).
 *
 * <p>Worked example: 0, 0, 3 with equal weights and one iteration: the mean is 1, the distances are 1, 1 and 2, so that
 * the weights become 0.4, 0.4, 0.2 and the result is 0.6.
 */
@Component(name = "geometric-median", about = "the point with the least sum of distances from the candidates, by trust")
public record GeometricMedian(
        @Setting("3") int iterations, @Setting("1.0e-6") double smoothing) implements Reweighting {
    private static final int MOST_ITERATIONS = 1000;

    /**
     * @param iterations of Weiszfeld's algorithm
     * @param smoothing ν, the distance below which candidates are not told apart
     */
    public GeometricMedian {
        Checks.atLeast("iterations", iterations, 1);
        Checks.atMost("iterations", iterations, MOST_ITERATIONS);
        Checks.positive("smoothing", smoothing);
    }

    @Override
    public Influence reweigh(AggregationInput input) {
        Voters voters = Voters.of(input);
        float[][] x = voters.vectors();
        double[] trust = voters.weights().clone();
        double[] v = normalised(trust, voters.own());
        double[] distances = Distances.fromSum(x, v);
        if (!allFinite(distances)) {
            for (int j = 0; j < x.length; j++) {
                trust[j] = Snapshot.finite(x[j]) ? trust[j] : 0;
            }
            v = normalised(trust, voters.own());
            distances = Distances.fromSum(x, v);
        }
        for (int i = 0; i < iterations; i++) {
            distances = i == 0 ? distances : Distances.fromSum(x, v);
            for (int j = 0; j < x.length; j++) {
                v[j] = trust[j] / Math.max(smoothing, Math.sqrt(distances[j]));
            }
            v = normalised(v, voters.own());
        }
        return new Influence(voters.spread(v));
    }

    /** Weights with sum 1: all that of the user itself if they are 0. */
    private static double[] normalised(double[] weights, int own) {
        double sum = 0;
        for (double w : weights) {
            sum += w;
        }
        double[] out = new double[weights.length];
        for (int j = 0; j < out.length; j++) {
            out[j] = sum > 0 ? weights[j] / sum : j == own ? 1 : 0;
        }
        return out;
    }

    private static boolean allFinite(double[] x) {
        for (double each : x) {
            if (!Double.isFinite(each)) {
                return false;
            }
        }
        return true;
    }
}
