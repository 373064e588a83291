package coterie.model.trust;

import java.util.List;

/**
 * Strategy 2, validation performance: w_ij = softmax_j(−s · L(θ_j; X_i^val)) (arXiv 2404.09753, equation 3), L being the mean next-token
 * cross-entropy and s 1 in the paper. {@link Fidelity#RELEASED} takes the perplexity exp(L) in L's place, which is nearly an argmax.
 *
 * <p>Worked example (paper): losses 3, 3, 4 give the row (0.422, 0.422, 0.155).
 */
public record ValidationPerformance(double scale, Fidelity fidelity, Selection selection) implements TrustStrategy {
    @Override
    public double[] row(int me, List<Snapshot> candidates, Probe probe) {
        double[] scores = new double[candidates.size()];
        for (int k = 0; k < scores.length; k++) {
            double loss = probe.validationLoss(candidates.get(k));
            scores[k] = -scale * (fidelity == Fidelity.PAPER ? loss : StrictMath.exp(loss));
        }
        return selection.row(me, candidates, scores);
    }
}
