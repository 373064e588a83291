package coterie.model.aggregation;

import coterie.topology.random.Purpose;
import coterie.topology.random.RandomStream;
import java.util.List;

/**
 * How the users of a run aggregate.
 *
 * @param before step before the rule
 * @param seed of random draws
 * @param turns number of turns that each user does, at least 1
 */
public record AggregationRules(Aggregator rule, PreAggregator before, long seed, int turns) {
    public AggregationRules {
        if (turns < 1) {
            throw new IllegalArgumentException("turns must be at least 1, found " + turns);
        }
    }

    /** Rules without a step before, for runs of one turn. */
    public AggregationRules(Aggregator rule) {
        this(rule, new NoPreAggregation(), 0, 1);
    }

    /**
     * A user's next parameters.
     *
     * @param turn that has ended, from 0
     * @param contributions in rising order of users
     * @param own index of the user's own
     * @param start the parameters to which updates are added [P]; null where parameters are exchanged
     */
    public Aggregated aggregate(
            int turn, List<Contribution> contributions, int own, float[] start, AggregationInput.OwnLoss loss) {
        int user = contributions.get(own).user();
        RandomStream random = RandomStream.of(seed, Purpose.BUCKETS, user, turn);
        return before.aggregate(new AggregationInput(contributions, own, start, turn, turns, random, loss), rule);
    }

    /** Whether every result reports the influence of the candidates; false if that is up to a rule of a plug-in. */
    public boolean reportsInfluence() {
        return rule instanceof Reweighting || rule instanceof WeightedMean && !(before instanceof NoPreAggregation);
    }

    /** Whether no result reports the influence of the candidates. */
    public boolean reportsNothing() {
        return before instanceof NoPreAggregation && rule instanceof WeightedMean
                || rule instanceof Median
                || rule instanceof TrimmedMean;
    }
}
