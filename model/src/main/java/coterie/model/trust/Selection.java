package coterie.model.trust;

import coterie.topology.settings.Setting;
import java.util.Arrays;

/**
 * Converts scores to a row by a softmax over all candidates or only the most trusted. The user itself is always kept.
 *
 * <p>Worked example: scores (0, ln 2, ln 5) of users 0, 1, 2 give user 0 the row (1/8, 2/8, 5/8); with {@code topK} 2
 * it keeps itself and user 2: (1/6, 0, 5/6).
 *
 * @param topK number of candidates kept, including the user; 0 keeps all
 * @param threshold scores below it are dropped; −∞ or null keeps all
 */
public record Selection(
        @Setting(at = "top_k", own = true) int topK,
        @Setting(own = true) Double threshold) {
    /** The softmax over all candidates. */
    public static final Selection ALL = new Selection(0, Double.NEGATIVE_INFINITY);

    public Selection {
        threshold = threshold == null ? Double.valueOf(Double.NEGATIVE_INFINITY) : threshold;
        if (topK < 0) {
            throw new IllegalArgumentException("top_k must not be negative (0 keeps all), found " + topK);
        }
        if (Double.isNaN(threshold)) {
            throw new IllegalArgumentException("threshold must be a number, found " + threshold);
        }
    }

    /**
     * Returns the row of user {@code me} for the candidates' scores; NaN is an unknown score. If no score is known, the
     * user gets weight 1.
     */
    public double[] row(int me, int[] users, double[] scores) {
        double[] kept = new double[scores.length];
        Arrays.fill(kept, Double.NEGATIVE_INFINITY);
        int room = topK == 0 ? scores.length : topK;
        for (int k = 0; k < scores.length; k++) {
            if (users[k] == me) {
                kept[k] = scores[k];
                room--;
            }
        }
        for (int k : RowArithmetic.descending(scores)) {
            if (room > 0 && kept[k] == Double.NEGATIVE_INFINITY && scores[k] >= threshold) {
                kept[k] = scores[k];
                room--;
            }
        }
        boolean none = true;
        for (int k = 0; k < kept.length; k++) {
            kept[k] = kept[k] == Double.POSITIVE_INFINITY ? Double.MAX_VALUE : kept[k];
            none &= Double.isNaN(kept[k]) || kept[k] == Double.NEGATIVE_INFINITY;
        }
        for (int k = 0; none && k < kept.length; k++) {
            kept[k] = users[k] == me ? 0 : Double.NEGATIVE_INFINITY;
        }
        return RowArithmetic.softmax(kept);
    }
}
