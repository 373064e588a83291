package coterie.model.trust;

import java.util.List;

/**
 * Strategy 3, prediction similarity: w_ij = softmax_j(−s · d_ij), d_ij = ‖f_i(X_S) − f_j(X_S)‖₁ made comparable by a {@link Normalise}
 * (arXiv 2404.09753, equation 4; f are logits, here the k largest).
 *
 * <p>The plain norm sums over thousands of positions, so that a softmax of it gives oneself everything; the paper does not say what was done
 * about it, the released code divides each row by its sum and multiplies by ten, so that trust depends on the number of users.
 *
 * <p>Worked example: distances 0, 2, 4 with {@link Normalise#MEAN} are divided by their mean over the others, 3, and with s = 3 give the scores
 * 0, −2, −4 and the row (0.867, 0.117, 0.016). With {@link Normalise#ROW} and s = 10: 0, −10/3, −20/3, the row (0.964, 0.034, 0.001).
 */
public record PredictionSimilarity(double scale, Normalise normalise, Predictions.Missing missing, Selection selection) implements TrustStrategy {
    /** By what a row of distances is divided. */
    public enum Normalise {
        /** Nothing: equation 4 to the letter. */
        NONE,
        /** The number of positions. */
        POSITIONS,
        /** The row's sum, as in the released code. */
        ROW,
        /** The mean over the other users: independent of how many there are. */
        MEAN
    }

    @Override
    public double[] row(int me, List<Snapshot> candidates, Probe probe) {
        Snapshot own = candidates.stream().filter(c -> c.user() == me).findFirst().orElseThrow();
        double[] distance = new double[candidates.size()];
        double sum = 0;
        for (int k = 0; k < distance.length; k++) {
            distance[k] = candidates.get(k).user() == me ? 0 : own.predictions().distance(candidates.get(k).predictions(), missing);
            sum += distance[k];
        }
        double unit = switch (normalise) {
            case NONE -> 1;
            case POSITIONS -> own.predictions().positions();
            case ROW -> sum;
            case MEAN -> sum / Math.max(1, distance.length - 1);
        };
        double[] scores = new double[distance.length];
        for (int k = 0; k < scores.length; k++) {
            scores[k] = unit > 0 ? -scale * distance[k] / unit : 0;
        }
        return selection.row(me, candidates, scores);
    }

    @Override
    public boolean needsPredictions() {
        return true;
    }
}
