package coterie.scenarios.results;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** Spearman's rank correlation: the correlation of ranks, where equal values share their mean rank. */
public final class RankCorrelation {
    private RankCorrelation() {}

    /**
     * The correlation of two lists of one length, from −1 to 1; NaN if all values of one list are equal.
     *
     * <p>Worked example: of (1, 2, 3) and (5, 9, 7) it is 0.5.
     */
    public static double of(double[] x, double[] y) {
        double[] a = ranks(x);
        double[] b = ranks(y);
        double mean = (a.length - 1) / 2.0;
        double ab = 0;
        double aa = 0;
        double bb = 0;
        for (int k = 0; k < a.length; k++) {
            ab += (a[k] - mean) * (b[k] - mean);
            aa += (a[k] - mean) * (a[k] - mean);
            bb += (b[k] - mean) * (b[k] - mean);
        }
        return ab / Math.sqrt(aa * bb);
    }

    private static double[] ranks(double[] values) {
        // Makes −0 and 0 the same key.
        double[] x = Arrays.stream(values).map(v -> v + 0.0).toArray();
        double[] sorted = x.clone();
        Arrays.sort(sorted);
        Map<Double, Double> rank = new HashMap<>();
        for (int k = 0; k < sorted.length; k++) {
            int first = k;
            while (k + 1 < sorted.length && sorted[k + 1] == sorted[k]) {
                k++;
            }
            rank.put(sorted[k], (first + k) / 2.0);
        }
        return Arrays.stream(x).map(rank::get).toArray();
    }
}
