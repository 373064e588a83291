package coterie.model.protocol;

import java.util.List;

/**
 * SWIFT (Bornstein, Rabbani, Wang, Bedi, Huang, "SWIFT: Rapid Decentralized Federated Learning via Wait-Free Model
 * Communication", arXiv 2210.14026): x_i ← w_ii x_i + Σ_j w_ij x_j + Δ_i, with x_j the newest model that has come from
 * a neighbour, x_i the user's before its local steps, and Δ_i their change, applied in full. The weight of a neighbour
 * whose model never arrived is the user's own.
 *
 * <p>Worked example: w = (1/2, 1/2), x_0 = 1, heard x_1 = 5, Δ_0 = 0.5: 0.5 + 2.5 + 0.5 = 3.5.
 */
public final class Swift {
    private Swift() {}

    /**
     * Computes the user's next parameters [P].
     *
     * @param before x_i
     * @param after x_i + Δ_i
     * @param models x_j of the neighbours whose models have arrived
     * @param weights w_ij of each
     */
    public static float[] mix(float[] before, float[] after, List<float[]> models, double[] weights) {
        double own = 1;
        for (double w : weights) {
            own -= w;
        }
        float[] out = new float[before.length];
        for (int k = 0; k < out.length; k++) {
            double sum = own * before[k] + ((double) after[k] - before[k]);
            for (int j = 0; j < weights.length; j++) {
                sum += weights[j] * models.get(j)[k];
            }
            out[k] = (float) sum;
        }
        return out;
    }
}
