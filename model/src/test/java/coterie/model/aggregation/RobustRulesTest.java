package coterie.model.aggregation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The worked examples, and what rules make of few candidates. */
class RobustRulesTest {
    private static final float NAN = Float.NaN;

    private static float[] vector(float... x) {
        return x;
    }

    private static float[] next(Aggregator rule, AggregationInput input) {
        return rule.aggregate(input).parameters();
    }

    private static double[] weights(Aggregator rule, AggregationInput input) {
        return rule.aggregate(input).influence().weights();
    }

    static Stream<Aggregator> rules() {
        return Stream.of(
                new Median(),
                new TrimmedMean(0.2),
                new Krum(0.2),
                new MultiKrum(0.2),
                new GeometricMedian(3, 1e-6),
                new SelfCentredClipping(null, 0.2),
                new SelfCentredClipping(1.0, 0.2),
                new NormBound(null),
                new Balance(2, 1, 0.5),
                new Ubar(0.4, 0.5));
    }

    @Test
    void median() {
        assertThat(next(new Median(), Given.equal(vector(1, 5), vector(2, -4), vector(90, 6))))
                .containsExactly(2, 5);
        assertThat(next(new Median(), Given.numbers(4, 1, 9, 2))).containsExactly(3);
        assertThat(next(new Median(), Given.numbers(1, NAN, 2, NAN, 3))).containsExactly(3);
        assertThat(new Median().aggregate(Given.numbers(1, 2)).influence()).isNull();
    }

    @Test
    void trimmedMean() {
        AggregationInput five = Given.numbers(2, 90, 1, 6, 3);
        assertThat(next(new TrimmedMean(0.2), five)).containsExactly(11f / 3);
        assertThat(next(new TrimmedMean(0), five)).containsExactly(102f / 5);
        assertThat(next(new TrimmedMean(0.2), Given.numbers(1, 9))).containsExactly(5);
        assertThat(next(new TrimmedMean(0.2), Given.numbers(1, 9, 2))).containsExactly(2);
    }

    @Test
    void manyCandidatesAreSortedToo() {
        float[] x = new float[201];
        for (int k = 0; k < x.length; k++) {
            x[k] = (k * 37) % 201;
        }
        assertThat(next(new Median(), Given.numbers(x))).containsExactly(100);
    }

    @Test
    void krum() {
        assertThat(next(new Krum(0.2), Given.numbers(0, 1, 3, 4, 90))).containsExactly(1);
        assertThat(next(new Krum(0.2), Given.numbers(3, 0, 1, 4, 90)))
                .as("the user's own wins a tie")
                .containsExactly(3);
        assertThat(weights(new Krum(0.2), Given.numbers(0, 1, 3, 4, 90))).containsExactly(0, 1, 0, 0, 0);
        assertThat(next(new Krum(0.2), Given.numbers(7, 8))).containsExactly(7);
        assertThat(next(new Krum(0.2), Given.numbers(NAN, 1, 3, 4))).containsExactly(3);
    }

    @Test
    void multiKrum() {
        assertThat(next(new MultiKrum(0.2), Given.numbers(0, 1, 3, 4, 90))).containsExactly(2);
        assertThat(weights(new MultiKrum(0.2), Given.numbers(0, 1, 3, 4, 90)))
                .containsExactly(0.25, 0.25, 0.25, 0.25, 0);
        double[] trust = {0.5, 0.25, 0.25};
        assertThat(weights(new MultiKrum(0.2), Given.weighted(trust, vector(0), vector(1), vector(50))))
                .containsExactly(new double[] {2 / 3.0, 1 / 3.0, 0}, within(1e-15));
    }

    @Test
    void geometricMedian() {
        assertThat(next(new GeometricMedian(1, 1e-6), Given.numbers(0, 0, 3))).containsExactly(0.6f);
        assertThat(weights(new GeometricMedian(1, 1e-6), Given.numbers(0, 0, 3)))
                .containsExactly(new double[] {0.4, 0.4, 0.2}, within(1e-15));
        assertThat(next(new GeometricMedian(50, 1e-6), Given.numbers(1, 2, 1e6f))[0])
                .isEqualTo(2, within(1e-3f));
        assertThat(next(new GeometricMedian(3, 1e-6), Given.numbers(1, NAN, 1))).containsExactly(1);
    }

    @Test
    void clippingWithARadiusThatFollowsFromDistances() {
        SelfCentredClipping rule = new SelfCentredClipping(null, 0.2);
        assertThat(next(rule, Given.numbers(0, 1, 9))).containsExactly(2f / 3);
        Aggregated result = rule.aggregate(Given.numbers(0, 1, 9));
        assertThat(result.influence().clipped()).containsExactly(2);
        assertThat(result.influence().weights())
                .containsExactly(new double[] {1 - 1 / 3.0 - 1 / 27.0, 1 / 3.0, 1 / 27.0}, within(1e-15));
        assertThat(next(rule, Given.numbers(0, 9))).as("one cannot be outvoted").containsExactly(4.5f);
        assertThat(next(rule, Given.numbers(5, 5, 5))).containsExactly(5);
    }

    @Test
    void clippingWithAFixedRadius() {
        SelfCentredClipping rule = new SelfCentredClipping(1.0, 0.2);
        assertThat(next(rule, Given.equal(vector(0, 0), vector(3, 4)))).containsExactly(0.3f, 0.4f);
        assertThat(next(rule, Given.equal(vector(0, 0), vector(NAN, 4)))).containsExactly(0, 0);
    }

