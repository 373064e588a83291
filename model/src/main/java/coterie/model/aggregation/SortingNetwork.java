package coterie.model.aggregation;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * A list of comparisons that sorts n rows coordinate by coordinate, without branches: Batcher's merge exchange (1968;
 * Knuth, The Art of Computer Programming, volume 3, algorithm 5.2.2M), less what the wanted places do not need.
 */
final class SortingNetwork {
    /**
     * A comparison of two rows, after which the lower values are in the first and the higher ones in the second.
     *
     * @param low whether the lower values are used later
     * @param high whether the higher values are used later
     */
    private record Comparison(int first, int second, boolean low, boolean high) {}

    private final Comparison[] comparisons;

    private SortingNetwork(Comparison[] comparisons) {
        this.comparisons = comparisons;
    }

    /** A network of n rows after which the places from {@code from} (inclusive) to {@code to} are right. */
    static SortingNetwork of(int n, int from, int to) {
        Deque<int[]> all = new ArrayDeque<>();
        for (int p = Integer.highestOneBit(Math.max(1, n - 1)); p > 0; p /= 2) {
            int r = 0;
            int d = p;
            for (int q = Integer.highestOneBit(Math.max(1, n - 1)); ; q /= 2) {
                for (int i = 0; i + d < n; i++) {
                    if ((i & p) == r) {
                        all.push(new int[] {i, i + d});
                    }
                }
                if (q == p) {
                    break;
                }
                d = q - p;
                r = p;
            }
        }
        boolean[] used = new boolean[n];
        for (int k = from; k < to; k++) {
            used[k] = true;
        }
        // From the last comparison back.
        Deque<Comparison> needed = new ArrayDeque<>();
        for (int[] pair : all) {
            boolean low = used[pair[0]];
            boolean high = used[pair[1]];
            if (low || high) {
                needed.push(new Comparison(pair[0], pair[1], low, high));
                used[pair[0]] = true;
                used[pair[1]] = true;
            }
        }
        return new SortingNetwork(needed.toArray(Comparison[]::new));
    }

    /** Number of comparisons. */
    int length() {
        return comparisons.length;
    }

    /**
     * Sorts. A NaN makes all wanted places of its coordinate NaN, since each depends on every row.
     *
     * @param rows [n][size or more]; rows are exchanged as wholes, too
     * @param spare a row as long as the others
     * @param size number of coordinates
     * @return the row that is spare afterwards
     */
    float[] sort(float[][] rows, float[] spare, int size) {
        float[] free = spare;
        for (Comparison c : comparisons) {
            float[] a = rows[c.first];
            float[] b = rows[c.second];
            if (c.low) {
                lower(a, b, free, size);
            }
            if (c.high) {
                higher(a, b, size);
            }
            if (c.low) {
                rows[c.first] = free;
                free = a;
            }
        }
        return free;
    }

    // One loop for each result, so that the compiler makes vector instructions of them.

    private static void lower(float[] a, float[] b, float[] to, int size) {
        for (int i = 0; i < size; i++) {
            to[i] = Math.min(a[i], b[i]);
        }
    }

    private static void higher(float[] a, float[] b, int size) {
        for (int i = 0; i < size; i++) {
            b[i] = Math.max(a[i], b[i]);
        }
    }
}
