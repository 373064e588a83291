package coterie.model.exchange;

import java.util.Arrays;

/**
 * The accumulated change of a user's predictions on the shared set due to its own training: Σ_t ‖Δ_t‖² Δ_t over its
 * stretches t of local training, where Δ_t is √p after the stretch minus √p before it, at each position, and p is the
 * softmax of the k largest logits. Changes due to mixing are left out, so that the changes of two users compare their
 * data, whatever they have mixed.
 *
 * <p>With square roots of probabilities the inner product of two changes approximates that of the Fisher metric; tokens
 * outside the k largest contribute little. Each stretch is weighted by its squared norm, since the small changes of a
 * converged user are mostly noise. At each position the k largest sums are kept.
 *
 * @param numbers what is published: the sums, scaled by a power of two so that the largest magnitude is in [1, 2) and
 *     small changes keep their precision in the encoding of {@link Predictions}. A cosine is invariant to the factor
 * @param exponent the sums are {@code numbers} · 2^exponent
 */
public record PredictionChanges(Predictions numbers, int exponent) {
    /**
     * Adds one more stretch of training.
     *
     * @param sum the changes so far, or null if there are none
     * @param before predictions before the stretch
     * @param after predictions after it
     * @return changes with as many numbers per position as {@code after} has logits
     * @throws IllegalArgumentException if the numbers of positions differ
     */
    public static PredictionChanges plus(PredictionChanges sum, Predictions before, Predictions after) {
        Predictions to = after.roots();
        Predictions from = before.roots();
        int m = to.positions();
        int k = to.k();
        // Both have unit norm at each position.
        double square = Math.max(0, 2 - 2 * to.product(from) / Math.max(1, m));
        long[] tokens = new long[m * k];
        double[] sums = new double[m * k];
        Merged merged = new Merged(k + from.k() + (sum == null ? 0 : sum.numbers.k()));
        for (int p = 0; p < m; p++) {
            merged.clear();
            merged.add(to, p, square);
            merged.add(from, p, -square);
            if (sum != null) {
                merged.add(sum.numbers, p, Math.scalb(1.0, sum.exponent));
            }
            merged.largest(k, tokens, sums, p * k);
        }
        double largest = 0;
        for (double x : sums) {
            largest = Math.max(largest, Math.abs(x));
        }
        int exponent = largest == 0 ? 0 : Math.getExponent(largest);
        float[] values = new float[sums.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) Math.scalb(sums[i], -exponent);
        }
        return new PredictionChanges(Predictions.of(to.vocabulary(), k, tokens, values), exponent);
    }

    /**
     * The cosine of two users' {@link #numbers} over all positions and tokens, in [−1, 1]; entries that were not kept
     * count as 0.
     *
     * @return 0 if either has not changed at all
     * @throws IllegalArgumentException if the numbers of positions differ
     */
    public static double cosine(Predictions x, Predictions y) {
        double both = x.product(y);
        double length = x.length() * y.length();
        return length > 0 ? Math.max(-1, Math.min(1, both / length)) : 0;
    }

    /** The sums at one position, in rising order of tokens. */
    private static final class Merged {
        private long[] tokens;
        private double[] values;
        /** The buffers of the next merge. */
        private long[] otherTokens;

        private double[] otherValues;
        private final long[] bySize;
        private int size;

        Merged(int capacity) {
            tokens = new long[capacity];
            values = new double[capacity];
            otherTokens = new long[capacity];
            otherValues = new double[capacity];
            bySize = new long[capacity];
        }

        void clear() {
            size = 0;
        }

        /** Adds factor times a position's numbers. */
        void add(Predictions p, int position, double factor) {
            int i = 0;
            int j = 0;
            int to = 0;
            while (i < size || j < p.k()) {
                long mine = i < size ? tokens[i] : Long.MAX_VALUE;
                long theirs = j < p.k() ? p.token(position, j) : Long.MAX_VALUE;
                otherTokens[to] = Math.min(mine, theirs);
                otherValues[to++] =
                        (mine <= theirs ? values[i++] : 0) + (theirs <= mine ? factor * p.value(position, j++) : 0);
            }
            long[] t = tokens;
            double[] v = values;
            tokens = otherTokens;
            values = otherValues;
            otherTokens = t;
            otherValues = v;
            size = to;
        }

        /** Writes the n entries of largest magnitude; among equal ones the lower tokens come first. */
        void largest(int n, long[] toTokens, double[] toValues, int offset) {
            // Magnitude in the upper half, distance from the end in the lower. Rounding to float loses only magnitudes
            // that are negligible beside the largest.
            for (int i = 0; i < size; i++) {
                bySize[i] = (long) Float.floatToIntBits((float) Math.abs(values[i])) << 32 | size - i;
            }
            Arrays.sort(bySize, 0, size);
            for (int i = 0; i < n; i++) {
                int from = size - (int) bySize[size - 1 - i];
                toTokens[offset + i] = tokens[from];
                toValues[offset + i] = values[from];
            }
        }
    }
}
