package coterie.model.aggregation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import coterie.model.exchange.Snapshot;
import coterie.topology.random.Purpose;
import coterie.topology.random.RandomStream;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class RobustPropertiesTest {
    private static final int P = 5;
    private static final double SHARE = 0.3;
    private static final AggregationInput.OwnLoss LOSS = c -> Math.abs(c.values()[0]);

    private static AggregationRules plain(Aggregator rule) {
        return new AggregationRules(rule);
    }

    private static AggregationRules mixed(Aggregator rule) {
        return new AggregationRules(rule, new NearestNeighbourMixing(SHARE), 0, 1);
    }

    /** Rules that move with what they are given. */
    private static List<AggregationRules> equivariant() {
        return Stream.of(
                        new Median(),
                        new TrimmedMean(SHARE),
                        new Krum(SHARE),
                        new MultiKrum(SHARE),
                        new GeometricMedian(3, 1e-3),
                        new SelfCentredClipping(null, SHARE),
                        new SelfCentredClipping(0.5, SHARE))
                .flatMap(rule -> Stream.of(plain(rule), mixed(rule)))
                .toList();
    }

    private static List<AggregationRules> all() {
        List<AggregationRules> all = new ArrayList<>(equivariant());
        for (Aggregator rule : List.of(new NormBound(null), new Balance(2, 1, 0.5), new Ubar(0.4, 0.5))) {
            all.add(plain(rule));
            all.add(mixed(rule));
        }
        all.add(new AggregationRules(new Median(), new Bucketing(2), 0, 1));
        return all;
    }

    private static float[][] random(long seed, int n) {
        RandomStream random = RandomStream.of(seed, Purpose.INITIAL_WEIGHTS);
        float[][] x = new float[n][P];
        for (float[] each : x) {
            for (int k = 0; k < P; k++) {
                each[k] = (float) random.uniform(-1, 1);
            }
        }
        return x;
    }

    private static float[] next(AggregationRules rules, float[]... x) {
        return rules.aggregate(0, Given.equal(x).contributions(), 0, null, LOSS).parameters();
    }

    /** Bucketing draws. Of three candidates two are nearest to each other; after mixing many are, up to rounding. */
    private static boolean dependsOnTies(AggregationRules rules, int n) {
        boolean krum = rules.rule() instanceof Krum || rules.rule() instanceof MultiKrum;
        return rules.before() instanceof Bucketing
                || krum && (n == 3 || rules.before() instanceof NearestNeighbourMixing);
    }

    @Property(tries = 100)
    void theOrderOfTheOthersDoesNotMatter(@ForAll long seed, @ForAll @IntRange(min = 1, max = 9) int n) {
        float[][] x = random(seed, n);
        int[] order = RandomStream.of(seed, Purpose.PEERS).permutation(n - 1);
        float[][] other = new float[n][];
        other[0] = x[0];
        for (int k = 1; k < n; k++) {
            other[k] = x[1 + order[k - 1]];
        }
        for (AggregationRules rules : all()) {
            if (!dependsOnTies(rules, n)) {
                assertThat(next(rules, other)).as("%s", rules).containsExactly(next(rules, x), within(1e-5f));
            }
        }
    }

    @Property(tries = 100)
    void theResultMovesWithTheCandidates(@ForAll long seed, @ForAll @IntRange(min = 1, max = 9) int n) {
        float[][] x = random(seed, n);
        float[][] moved = new float[n][P];
        for (int j = 0; j < n; j++) {
            for (int k = 0; k < P; k++) {
                moved[j][k] = x[j][k] + k - 2;
            }
        }
        for (AggregationRules rules : equivariant()) {
            if (dependsOnTies(rules, n)) {
                continue;
            }
            float[] expected = next(rules, x);
            for (int k = 0; k < P; k++) {
                expected[k] += k - 2;
            }
            assertThat(next(rules, moved)).as("%s", rules).containsExactly(expected, within(1e-4f));
        }
    }

    @Property(tries = 30)
    void equalCandidatesGiveThemselves(@ForAll long seed, @ForAll @IntRange(min = 1, max = 9) int n) {
        float[] one = random(seed, 1)[0];
        float[][] x = new float[n][];
        for (int j = 0; j < n; j++) {
            x[j] = one.clone();
        }
        for (AggregationRules rules : all()) {
            assertThat(next(rules, x)).as("%s", rules).containsExactly(one, within(1e-6f));
        }
    }

    /** Fewer than f outliers, of any size or not finite, leave a result that is not outside what the others span. */
    @Property(tries = 100)
    void outliersDoNotMoveTheResultOutOfTheOthersRange(@ForAll long seed, @ForAll @IntRange(min = 3, max = 12) int n) {
        float[][] x = random(seed, n);
        RandomStream random = RandomStream.of(seed, Purpose.CRASH);
        int f = Outliers.count(SHARE, n);
        float[] sizes = {5, 1e9f, Float.MAX_VALUE, Float.POSITIVE_INFINITY, Float.NaN};
        for (int j = n - f; j < n; j++) {
            for (int k = 0; k < P; k++) {
                x[j][k] = sizes[random.below(sizes.length)] * (random.chance(0.5) ? 1 : -1);
            }
        }
        for (Aggregator rule : List.of(new Median(), new TrimmedMean(SHARE), new Krum(SHARE), new Balance(1, 1, 0.5))) {
            float[] next = next(plain(rule), x);
            for (int k = 0; k < P; k++) {
                float low = Float.POSITIVE_INFINITY;
                float high = Float.NEGATIVE_INFINITY;
                for (int j = 0; j < n - f; j++) {
                    low = Math.min(low, x[j][k]);
                    high = Math.max(high, x[j][k]);
                }
                // Krum and BALANCE may take an outlier that is as near as the others are to each other.
                float slack = rule instanceof Krum || rule instanceof Balance ? 2 * (float) Math.sqrt(4.0 * P) : 0;
                assertThat(next[k]).as("%s", rule).isBetween(low - slack, high + slack);
            }
        }
        float[] own = x[0];
        for (Aggregator rule : List.of(new SelfCentredClipping(0.5, SHARE), new SelfCentredClipping(null, SHARE))) {
            float[] next = next(plain(rule), x);
            double square = 0;
            for (int k = 0; k < P; k++) {
                square += (next[k] - own[k]) * (double) (next[k] - own[k]);
            }
            // No honest candidate is farther away than 2 √P, and no radius exceeds that by more than √n.
            assertThat(Math.sqrt(square)).isLessThan(2 * Math.sqrt(P) * Math.sqrt(n));
        }
    }

    @Property(tries = 50)
    void fewFarOutliersHaveNoInfluence(@ForAll long seed, @ForAll @IntRange(min = 5, max = 12) int n) {
        float[][] x = random(seed, n);
        int f = Outliers.count(SHARE, n);
        for (int j = n - f; j < n; j++) {
            for (int k = 0; k < P; k++) {
                x[j][k] += 1e6f * (j + 1);
            }
        }
        for (AggregationRules rules :
                List.of(plain(new Krum(SHARE)), plain(new MultiKrum(SHARE)), mixed(new MultiKrum(SHARE)))) {
            double[] weights = rules.aggregate(0, Given.equal(x).contributions(), 0, null, LOSS)
                    .influence()
                    .weights();
            for (int j = n - f; j < n; j++) {
                assertThat(weights[j]).as("%s", rules).isZero();
            }
        }
    }

    @Property(tries = 50)
    void whereNoneIsRefusedTheResultIsTheWeightedMeanBitByBit(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 9) int n) {
        float[][] x = random(seed, n);
        assertThat(next(plain(new SelfCentredClipping(100.0, SHARE)), x)).isEqualTo(next(plain(new WeightedMean()), x));
        assertThat(next(plain(new NormBound(100.0)), x)).isEqualTo(next(plain(new WeightedMean()), x));
    }

    @Property(tries = 30)
    void influenceIsTheResultsWeights(@ForAll long seed, @ForAll @IntRange(min = 1, max = 9) int n) {
        float[][] x = random(seed, n);
        for (AggregationRules rules : all()) {
            Aggregated result = rules.aggregate(0, Given.equal(x).contributions(), 0, null, LOSS);
            if (result.influence() == null) {
                continue;
            }
            List<Contribution> weighted = new ArrayList<>();
            for (int j = 0; j < n; j++) {
                weighted.add(new Contribution(result.influence().weights()[j], new Snapshot(j, 0, 0, x[j], null)));
            }
            assertThat(WeightedMean.sum(weighted, P, null))
                    .as("%s", rules)
                    .containsExactly(result.parameters(), within(1e-5f));
        }
    }
}
