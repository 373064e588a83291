package coterie.model.trust;

/** Nobody but oneself: w_ii = 1. Local training, the baseline without collaboration. */
public record Local() implements UnmeasuredStrategy {
    @Override
    public double[] row(int me, int[] users, double[] evidence) {
        double[] w = new double[users.length];
        for (int k = 0; k < w.length; k++) {
            w[k] = users[k] == me ? 1 : 0;
        }
        return w;
    }

    @Override
    public boolean communicates() {
        return false;
    }
}
