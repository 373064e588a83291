package coterie.model.aggregation;

import java.util.Arrays;

/**
 * Squared Euclidean distances between vectors, block by block of coordinates, so that a block is read from memory once.
 * Infinite if a vector is not finite.
 */
final class Distances {
    private static final int BLOCK = 2048;

    private Distances() {}

    /** ‖x_j − x_k‖² of all pairs [n][n]; 0 on the diagonal. */
    static double[][] between(float[][] x) {
        int n = x.length;
        double[][] sums = new double[n][n];
        for (int from = 0; from < x[0].length; from += BLOCK) {
            int to = Math.min(from + BLOCK, x[0].length);
            for (int j = 0; j < n; j++) {
                for (int k = 0; k < j; k++) {
                    sums[j][k] += squared(x[j], x[k], from, to);
                }
            }
        }
        for (int j = 0; j < n; j++) {
            for (int k = 0; k < j; k++) {
                sums[j][k] = orInfinite(sums[j][k]);
                sums[k][j] = sums[j][k];
            }
        }
        return sums;
    }

    /** ‖x_j − x_c‖² of all vectors from one of them [n]. */
    static double[] from(float[][] x, int centre) {
        double[] sums = new double[x.length];
        for (int from = 0; from < x[0].length; from += BLOCK) {
            int to = Math.min(from + BLOCK, x[0].length);
            for (int j = 0; j < x.length; j++) {
                sums[j] += j == centre ? 0 : squared(x[j], x[centre], from, to);
            }
        }
        return orInfinite(sums);
    }

    /** ‖x_j‖² of all vectors [n]. */
    static double[] squaredNorms(float[][] x) {
        double[] sums = new double[x.length];
        for (int j = 0; j < x.length; j++) {
            sums[j] = squaredNorm(x[j]);
        }
        return sums;
    }

    /** ‖x_j‖². */
    static double squaredNorm(float[] x) {
        return orInfinite(squared(x));
    }

    /**
     * ‖x_j − Σ_k v_k x_k‖² of all vectors [n].
     *
     * @param weights v_k [n]; vectors of weight 0 are not read for the sum
     */
    static double[] fromSum(float[][] x, double[] weights) {
        double[] sums = new double[x.length];
        double[] sum = new double[BLOCK];
        for (int from = 0; from < x[0].length; from += BLOCK) {
            int size = Math.min(BLOCK, x[0].length - from);
            Arrays.fill(sum, 0, size, 0);
            for (int k = 0; k < x.length; k++) {
                if (weights[k] != 0) {
                    add(sum, x[k], from, size, weights[k]);
                }
            }
            for (int j = 0; j < x.length; j++) {
                sums[j] += squared(x[j], sum, from, size);
            }
        }
        return orInfinite(sums);
    }

    private static void add(double[] sum, float[] x, int from, int size, double w) {
        for (int i = 0; i < size; i++) {
            sum[i] += w * x[from + i];
        }
    }

    // Independent sums keep the pipeline busy.

    private static double squared(float[] a, float[] b, int from, int to) {
        double s0 = 0;
        double s1 = 0;
        double s2 = 0;
        double s3 = 0;
        int i = from;
        for (; i + 3 < to; i += 4) {
            double d0 = a[i] - b[i];
            double d1 = a[i + 1] - b[i + 1];
            double d2 = a[i + 2] - b[i + 2];
            double d3 = a[i + 3] - b[i + 3];
            s0 += d0 * d0;
            s1 += d1 * d1;
            s2 += d2 * d2;
            s3 += d3 * d3;
        }
        for (; i < to; i++) {
            double d = a[i] - b[i];
            s0 += d * d;
        }
        return s0 + s1 + s2 + s3;
    }

    private static double squared(float[] a, double[] b, int from, int size) {
        double s0 = 0;
        double s1 = 0;
        double s2 = 0;
        double s3 = 0;
        int i = 0;
        for (; i + 3 < size; i += 4) {
            double d0 = a[from + i] - b[i];
            double d1 = a[from + i + 1] - b[i + 1];
            double d2 = a[from + i + 2] - b[i + 2];
            double d3 = a[from + i + 3] - b[i + 3];
            s0 += d0 * d0;
            s1 += d1 * d1;
            s2 += d2 * d2;
            s3 += d3 * d3;
        }
        for (; i < size; i++) {
            double d = a[from + i] - b[i];
            s0 += d * d;
        }
        return s0 + s1 + s2 + s3;
    }

    private static double squared(float[] a) {
        double s0 = 0;
        double s1 = 0;
        double s2 = 0;
        double s3 = 0;
        int i = 0;
        for (; i + 3 < a.length; i += 4) {
            s0 += (double) a[i] * a[i];
            s1 += (double) a[i + 1] * a[i + 1];
            s2 += (double) a[i + 2] * a[i + 2];
            s3 += (double) a[i + 3] * a[i + 3];
        }
        for (; i < a.length; i++) {
            s0 += (double) a[i] * a[i];
        }
        return s0 + s1 + s2 + s3;
    }

    private static double[] orInfinite(double[] sums) {
        for (int j = 0; j < sums.length; j++) {
            sums[j] = orInfinite(sums[j]);
        }
        return sums;
    }

    private static double orInfinite(double sum) {
        return Double.isNaN(sum) ? Double.POSITIVE_INFINITY : sum;
    }
}
