package coterie.scenarios.claim;

import coterie.scenarios.results.StudentInterval;
import java.util.Arrays;
import org.apache.commons.statistics.distribution.TDistribution;

/**
 * One number a seed, such as the difference of two cells: its mean, and Student's t over seeds.
 *
 * <p>Worked example: −2, −1 and −3 have the mean −2 and the standard deviation 1, so that t = −2 / (1 / √3) = −3.464
 * and, with 2 degrees of freedom, p = 0.0742; the 95 % interval is −2 ± 4.303 / √3 = −2 ± 2.484.
 *
 * @param values by seed, all finite
 */
record Effect(double[] values) {
    /** Seeds beyond which more seeds are no plan. */
    static final int MOST_SEEDS = 1000;

    int seeds() {
        return values.length;
    }

    /** NaN for no seed. */
    double mean() {
        return Arrays.stream(values).average().orElse(Double.NaN);
    }

    /**
     * The probability of a mean at least as far from a value, on either side, if that value were the truth; 1 for fewer
     * than two seeds.
     */
    double probability(double truth) {
        double away = Math.abs(mean() - truth);
        if (values.length < 2 || away == 0) {
            return 1;
        }
        double t = away / (StudentInterval.deviation(values) / Math.sqrt(values.length));
        return 2 * TDistribution.of(values.length - 1.0).survivalProbability(t);
    }

    /** Half of the mean's confidence interval; NaN for fewer than two seeds. */
    double interval(double confidence) {
        return StudentInterval.half(values, confidence);
    }

    /**
     * The number of seeds that would tell the mean from 0 if mean and deviation stayed as they are; more than
     * {@link #MOST_SEEDS} if that many would not do, and if fewer than two seeds are known.
     */
    int needed(double confidence) {
        double deviation = StudentInterval.deviation(values);
        for (int n = Math.max(2, values.length + 1); n <= MOST_SEEDS && values.length >= 2; n++) {
            if (StudentInterval.half(deviation, n, confidence) < Math.abs(mean())) {
                return n;
            }
        }
        return MOST_SEEDS + 1;
    }
}
