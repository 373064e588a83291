package coterie.model.trust;

import coterie.model.exchange.Predictions;
import coterie.model.exchange.Snapshot;
import java.util.Arrays;

/**
 * Prediction similarity by the distance of logits, strategy 3 of the paper: w_ij = softmax_j(−s · d_ij), where d_ij =
 * ‖f_i(X_S) − f_j(X_S)‖₁ is scaled by a {@link Normalise} (arXiv 2404.09753, equation 4; f are logits, here the k
 * largest).
 *
 * <p>The unscaled norm is a sum over thousands of positions, so that its softmax gives all weight to the user itself.
 * The paper does not address this. The released code divides each row by its sum and multiplies by ten, which makes
 * trust depend on the number of users.
 *
 * <p>Worked example: distances 0, 2, 4 with {@link Normalise#MEAN} are divided by their mean over the other users, 3,
 * and with s = 3 give the scores 0, −2, −4 and the row (0.867, 0.117, 0.016). With {@link Normalise#ROW} and s = 10 the
 * scores are 0, −10/3, −20/3 and the row is (0.964, 0.034, 0.001).
 */
public record LogitSimilarity(double scale, Normalise normalise, Predictions.Missing missing, Selection selection)
        implements TrustStrategy {
    /** The divisor of a row of distances. */
    public enum Normalise {
        /** 1: equation 4 as published. */
        NONE,
        /** The number of positions. */
        POSITIONS,
        /** The sum of the row, as in the released code. */
        ROW,
        /** The mean over the other users, which is independent of their number. */
        MEAN
    }

    @Override
    public double score(Snapshot own, Snapshot candidate, Probe probe) {
        double distance =
                candidate.user() == own.user() ? 0 : own.predictions().distance(candidate.predictions(), missing);
        return normalise == Normalise.POSITIONS ? distance / own.predictions().positions() : distance;
    }

    @Override
    public double[] row(int me, int[] users, double[] scores) {
        double sum = Arrays.stream(scores).filter(d -> !Double.isNaN(d)).sum();
        long known = Arrays.stream(scores).filter(d -> !Double.isNaN(d)).count();
        double unit = switch (normalise) {
            case NONE, POSITIONS -> 1;
            case ROW -> sum;
            case MEAN -> sum / Math.max(1, known - 1);
        };
        return selection.row(
                me,
                users,
                Arrays.stream(scores)
                        .map(d -> Double.isNaN(d) ? d : unit > 0 ? -scale * d / unit : 0)
                        .toArray());
    }

    @Override
    public PredictionForm predictions() {
        return PredictionForm.LOGITS;
    }
}
