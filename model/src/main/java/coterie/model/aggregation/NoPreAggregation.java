package coterie.model.aggregation;

import coterie.topology.settings.Component;

/** The contributions as they are. */
@Component(name = "none", about = "the contributions as they are")
public record NoPreAggregation() implements PreAggregator {
    @Override
    public Aggregated aggregate(AggregationInput input, Aggregator rule) {
        return rule.aggregate(input);
    }
}
