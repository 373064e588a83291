package coterie.model.trust;

import coterie.topology.settings.Component;

/**
 * Trust by the true mixtures of categories, which are unknown in practice: w_ij = ⟨d_i, d_j⟩ / Σ_k ⟨d_i, d_k⟩, where
 * d_i is the mixture of user i at the time of mixing (the "theoretical" trust of the paper).
 *
 * <p>Worked example: mixtures (3/4, 1/4), (1/4, 3/4), (3/4, 1/4) give products 5/8, 3/8, 5/8 for user 0, hence the row
 * (5/13, 3/13, 5/13).
 *
 * @param mixtures mixtures of all users; null until {@link #in}
 */
@Component(name = "oracle", about = "by the users' true mixtures of categories")
public record Oracle(UserMixtures mixtures) implements UnmeasuredStrategy {
    /** @param mixtures of users whose data does not change, [N][categories] */
    public static Oracle of(double[][] mixtures) {
        return new Oracle(UserMixtures.constant(mixtures));
    }

    @Override
    public TrustStrategy in(TrustContext run) {
        return new Oracle(run.users());
    }

    /** Returns the row at the beginning of the run. */
    @Override
    public double[] row(int me, int[] users, double[] scores) {
        return row(me, users, 0);
    }

    @Override
    public double[] row(int me, int[] users, double[] scores, double seconds) {
        return row(me, users, seconds);
    }

    /**
     * Returns the row of user {@code me}.
     *
     * @param users candidates in ascending order, including {@code me}
     * @param seconds virtual time of the mixing in seconds
     */
    public double[] row(int me, int[] users, double seconds) {
        return RowArithmetic.normalised(products(me, users, seconds));
    }

    private double[] products(int me, int[] users, double seconds) {
        double[] own = mixtures.at(me, seconds);
        double[] w = new double[users.length];
        for (int k = 0; k < w.length; k++) {
            w[k] = dot(own, mixtures.at(users[k], seconds));
        }
        return w;
    }

    /**
     * Returns the weights of a row as {@link #row(int, int[], double)} does, for any candidates: NaN if the user has no
     * category in common with any of them.
     */
    public double[] weights(int me, int[] users, double seconds) {
        double[] w = products(me, users, seconds);
        double sum = 0;
        for (double product : w) {
            sum += product;
        }
        for (int k = 0; k < w.length; k++) {
            w[k] /= sum;
        }
        return w;
    }

    /**
     * Returns the L1 distance of a user's trust row from the oracle's over the same candidates, Σ_k |w_k − w'_k|; NaN
     * if the user has no category in common with any of them.
     *
     * @param seconds virtual time of the mixing in seconds
     */
    public double distance(int me, TrustRow row, double seconds) {
        double[] w = weights(me, row.users(), seconds);
        double sum = 0;
        for (int k = 0; k < w.length; k++) {
            sum += Math.abs(row.weights()[k] - w[k]);
        }
        return sum;
    }

    private static double dot(double[] a, double[] b) {
        double s = 0;
        for (int c = 0; c < a.length; c++) {
            s += a[c] * b[c];
        }
        return s;
    }
}
