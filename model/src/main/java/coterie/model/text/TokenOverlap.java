package coterie.model.text;

import java.util.HashMap;
import java.util.Map;

/**
 * Overlap of two users' tokens as defined in the paper: the multiset Jaccard index |D_i ∩ D_j| / |D_i ⊎ D_j|, where the
 * union is a sum, so that it ranges from 0 to 0.5.
 *
 * <p>Worked example: (a, a, b) and (a, b, b) share {a, b}, hence 2/6.
 */
public final class TokenOverlap {
    private TokenOverlap() {}

    public static double jaccard(int[] a, int[] b) {
        Map<Integer, Integer> counts = new HashMap<>();
        for (int t : a) {
            counts.merge(t, 1, Integer::sum);
        }
        long common = 0;
        for (int t : b) {
            Integer left = counts.get(t);
            if (left != null && left > 0) {
                counts.put(t, left - 1);
                common++;
            }
        }
        return a.length + b.length == 0 ? 0 : (double) common / (a.length + b.length);
    }
}
