package coterie.model.aggregation;

import coterie.topology.settings.Component;
import coterie.topology.settings.Setting;

/**
 * The mean of each coordinate without its f lowest and its f highest values (Yin, Chen, Ramchandran, Bartlett, 2018,
 * arXiv 1803.01498), f = min(⌈trim · n⌉, ⌊(n − 1) / 2⌋) for n candidates. Weights of the trust row do not count;
 * candidates of weight 0 are left out. One or two candidates give their mean, three the median unless trim is 0.
 *
 * <p>f outliers cannot move a coordinate out of the range of the others. O(P n log² n).
 *
 * <p>Worked example: trim 0.2 of 1, 2, 3, 6, 90 drops 1 and 90 and gives 11/3.
 */
@Component(
        name = "trimmed-mean",
        about = "the mean of each coordinate without its lowest and highest values, without the trust row's weights")
public record TrimmedMean(@Setting("0.2") double trim) implements Aggregator {
    /** @param trim share of the candidates dropped at each end, less than one half */
    public TrimmedMean {
        Outliers.check("trim", trim);
    }

    @Override
    public Aggregated aggregate(AggregationInput input) {
        float[][] x = Voters.of(input).vectors();
        int f = Outliers.count(trim, x.length);
        return new Aggregated(SortedCoordinates.mean(x, f, x.length - f, input.before()));
    }
}
