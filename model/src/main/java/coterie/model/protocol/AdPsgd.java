package coterie.model.protocol;

/**
 * AD-PSGD (Lian, Zhang, Zhang, Liu, "Asynchronous Decentralized Parallel Stochastic Gradient Descent", arXiv
 * 1710.06952): a user computes its update Δ on parameters x; two neighbours average, x_i, x_j ← (x_i + x_j) / 2; then
 * the update is applied to the average, x ← x + Δ, although it was computed on older parameters.
 *
 * <p>Worked example: x_0 = 1, x_1 = 5, Δ_0 = 0.5. After the averaging both have 3, user 0 then 3.5. The sum of all
 * parameters changes by Δ alone.
 */
public final class AdPsgd {
    private AdPsgd() {}

    /** (x + y) / 2, with the same bits in either order. */
    public static float[] average(float[] x, float[] y) {
        float[] out = new float[x.length];
        for (int k = 0; k < out.length; k++) {
            out[k] = (float) (((double) x[k] + y[k]) / 2);
        }
        return out;
    }

    /** x + (after − before): applies an update that was computed on other parameters. */
    public static float[] apply(float[] x, float[] before, float[] after) {
        if (x == before) {
            // Without an averaging since: exactly what was trained.
            return after;
        }
        float[] out = new float[x.length];
        for (int k = 0; k < out.length; k++) {
            out[k] = (float) ((double) x[k] + ((double) after[k] - before[k]));
        }
        return out;
    }
}
