package coterie.model.trust;

import coterie.model.exchange.Snapshot;
import java.util.List;

/** Applies a trust row. */
public final class Mixing {
    private static final int BLOCK = 2048;

    private Mixing() {}

    /** What users send each other. */
    public enum Exchange {
        /** θ_i ← Σ_j w_ij θ_j, with θ_j the parameters after local training. */
        PARAMETERS,
        /**
         * θ_i ← θ_i before the turn + Σ_j w_ij Δθ_j, with Δθ_j = θ_j after − θ_j before its turn (the paper's Algorithm
         * 1).
         */
        UPDATES
    }

    /**
     * Σ_j w_j x_j [P], added up in float64 and in the order of the candidates, so that everybody who mixes the same
     * gets the same bits.
     *
     * @param start added in, or null
     */
    public static float[] sum(double[] weights, List<Snapshot> candidates, float[] start) {
        int n = candidates.get(0).values().length;
        float[] out = new float[n];
        double[] block = new double[BLOCK];
        for (int from = 0; from < n; from += BLOCK) {
            int size = Math.min(BLOCK, n - from);
            for (int i = 0; i < size; i++) {
                block[i] = start == null ? 0 : start[from + i];
            }
            for (int k = 0; k < weights.length; k++) {
                if (weights[k] != 0) {
                    add(block, candidates.get(k).values(), from, size, weights[k]);
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

    /** x − y, element by element. */
    public static float[] minus(float[] x, float[] y) {
        float[] out = new float[x.length];
        for (int i = 0; i < out.length; i++) {
            out[i] = x[i] - y[i];
        }
        return out;
    }
}
