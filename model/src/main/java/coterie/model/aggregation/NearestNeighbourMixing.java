package coterie.model.aggregation;

import coterie.topology.settings.Component;
import coterie.topology.settings.Setting;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Nearest-neighbour mixing (Allouah, Farhadkhani, Guerraoui, Gupta, Pinot, Stephan, 2023, arXiv 2302.01772): each
 * contribution is replaced by the mean of the n − f nearest to it, itself among them; f = min(⌈outliers · n⌉, ⌊(n − 1)
 * / 2⌋) for n candidates. A mean has the weight of the contribution that it replaces; within it weights do not count.
 * Candidates of weight 0 are left out. With one candidate nothing changes; of two, each becomes their mean.
 *
 * <p>O(P n²).
 *
 * <p>Worked example: 0, 1, 9 with f = 1 become 0.5, 0.5, 5.
 */
@Component(name = "nearest-neighbours", about = "each contribution is replaced by the mean of the nearest (NNM)")
public record NearestNeighbourMixing(@Setting("0.2") double outliers) implements PreAggregator {
    /** @param outliers share of the candidates that may be outliers, less than one half */
    public NearestNeighbourMixing {
        Outliers.check("outliers", outliers);
    }

    @Override
    public Aggregated aggregate(AggregationInput input, Aggregator rule) {
        Voters voters = Voters.of(input);
        int n = voters.count();
        int nearest = n - Outliers.count(outliers, n);
        double[][] distances = Distances.between(voters.vectors());
        List<double[]> shares = new ArrayList<>();
        for (int k = 0; k < n; k++) {
            double[] from = distances[k];
            int me = k;
            double[] share = new double[n];
            IntStream.range(0, n)
                    .boxed()
                    .sorted(Comparator.comparingDouble((Integer j) -> from[j])
                            .thenComparing(j -> j != me)
                            .thenComparing(j -> j))
                    .limit(nearest)
                    .forEach(j -> share[j] = 1.0 / nearest);
            shares.add(voters.spread(share));
        }
        int[] users = IntStream.range(0, n).map(voters::contribution).toArray();
        return new Blends(shares, voters.weights(), users, voters.own()).aggregate(input, rule);
    }
}
