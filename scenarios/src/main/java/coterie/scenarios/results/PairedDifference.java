package coterie.scenarios.results;

import coterie.model.task.Metric;
import java.util.Arrays;

/**
 * How a metric differs between two runs over the same users: the mean of the differences user by user, with the 95 %
 * confidence interval of Student's t: d̄ ± t₀.₉₇₅(n−1) · s_d / √n. Users of whom one run has no number are left out.
 *
 * <p>Worked example: 10, 12, 11 compared with 12, 13, 14 differ by −2, −1, −3: their mean is −2, s_d is 1, and 4.303 ·
 * 1 / √3 = 2.48.
 *
 * @param byUser one difference for each user; NaN for none
 * @param users that have a difference
 * @param better users for whom the first run is better
 * @param mean NaN for no user
 * @param interval half of the mean's interval; NaN for fewer than two users
 */
public record PairedDifference(double[] byUser, int users, int better, double mean, double interval) {
    private static final double CONFIDENCE = 0.95;

    /**
     * Compares two runs.
     *
     * @param own [users] NaN for no number
     * @param base [users]
     */
    public static PairedDifference of(double[] own, double[] base, Metric.Direction direction) {
        double[] byUser = new double[own.length];
        int better = 0;
        for (int u = 0; u < own.length; u++) {
            byUser[u] = own[u] - base[u];
            better += direction.isBetter(own[u], base[u]) ? 1 : 0;
        }
        double[] known = Arrays.stream(byUser).filter(Double::isFinite).toArray();
        int n = known.length;
        double mean = Arrays.stream(known).average().orElse(Double.NaN);
        return new PairedDifference(byUser, n, better, mean, StudentInterval.half(known, CONFIDENCE));
    }
}
