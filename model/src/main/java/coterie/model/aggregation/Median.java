package coterie.model.aggregation;

import coterie.topology.settings.Component;

/**
 * The median of each coordinate (Yin, Chen, Ramchandran, Bartlett, 2018, arXiv 1803.01498); of an even number of
 * values, the mean of the two in the middle. Weights of the trust row do not count; candidates of weight 0 are left
 * out. With one candidate it is that one, with two their mean.
 *
 * <p>Fewer than half of the candidates cannot move a coordinate out of the range of the others. O(P n log² n) for n
 * candidates.
 *
 * <p>Worked example: (1, 5), (2, −4), (90, 6) give (2, 5).
 */
@Component(name = "median", about = "the median of each coordinate, without the trust row's weights")
public record Median() implements Aggregator {
    @Override
    public Aggregated aggregate(AggregationInput input) {
        float[][] x = Voters.of(input).vectors();
        int n = x.length;
        return new Aggregated(SortedCoordinates.mean(x, (n - 1) / 2, n / 2 + 1, input.before()));
    }
}
