package coterie.model.trust;

import coterie.model.exchange.Snapshot;
import java.util.List;

/** Distances between the models of users. */
public final class Consensus {
    private Consensus() {}

    /** Returns the consensus distance (1/N) Σ_i ‖θ_i − θ̄‖₂ of N adapters [P]. */
    public static double distance(List<float[]> adapters) {
        int p = adapters.get(0).length;
        double[] mean = new double[p];
        for (float[] a : adapters) {
            for (int k = 0; k < p; k++) {
                mean[k] += a[k] / (double) adapters.size();
            }
        }
        double sum = 0;
        for (float[] a : adapters) {
            double square = 0;
            for (int k = 0; k < p; k++) {
                square += (a[k] - mean[k]) * (a[k] - mean[k]);
            }
            sum += Math.sqrt(square);
        }
        return sum / adapters.size();
    }

    /**
     * Returns the root mean square distance of the other candidates from a user, √(1/(n−1) Σ_j ‖θ_j − θ_self‖²) over n
     * snapshots [P]. It is computable without a server. On a complete graph with fresh snapshots the mean of its square
     * over users is 2N/(N−1) times the mean square distance from the mean.
     *
     * <p>Worked example: (3, 4) and (0, 5) are both at distance 5 from (0, 0), so the result is 5.
     *
     * @return NaN if there are no other candidates, or a snapshot is an update without parameters
     */
    public static double disagreement(List<Snapshot> candidates, int self) {
        if (candidates.size() < 2 || candidates.stream().anyMatch(c -> c.parameters() == null)) {
            return Double.NaN;
        }
        float[] own = candidates.get(self).parameters();
        double sum = 0;
        for (int j = 0; j < candidates.size(); j++) {
            float[] other = candidates.get(j).parameters();
            double square = 0;
            for (int k = 0; j != self && k < own.length; k++) {
                double d = other[k] - own[k];
                square += d * d;
            }
            sum += square;
        }
        return Math.sqrt(sum / (candidates.size() - 1));
    }
}
