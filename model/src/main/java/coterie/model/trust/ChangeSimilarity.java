package coterie.model.trust;

import coterie.model.exchange.PredictionChanges;
import coterie.model.exchange.Snapshot;

/**
 * Prediction similarity by what training has changed: w_ij ∝ max(0, c_ij)^s, c_ij being the cosine of the two users'
 * {@link PredictionChanges} on the shared set. Coterie's form of strategy 3 of arXiv 2404.09753.
 *
 * <p>A cosine has a zero and a one of its own: it needs no unit, and does not depend on how many users there are or how
 * far they have come. Mixing does not make it grow. A change is part what the data of its kind have in common and part
 * what only this user's data have. So oneself counts no more than the most similar other, but at least as a user half
 * of whose change is common, c = 1/2: where all others are foreign, a user keeps to itself.
 *
 * <p>Worked example: cosines 0.6 and 0.4 of two others, s = 8: oneself counts 0.6, the powers are 1, 1 and 0.039 of
 * oneself's, the row (0.490, 0.490, 0.019). Of cosines 0.35 and 0.35 the row is (0.897, 0.052, 0.052).
 */
public record ChangeSimilarity(double scale, Selection selection) implements TrustStrategy {
    /** As what oneself counts at least. */
    private static final double LEAST_OWN = 0.5;

    @Override
    public double evidence(Snapshot own, Snapshot candidate, Probe probe) {
        return candidate.user() == own.user()
                ? 1
                : PredictionChanges.cosine(own.predictions(), candidate.predictions());
    }

    @Override
    public double[] row(int me, int[] users, double[] evidence) {
        double own = LEAST_OWN;
        for (int k = 0; k < users.length; k++) {
            if (users[k] != me && evidence[k] > own) {
                own = evidence[k];
            }
        }
        double[] scores = new double[users.length];
        for (int k = 0; k < users.length; k++) {
            double c = users[k] == me ? own : evidence[k];
            scores[k] = Double.isNaN(c) ? c : scale * StrictMath.log(Math.max(0, c));
        }
        return selection.row(me, users, scores);
    }

    @Override
    public PredictionForm predictions() {
        return PredictionForm.CHANGES;
    }
}