    @Test
    void theOwnWeightUnderClippingIsNotNegative() {
        // In floating point, nine ninths add up to a little more than 1.
        double[] trust = new double[10];
        Arrays.fill(trust, 1, 10, 1 / 9.0);
        float[][] x = new float[10][1];
        x[9][0] = 3;
        SelfCentredClipping rule = new SelfCentredClipping(Math.nextDown(3.0), 0.2);
        assertThat(weights(rule, Given.weighted(trust, x))[0]).isZero();
    }

    @Test
    void normBound() {
        Aggregated result = new NormBound(null).aggregate(Given.equal(vector(3, 0), vector(0, 12)));
        assertThat(result.parameters()).containsExactly(1.5f, 1.5f);
        assertThat(result.influence().weights()).containsExactly(0.5, 0.125);
        assertThat(result.influence().clipped()).containsExactly(1);
        assertThat(next(new NormBound(6.0), Given.equal(vector(3, 0), vector(0, 12))))
                .containsExactly(1.5f, 3);
    }

    @Test
    void balance() {
        Balance rule = new Balance(0.5, 1, 0.5);
        AggregationInput three = Given.equal(vector(4, 0), vector(4, 2), vector(4, 3));
        assertThat(next(rule, three)).containsExactly(4, 1);
        assertThat(weights(rule, three)).containsExactly(0.5, 0.5, 0);
        assertThat(next(rule, Given.in(1, 10, three)))
                .as("the limit shrinks to 2 e^-0.1")
                .containsExactly(4, 0);
        assertThat(next(new Balance(2, 1, 0.25), three)).containsExactly(4, 0.75f * 2.5f);
    }

    @Test
    void ubar() {
        List<Integer> measured = new ArrayList<>();
        double[] losses = {1, 0.9, 1.1, 0, 0, 0};
        AggregationInput six = Given.measured(
                c -> {
                    measured.add(c.user());
                    return losses[c.user()];
                },
                Given.numbers(0, 1, -2, 3, -4, 5));
        Aggregated result = new Ubar(0.4, 0.5).aggregate(six);
        assertThat(result.parameters()).containsExactly(0.5f);
        assertThat(measured).containsExactly(0, 1, 2);
        assertThat(result.influence().passes()).isEqualTo(3);
        losses[0] = 0.5;
        assertThat(next(new Ubar(0.4, 0.5), six)).as("the best of worse ones").containsExactly(0.5f);
        losses[0] = 2;
        assertThat(next(new Ubar(0.4, 0.5), six)).as("both").containsExactly(-0.25f);
    }

    @ParameterizedTest
    @MethodSource("rules")
    void aUserAloneKeepsItsModel(Aggregator rule) {
        AggregationInput one = Given.measured(c -> 1, Given.equal(vector(2, -3)));
        assertThat(next(rule, one)).containsExactly(2, -3);
        assertThat(next(rule, Given.updates(vector(10, 20), one))).containsExactly(12, 17);
    }

    @ParameterizedTest
    @MethodSource("rules")
    void aCandidateWithoutTrustHasNoVote(Aggregator rule) {
        AggregationInput three = Given.measured(
                c -> 1, Given.weighted(new double[] {0.5, 0.5, 0}, vector(1, 1), vector(2, 2), vector(1e9f, NAN)));
        AggregationInput two = Given.measured(c -> 1, Given.equal(vector(1, 1), vector(2, 2)));
        assertThat(next(rule, three)).isEqualTo(next(rule, two));
    }

    @ParameterizedTest
    @MethodSource("rules")
    void allUpdatesOfACandidateCountTogether(Aggregator rule) {
        Contribution once = Given.contributions(new double[] {0.5, 0.5}, vector(1, 0), vector(3, 1))
                .get(1);
        AggregationInput all = Given.equal(vector(1, 0), vector(4, 3));
        Contribution twice = new Contribution(
                0.5,
                List.of(
                        once.snapshots().get(0),
                        Given.contributions(new double[] {0, 1}, vector(0, 0), vector(1, 2))
                                .get(1)
                                .snapshots()
                                .get(0)));
        AggregationInput parts = Given.measured(
                c -> 1, new AggregationInput(List.of(all.contributions().get(0), twice), 0, vector(5, 5)));
        assertThat(next(rule, parts))
                .containsExactly(next(rule, Given.measured(c -> 1, Given.updates(vector(5, 5), all))), within(1e-6f));
    }

    @Test
    void sharesOfAHalfAndMoreAreRefused() {
        assertThatThrownBy(() -> new TrimmedMean(0.5)).hasMessage("trim must be less than 0.5, found 0.5");
        assertThatThrownBy(() -> new Krum(-0.1)).hasMessageStartingWith("outliers must not be negative");
        assertThatThrownBy(() -> new MultiKrum(Double.NaN)).hasMessageStartingWith("outliers must");
        assertThatThrownBy(() -> new NearestNeighbourMixing(0.7)).hasMessageStartingWith("outliers must");
        assertThatThrownBy(() -> new SelfCentredClipping(0.0, 0.2)).hasMessageStartingWith("radius must");
        assertThatThrownBy(() -> new Ubar(0, 0.5)).hasMessageStartingWith("nearest must");
        assertThatThrownBy(() -> new Bucketing(0)).hasMessageStartingWith("size must");
    }

    @Test
    void outliersAreAlwaysFewerThanHalf() {
        assertThat(new int[] {
                    Outliers.count(0.2, 1), Outliers.count(0.2, 2), Outliers.count(0.2, 3), Outliers.count(0.2, 10),
                    Outliers.count(0.2, 11), Outliers.count(0.49, 4), Outliers.count(0, 9), Outliers.count(0.07, 100)
                })
                .containsExactly(0, 0, 1, 2, 3, 1, 0, 7);
    }
}
