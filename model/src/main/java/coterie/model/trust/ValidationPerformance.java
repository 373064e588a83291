package coterie.model.trust;

import coterie.model.exchange.Snapshot;
import coterie.topology.settings.Component;
import coterie.topology.settings.Setting;
import java.util.Arrays;
import java.util.List;

/**
 * Strategy 2, validation performance: w_ij = softmax_j(−s · L(θ_j; X_i^val)) (arXiv 2404.09753, equation 3), where L is
 * the mean next-token cross-entropy and s = 1 in the paper. {@link Fidelity#RELEASED} uses the perplexity exp(L)
 * instead of L, which makes the softmax nearly an argmax.
 *
 * <p>Worked example (paper): losses 3, 3, 4 give the row (0.422, 0.422, 0.155).
 *
 * <p>The loss is measured on a fixed part of the validation set, so that no snapshot is measured twice;
 * {@code RELEASED} draws new batches every time.
 */
@Component(
        name = "validation-performance",
        about = "S2: by the loss of others' parameters on the user's own validation data")
public record ValidationPerformance(
        @Setting(at = "trust.scale", own = true) Double scale,
        @Setting(at = "fidelity") Fidelity fidelity,
        @Setting(at = "trust") Selection selection)
        implements TrustStrategy {
    /** Coterie's default scale: a difference of 0.1 nats is a factor of e⁴. */
    private static final double STEEP = 40;

    /** @param scale s; null for 40 under {@link Fidelity#COTERIE}, otherwise 1 */
    public ValidationPerformance {
        if (scale == null) {
            scale = fidelity == Fidelity.COTERIE ? STEEP : 1.0;
        }
    }

    @Override
    public boolean lasting() {
        return fidelity != Fidelity.RELEASED;
    }

    @Override
    public double score(Snapshot own, Snapshot candidate, Probe probe) {
        return probe.validationLoss(candidate);
    }

    @Override
    public double[] scores(Snapshot own, List<Snapshot> candidates, Probe probe) {
        return probe.validationLosses(candidates);
    }

    @Override
    public double[] row(int me, int[] users, double[] scores) {
        return selection.row(
                me,
                users,
                Arrays.stream(scores)
                        .map(loss -> -scale * (fidelity == Fidelity.RELEASED ? StrictMath.exp(loss) : loss))
                        .toArray());
    }

    @Override
    public boolean needsParameters() {
        return true;
    }

    @Override
    public boolean needsValidationSet() {
        return true;
    }
}
