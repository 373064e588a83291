package coterie.scenarios.results;

import java.util.Arrays;
import org.apache.commons.statistics.distribution.TDistribution;

/**
 * A mean of numbers and its confidence interval by Student's t: x̄ ± t(n−1) · s / √n.
 *
 * <p>Worked example: −2, −1 and −3 have the mean −2 and the standard deviation 1; the 95 % interval is −2 ± 4.303 · 1 /
 * √3 = −2 ± 2.48.
 */
public final class StudentInterval {
    private StudentInterval() {}

    /** The standard deviation of the sample (ddof 1); NaN for fewer than two numbers. */
    public static double deviation(double[] x) {
        double mean = Arrays.stream(x).average().orElse(Double.NaN);
        double squares = Arrays.stream(x).map(v -> (v - mean) * (v - mean)).sum();
        return x.length < 2 ? Double.NaN : Math.sqrt(squares / (x.length - 1));
    }

    /** Half of the mean's interval; NaN for fewer than two numbers. */
    public static double half(double[] x, double confidence) {
        return x.length < 2 ? Double.NaN : half(deviation(x), x.length, confidence);
    }

    /** Half of the interval that this many numbers with a standard deviation would have. */
    public static double half(double deviation, int numbers, double confidence) {
        return TDistribution.of(numbers - 1.0).inverseCumulativeProbability((1 + confidence) / 2)
                * deviation
                / Math.sqrt(numbers);
    }
}
