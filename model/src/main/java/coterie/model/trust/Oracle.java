package coterie.model.trust;

import coterie.topology.settings.Component;

/**
 * Trust by the true mixtures of categories, which are unknown in practice: w_ij = ⟨d_i, d_j⟩ / Σ_k ⟨d_i, d_k⟩, where
 * d_i is the mixture of user i (the "theoretical" trust of the paper).
 *
 * <p>Worked example: mixtures (3/4, 1/4), (1/4, 3/4), (3/4, 1/4) give products 5/8, 3/8, 5/8 for user 0, hence the row
 * (5/13, 3/13, 5/13).
 *
 * @param mixtures [N][categories], each row summing to 1; null until {@link #in}
 */
@Component(name = "oracle", about = "by the users' true mixtures of categories")
public record Oracle(double[][] mixtures) implements UnmeasuredStrategy {
    @Override
    public TrustStrategy in(TrustContext run) {
        return new Oracle(run.mixtures());
    }

    @Override
    public double[] row(int me, int[] users, double[] scores) {
        double[] w = new double[users.length];
        for (int k = 0; k < w.length; k++) {
            w[k] = dot(mixtures[me], mixtures[users[k]]);
        }
        return RowArithmetic.normalised(w);
    }

    private static double dot(double[] a, double[] b) {
        double s = 0;
        for (int c = 0; c < a.length; c++) {
            s += a[c] * b[c];
        }
        return s;
    }
}
