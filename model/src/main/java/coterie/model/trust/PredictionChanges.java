package coterie.model.trust;

import java.util.Arrays;

/**
 * What a user's own training has changed in its predictions on the shared set: Σ_t ‖Δ_t‖² Δ_t over its stretches t of
 * local training, Δ_t being √p after less √p before at each position, and p the softmax of the k largest logits. What
 * mixing changes in between is left out, so that the changes of two users say what their data have in common, whatever
 * they have mixed.
 *
 * <p>With square roots of probabilities the plain inner product of two changes is that of the Fisher metric; tokens
 * outside of the k largest hardly count. A stretch weighs by the square of what it changes: the small changes of a user
 * that has learnt its data are its own noise, again and again. Of each position the k largest sums are kept.
 *
 * @param numbers what is published: the sums times a power of two that makes the largest 1 to 2 in size, so that small
 *     changes keep their precision in {@link Predictions}' encoding. A cosine does not ask for the factor
 * @param exponent the sums are {@code numbers} · 2^exponent
 */
public record PredictionChanges(Predictions numbers, int exponent) {
    /**
     * Changes with those of one more stretch of training.
     *
     * @param sum the changes so far; null where there are none
     * @param before predictions before the stretch
     * @param after predictions after it
     * @return as many numbers a position as {@code after} has logits
     * @throws IllegalArgumentException where they are not over the same positions
     */
    public static PredictionChanges plus(PredictionChanges sum, Predictions before, Predictions after) {
        Predictions to = after.roots();
        Predictions from = before.roots();
        int m = to.positions();
        int k = to.k();
        // Both are of length 1 at each position.
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
     * The cosine of two users' {@link #numbers} over all positions and tokens, in [−1, 1]; what is not kept counts as
     * 0.
     *
     * @return 0 where either has not changed at all
     * @throws IllegalArgumentException where the two are not over the same positions
     */
    public static double cosine(Predictions x, Predictions y) {
        double both = x.product(y);
        double length = x.length() * y.length();
        return length > 0 ? Math.max(-1, Math.min(1, both / length)) : 0;
    }

    /** Numbers of one position by token, added up, in rising order of tokens. */
    private static final class Merged {
        private long[] tokens;
        private double[] values;
        /** What is merged into next. */
        private long[] otherTokens;

        private double[] otherValues;
        private final long[] bySize;
        private int size;

        Merged(int most) {
            tokens = new long[most];
            values = new double[most];
            otherTokens = new long[most];
            otherValues = new double[most];
            bySize = new long[most];
        }

        void clear() {
            size = 0;
        }

        /** Adds a position's numbers, each times a factor. */
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

        /** The n numbers of largest size; of equal ones those of the lower tokens. */
        void largest(int n, long[] toTokens, double[] toValues, int offset) {
            // Size in the upper half of a number; below it how far from the end it stands. The step to float loses
            // what is beyond its range, which is nothing beside the largest.
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
