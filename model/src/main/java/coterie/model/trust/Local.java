package coterie.model.trust;

import coterie.topology.settings.Component;

/** Local training without collaboration, the baseline: w_ii = 1. */
@Component(name = "local", about = "no exchange: each user trains on its own data")
public record Local() implements UnmeasuredStrategy {
    @Override
    public double[] row(int me, int[] users, double[] scores) {
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
