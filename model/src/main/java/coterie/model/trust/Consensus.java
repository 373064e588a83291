package coterie.model.trust;

import java.util.List;

/** How far users are from one another. */
public final class Consensus {
    private Consensus() {
    }

    /** Consensus distance (1/N) Σ_i ‖θ_i − θ̄‖₂ of N adapters [P]. */
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
}
