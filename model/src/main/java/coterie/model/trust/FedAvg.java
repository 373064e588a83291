package coterie.model.trust;

import java.util.Arrays;

/**
 * All alike: w_ij = 1/n over oneself and those heard from (McMahan et al., arXiv 1602.05629, without a server; on a
 * sparse graph uniform over oneself and one's in-neighbours).
 *
 * <p>With a fine-tune share s it is FedAvg-then-local: the last s of the iterations are local, on the last s of the
 * training data, which FedAvg never saw.
 *
 * <p>Worked example: heard from two, the row is (1/3, 1/3, 1/3).
 */
public record FedAvg(double fineTuneShare) implements UnmeasuredStrategy {
    public FedAvg {
        if (!(fineTuneShare >= 0 && fineTuneShare < 1)) {
            throw new IllegalArgumentException("fine_tune_share must lie in [0, 1), found " + fineTuneShare);
        }
    }

    @Override
    public double[] row(int me, int[] users, double[] evidence) {
        double[] w = new double[users.length];
        Arrays.fill(w, 1.0 / w.length);
        return w;
    }
}
