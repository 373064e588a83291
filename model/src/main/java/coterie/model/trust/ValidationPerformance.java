package coterie.model.trust;

import coterie.model.exchange.Snapshot;
import java.util.Arrays;

/**
 * Strategy 2, validation performance: w_ij = softmax_j(−s · L(θ_j; X_i^val)) (arXiv 2404.09753, equation 3), L being
 * the mean next-token cross-entropy and s 1 in the paper. {@link Fidelity#RELEASED} takes the perplexity exp(L) in L's
 * place, which is nearly an argmax.
 *
 * <p>Worked example (paper): losses 3, 3, 4 give the row (0.422, 0.422, 0.155).
 *
 * @param lasting whether a snapshot's loss is the same whenever it is measured: on a fixed validation set. Then no
 *     snapshot is measured twice
 */
public record ValidationPerformance(double scale, Fidelity fidelity, Selection selection, boolean lasting)
        implements TrustStrategy {
    public ValidationPerformance(double scale, Fidelity fidelity, Selection selection) {
        this(scale, fidelity, selection, false);
    }

    @Override
    public double evidence(Snapshot own, Snapshot candidate, Probe probe) {
        return probe.validationLoss(candidate);
    }

    @Override
    public double[] row(int me, int[] users, double[] evidence) {
        return selection.row(
                me,
                users,
                Arrays.stream(evidence)
                        .map(loss -> -scale * (fidelity == Fidelity.RELEASED ? StrictMath.exp(loss) : loss))
                        .toArray());
    }

    @Override
    public boolean needsParameters() {
        return true;
    }

    @Override
    public boolean takesForwardPass() {
        return true;
    }
}
