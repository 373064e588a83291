package coterie.scenarios.results;

import java.util.Arrays;
import java.util.stream.IntStream;

/** One category per user: the one with the largest share of the user's data. */
public final class Categories {
    private Categories() {}

    /**
     * The category of each user, by number.
     *
     * @param mixtures [N][categories]
     */
    public static IntStream of(double[][] mixtures) {
        return Arrays.stream(mixtures).mapToInt(m -> {
            int most = 0;
            for (int c = 1; c < m.length; c++) {
                most = m[c] > m[most] ? c : most;
            }
            return most;
        });
    }
}
