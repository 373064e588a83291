package coterie.model.trust;

import java.util.List;

/** Nobody but oneself: w_ii = 1. Local training, the baseline without collaboration. */
public record Local() implements TrustStrategy {
    @Override
    public double[] row(int me, List<Snapshot> candidates, Probe probe) {
        double[] w = new double[candidates.size()];
        for (int k = 0; k < w.length; k++) {
            w[k] = candidates.get(k).user() == me ? 1 : 0;
        }
        return w;
    }

    @Override
    public boolean communicates() {
        return false;
    }
}
