package coterie.model.aggregation;

import java.util.Arrays;

/**
 * Means of the middle values of each coordinate in rising order, with NaN beyond the infinities, so that a NaN is one
 * more extreme value.
 */
final class SortedCoordinates {
    private static final int BLOCK = 512;
    /** More rows than this are sorted coordinate by coordinate: a network of n rows has n log² n comparisons. */
    private static final int MOST_IN_NETWORK = 64;

    private SortedCoordinates() {}

    /**
     * The mean of the values from place {@code from} (inclusive) to {@code to} of each coordinate in rising order [P].
     * They are added in rising order, so that the order of the vectors does not matter.
     *
     * @param x vectors [n][P]
     * @param start is added [P], or null
     */
    static float[] mean(float[][] x, int from, int to, float[] start) {
        int n = x.length;
        int p = x[0].length;
        float[] out = new float[p];
        double[] sum = new double[BLOCK];
        boolean networked = n <= MOST_IN_NETWORK;
        SortingNetwork network = SortingNetwork.of(networked ? n : 1, networked ? from : 0, networked ? to : 1);
        float[][] rows = new float[networked ? n : 0][BLOCK];
        float[] spare = new float[BLOCK];
        int[] keys = new int[n];
        for (int at = 0; at < p; at += BLOCK) {
            int size = Math.min(BLOCK, p - at);
            if (networked) {
                for (int j = 0; j < n; j++) {
                    System.arraycopy(x[j], at, rows[j], 0, size);
                }
                spare = network.sort(rows, spare, size);
                Arrays.fill(sum, 0, size, 0);
                for (int k = from; k < to; k++) {
                    add(rows[k], size, sum);
                }
            } else {
                Arrays.fill(sum, Double.NaN);
            }
            for (int i = 0; i < size; i++) {
                double total = Double.isNaN(sum[i]) ? sum(x, at + i, from, to, keys) : sum[i];
                double mean = to - from == 1 ? total : total / (to - from);
                out[at + i] = (float) (start == null ? mean : start[at + i] + mean);
            }
        }
        return out;
    }

    private static void add(float[] row, int size, double[] sum) {
        for (int i = 0; i < size; i++) {
            sum[i] += row[i];
        }
    }

    /**
     * The sum of the middle values of one coordinate, which may be NaN. They are compared as integers whose order is
     * that of the numbers.
     *
     * @param keys overwritten [n]
     */
    private static double sum(float[][] x, int coordinate, int from, int to, int[] keys) {
        for (int j = 0; j < x.length; j++) {
            keys[j] = inOrder(Float.floatToRawIntBits(x[j][coordinate]));
        }
        Arrays.sort(keys);
        double sum = 0;
        for (int k = from; k < to; k++) {
            sum += Float.intBitsToFloat(inOrder(keys[k]));
        }
        return sum;
    }

    /** Turns a float's bits into an integer in the order of the floats, and back. */
    private static int inOrder(int bits) {
        return bits ^ ((bits >> 31) & Integer.MAX_VALUE);
    }
}
