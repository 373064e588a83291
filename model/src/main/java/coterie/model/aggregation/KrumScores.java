package coterie.model.aggregation;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Krum's scores: the score of a candidate is the sum of the squared distances to its n − f − 1 nearest others.
 *
 * <p>Blanchard et al. (2017) count one neighbour less, which needs n ≥ 2 f + 3; n − f − 1 are enough for n &gt; 2 f
 * (Allouah et al., 2023, arXiv 2302.01772), and so for the few candidates of a sparse graph.
 */
final class KrumScores {
    private KrumScores() {}

    /**
     * The voters of the lowest scores. Of equal scores the user's own is the first, then those of lower users.
     *
     * @param f number of outliers, at most (n − 1) / 2
     * @param count how many
     */
    static int[] best(Voters voters, int f, int count) {
        double[] scores = scores(Distances.between(voters.vectors()), voters.count() - f - 1);
        return IntStream.range(0, scores.length)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer k) -> scores[k])
                        .thenComparing(k -> k != voters.own())
                        .thenComparing(k -> k))
                .limit(count)
                .mapToInt(k -> k)
                .toArray();
    }

    private static double[] scores(double[][] distances, int nearest) {
        double[] scores = new double[distances.length];
        for (int j = 0; j < scores.length; j++) {
            double[] sorted = distances[j].clone();
            // Its distance from itself is the first of the sorted ones.
            Arrays.sort(sorted);
            for (int k = 1; k <= nearest; k++) {
                scores[j] += sorted[k];
            }
        }
        return scores;
    }
}
