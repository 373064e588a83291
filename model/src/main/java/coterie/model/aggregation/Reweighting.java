package coterie.model.aggregation;

/**
 * A rule whose result is Σ_j v_j x_j, with weights v_j that it finds from the contributions. They are recorded. A
 * candidate that it refuses has v_j = 0.
 */
public interface Reweighting extends Aggregator {
    /** The weights v_j. */
    Influence reweigh(AggregationInput input);

    @Override
    default Aggregated aggregate(AggregationInput input) {
        Influence found = reweigh(input);
        return new Aggregated(WeightedMean.sum(input.weighted(found.weights()), input.size(), input.before()), found);
    }
}
