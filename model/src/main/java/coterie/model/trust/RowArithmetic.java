package coterie.model.trust;

import java.util.stream.IntStream;

/** Arithmetic on trust rows. */
public final class RowArithmetic {
    private RowArithmetic() {}

    /**
     * Returns the row divided by its sum.
     *
     * @throws IllegalArgumentException if the sum is not positive and finite
     */
    public static double[] normalised(double[] row) {
        double sum = 0;
        for (double w : row) {
            sum += w;
        }
        if (!(sum > 0) || Double.isInfinite(sum)) {
            throw new IllegalArgumentException("a trust row must have a positive, finite sum, found " + sum);
        }
        double[] out = new double[row.length];
        for (int k = 0; k < row.length; k++) {
            out[k] = row[k] / sum;
        }
        return out;
    }

    /**
     * Returns exp(s_k) / Σ_j exp(s_j), computed from the differences to the maximum. A score of −∞ or NaN has weight 0.
     */
    public static double[] softmax(double[] scores) {
        double top = Double.NEGATIVE_INFINITY;
        for (double s : scores) {
            top = s > top ? s : top;
        }
        double[] e = new double[scores.length];
        for (int k = 0; k < e.length; k++) {
            e[k] = Double.isNaN(scores[k]) ? 0 : StrictMath.exp(scores[k] - top);
        }
        return normalised(e);
    }

    /** Returns the indices of scores in descending order; equal scores in ascending order of indices. */
    static int[] descending(double[] scores) {
        return IntStream.range(0, scores.length)
                .boxed()
                .sorted((a, b) -> {
                    int c = Double.compare(scores[b], scores[a]);
                    return c != 0 ? c : Integer.compare(a, b);
                })
                .mapToInt(Integer::intValue)
                .toArray();
    }
}
