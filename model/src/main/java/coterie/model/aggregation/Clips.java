package coterie.model.aggregation;

import java.util.stream.IntStream;

/** Factors by which vectors are shortened. */
final class Clips {
    private Clips() {}

    /** min(1, most / length): 0 for a length that is not finite. */
    static double factor(double length, double most) {
        return Double.isInfinite(length) ? 0 : length <= most ? 1 : most / length;
    }

    /** Whether none is shortened. */
    static boolean none(double[] factors) {
        for (double f : factors) {
            if (f < 1) {
                return false;
            }
        }
        return true;
    }

    /** The users whose vectors are shortened. */
    static int[] users(AggregationInput input, Voters voters, double[] factors) {
        return IntStream.range(0, factors.length)
                .filter(k -> factors[k] < 1)
                .map(k -> input.contributions().get(voters.contribution(k)).user())
                .toArray();
    }
}
