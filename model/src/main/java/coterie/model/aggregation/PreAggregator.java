package coterie.model.aggregation;

/**
 * A step before an aggregator, which replaces the contributions by means of some of them, so that outliers weigh less
 * and honest contributions are more alike.
 */
public interface PreAggregator {
    /** Aggregates what this step makes of the contributions. */
    Aggregated aggregate(AggregationInput input, Aggregator rule);
}
