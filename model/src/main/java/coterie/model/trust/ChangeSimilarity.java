package coterie.model.trust;

import coterie.model.exchange.PredictionChanges;
import coterie.model.exchange.Snapshot;

/**
 * Prediction similarity by the changes from training: w_ij ∝ max(0, c_ij)^s, where c_ij is the cosine of the two users'
 * {@link PredictionChanges} on the shared set. Coterie's variant of strategy 3 of arXiv 2404.09753.
 *
 * <p>A cosine is dimensionless and independent of the number of users and of training progress, and mixing does not
 * increase it. A change consists of a part common to users with similar data and a part specific to the user. The
 * user's own score is therefore that of the most similar other user, but at least c = 1/2, the cosine of a change of
 * which half is common: if no other user is similar, the user keeps most of its own weight.
 *
 * <p>Worked example: cosines 0.6 and 0.4 of two others, s = 8. The own score is 0.6, the powers relative to it are 1, 1
 * and 0.039, the row is (0.490, 0.490, 0.019). For cosines 0.35 and 0.35 the row is (0.897, 0.052, 0.052).
 *
 * @param scale s
 * @param selection selection of candidates
 */
public record ChangeSimilarity(double scale, Selection selection) implements TrustStrategy {
    /** The minimum of the own score. */
    private static final double LEAST_OWN = 0.5;

    @Override
    public double score(Snapshot own, Snapshot candidate, Probe probe) {
        return candidate.user() == own.user()
                ? 1
                : PredictionChanges.cosine(own.predictions(), candidate.predictions());
    }

    @Override
    public double[] row(int me, int[] users, double[] scores) {
        double own = LEAST_OWN;
        for (int k = 0; k < users.length; k++) {
            if (users[k] != me && scores[k] > own) {
                own = scores[k];
            }
        }
        double[] powers = new double[users.length];
        for (int k = 0; k < users.length; k++) {
            double c = users[k] == me ? own : scores[k];
            powers[k] = Double.isNaN(c) ? c : scale * StrictMath.log(Math.max(0, c));
        }
        return selection.row(me, users, powers);
    }

    @Override
    public PredictionForm predictions() {
        return PredictionForm.CHANGES;
    }
}
