package coterie.model.aggregation;

import coterie.model.exchange.Snapshot;
import coterie.topology.settings.Component;
import java.util.List;

/**
 * The trust row applied as it stands: Σ_j w_j x_j (arXiv 2404.09753, Algorithm 1), added to the parameters before the
 * turn where updates are exchanged.
 *
 * <p>Worked example: weights 1/2, 1/4, 1/4 of (1, 0), (0, 1) and (1, 1) give (0.75, 0.5).
 */
@Component(name = "weighted-mean", about = "the sum of the candidates, each by its weight in the trust row")
public record WeightedMean() implements Aggregator {
    private static final int BLOCK = 2048;

    @Override
    public Aggregated aggregate(AggregationInput input) {
        return new Aggregated(sum(input.contributions(), input.size(), input.before()));
    }

    /**
     * Σ_j w_j x_j [P], summed in float64 and in the order of the contributions, so that users who mix the same get the
     * same bits.
     *
     * @param n number of parameters P
     * @param start is added [P], or null
     */
    static float[] sum(List<Contribution> contributions, int n, float[] start) {
        float[] out = new float[n];
        double[] block = new double[BLOCK];
        for (int from = 0; from < n; from += BLOCK) {
            int size = Math.min(BLOCK, n - from);
            for (int i = 0; i < size; i++) {
                block[i] = start == null ? 0 : start[from + i];
            }
            for (Contribution c : contributions) {
                if (c.weight() != 0) {
                    for (Snapshot s : c.snapshots()) {
                        add(block, s.values(), from, size, c.weight());
                    }
                }
            }
            for (int i = 0; i < size; i++) {
                out[from + i] = (float) block[i];
            }
        }
        return out;
    }

    private static void add(double[] block, float[] x, int from, int size, double w) {
        for (int i = 0; i < size; i++) {
            block[i] += w * x[from + i];
        }
    }
}
