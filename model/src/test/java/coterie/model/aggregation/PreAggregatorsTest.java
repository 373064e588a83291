package coterie.model.aggregation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PreAggregatorsTest {
    /** Takes what it is given. */
    private static List<Float> seen(PreAggregator before, AggregationInput input) {
        List<Float> seen = new ArrayList<>();
        before.aggregate(input, in -> {
            in.contributions().forEach(c -> seen.add(c.values()[0]));
            return new Aggregated(new float[1]);
        });
        return seen;
    }

    @Test
    void nearestNeighboursAreMixed() {
        NearestNeighbourMixing nnm = new NearestNeighbourMixing(0.3);
        assertThat(seen(nnm, Given.numbers(0, 1, 9))).containsExactly(0.5f, 0.5f, 5f);
        Aggregated mean = nnm.aggregate(Given.numbers(0, 1, 9), new WeightedMean());
        assertThat(mean.parameters()).containsExactly(2);
        assertThat(mean.influence().weights())
                .as("the effect of each candidate, not of each mean")
                .containsExactly(new double[] {1 / 3.0, 1 / 2.0, 1 / 6.0}, within(1e-15));
    }

    @Test
    void othersAreDealtIntoBuckets() {
        AggregationInput three = Given.numbers(0, 1, 5);
        List<Double> weights = new ArrayList<>();
        new Bucketing(2).aggregate(three, in -> {
            in.contributions().forEach(c -> weights.add(c.weight()));
            assertThat(in.own()).isZero();
            return new Aggregated(new float[1]);
        });
        assertThat(seen(new Bucketing(2), three)).containsExactly(0f, 3f);
        assertThat(weights).containsExactly(1 / 3.0, 2 / 3.0);
        Aggregated mean = new Bucketing(2).aggregate(three, new WeightedMean());
        assertThat(mean.parameters()).containsExactly(2);
        assertThat(mean.influence().weights()).containsExactly(new double[] {1 / 3.0, 1 / 3.0, 1 / 3.0}, within(1e-15));
    }

    @Test
    void theDrawIsOfTheTurnAndOfNothingElse() {
        AggregationRules rules = new AggregationRules(new Krum(0), new Bucketing(2), 7, 20);
        List<Contribution> all = Given.numbers(0, 1, 2, 4, 8, 16, 32).contributions();
        Set<Float> results = new HashSet<>();
        for (int turn = 0; turn < 20; turn++) {
            float first = rules.aggregate(turn, all, 0, null, c -> 0).parameters()[0];
            assertThat(rules.aggregate(turn, all, 0, null, c -> 0).parameters()).containsExactly(first);
            results.add(first);
        }
        assertThat(results).hasSizeGreaterThan(1);
    }

    @Test
    void aRuleAfterAStepTellsOfCandidates() {
        Aggregated result =
                new NearestNeighbourMixing(0.2).aggregate(Given.numbers(0, 1, 2, 3, 90), new MultiKrum(0.2));
        assertThat(result.influence().weights()[4])
                .as("in no mean that was accepted")
                .isZero();
        assertThat(result.parameters()).containsExactly(1.5f);
        Aggregated clipped = new Bucketing(1).aggregate(Given.numbers(0, 1, 9), new SelfCentredClipping(null, 0.2));
        assertThat(clipped.influence().clipped()).containsExactly(2);
        assertThat(new Bucketing(1)
                        .aggregate(Given.numbers(0, 1, 9), new Median())
                        .influence())
                .isNull();
    }

    @Test
    void updatesAreAddedOnce() {
        AggregationInput updates = Given.updates(new float[] {10}, Given.numbers(0, 1, 9));
        assertThat(new NearestNeighbourMixing(0.3)
                        .aggregate(updates, new WeightedMean())
                        .parameters())
                .containsExactly(12);
    }
}
