package coterie.model.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import coterie.model.adapter.AdapterLayout;
import coterie.model.adapter.LoraConfig;
import coterie.model.base.family.Gpt2Family;
import coterie.model.exchange.Predictions;
import coterie.model.exchange.Snapshot;
import coterie.topology.drift.Drift;
import coterie.topology.drift.Drifts;
import coterie.topology.group.Membership;
import coterie.topology.random.Purpose;
import coterie.topology.random.RandomStream;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** Every strategy's worked example from its Javadoc, and what holds for all of them. */
class StrategiesTest {
    private static final Offset<Double> CLOSE = within(5e-4);
    private static final Probe NO_PROBE = c -> {
        throw new AssertionError("asks for a validation loss");
    };

    private static Snapshot snapshot(int user, float... values) {
        return new Snapshot(user, 0, 0, values, null);
    }

    private static List<Snapshot> snapshots(float[]... values) {
        List<Snapshot> all = new ArrayList<>();
        for (float[] v : values) {
            all.add(snapshot(all.size(), v));
        }
        return all;
    }

    private static List<Snapshot> three() {
        return snapshots(new float[] {1, 0}, new float[] {0, 1}, new float[] {1, 1});
    }

    @Test
    void localTrustsNobodyElse() {
        assertThat(new Local().row(1, three(), NO_PROBE)).containsExactly(0, 1, 0);
        assertThat(new Local().communicates()).isFalse();
    }

    @Test
    void fedAvgTrustsAllAlike() {
        assertThat(new FedAvg().row(1, three(), NO_PROBE))
                .containsExactly(new double[] {1 / 3., 1 / 3., 1 / 3.}, within(1e-15));
    }

    @Test
    void theOracleFollowsChangesOfData() {
        double[][][] phases = {{{1, 0}, {0, 1}}, {{1, 0}}, {{0, 1}}};
        Oracle oracle = new Oracle(new UserMixtures(
                phases, Drifts.of(1, 3, List.of(Drift.at(new Membership(1, null, null), 60, 40)))));
        int[] all = {0, 1, 2};
        assertThat(oracle.row(0, all, 59)).containsExactly(0.5, 0.5, 0);
        // 3/4 of the first mixture and 1/4 of the second: products 5/8, 3/4, 1/4.
        assertThat(oracle.row(0, all, 70)).containsExactly(new double[] {5 / 13.0, 6 / 13.0, 2 / 13.0}, within(1e-12));
        assertThat(oracle.row(0, all, 100)).containsExactly(0.5, 0, 0.5);
        assertThat(oracle.row(1, all, new double[3], 100)).as("users beside it").containsExactly(0, 1, 0);
        TrustRow row = TrustRow.given(1, all, new double[] {0.5, 0.5, 0}, new int[3]);
        assertThat(oracle.distance(0, row, 59)).isZero();
        assertThat(oracle.distance(0, row, 100)).isEqualTo(1);
    }

    @Test
    void theOracleTakesNormalisedDotProductsOfMixtures() {
        double[][] mixtures = {{0.75, 0.25}, {0.25, 0.75}, {0.75, 0.25}};
        assertThat(Oracle.of(mixtures).row(0, three(), NO_PROBE))
                .containsExactly(new double[] {5 / 13., 3 / 13., 5 / 13.}, within(1e-15));
    }

    @Test
    void modelSimilarityIsASoftmaxOfCosines() {
        double[] row = new ModelSimilarity(1.0, Fidelity.PAPER, Selection.ALL, null).row(0, three(), NO_PROBE);
        assertThat(row).containsExactly(new double[] {0.473, 0.174, 0.353}, CLOSE);
    }

    @Test
    void releasedModelSimilarityAveragesTheCosinesOfShortRows() {
        AdapterLayout layout = new AdapterLayout(Gpt2Family.shape(1, 2, 1, 4, 4), LoraConfig.of(2, 2));
        float[] a = new float[layout.size()];
        float[] b = new float[layout.size()];
        RandomStream s = RandomStream.of(1, Purpose.BATCH);
        for (int i = 0; i < a.length; i++) {
            a[i] = (float) s.gaussian();
            b[i] = (float) s.gaussian();
        }
        // The released code's own orientation: A [in, r], B [r, out], each row for itself.
        double sum = 0;
        int rows = 0;
        for (AdapterLayout.Part p : layout.parts()) {
            for (int in = 0; in < p.in(); in++, rows++) {
                double dot = 0, x = 0, y = 0;
                for (int r = 0; r < 2; r++) {
                    double u = a[p.offsetA() + r * p.in() + in], v = b[p.offsetA() + r * p.in() + in];
                    dot += u * v;
                    x += u * u;
                    y += v * v;
                }
                sum += dot / Math.sqrt(x * y);
            }
            for (int r = 0; r < 2; r++, rows++) {
                double dot = 0, x = 0, y = 0;
                for (int out = 0; out < p.out(); out++) {
                    double u = a[p.offsetB() + out * 2 + r], v = b[p.offsetB() + out * 2 + r];
                    dot += u * v;
                    x += u * u;
                    y += v * v;
                }
                sum += dot / Math.sqrt(x * y);
            }
        }
        double[] row =
                new ModelSimilarity(1.0, Fidelity.RELEASED, Selection.ALL, layout).row(0, snapshots(a, b), NO_PROBE);
        assertThat(row).containsExactly(RowArithmetic.softmax(new double[] {1, sum / rows}), within(1e-9));
    }

    @Test
    void validationPerformanceIsASoftmaxOfNegativeLosses() {
        Probe probe = c -> c.user() == 2 ? 4 : 3;
        assertThat(new ValidationPerformance(1.0, Fidelity.PAPER, Selection.ALL).row(0, three(), probe))
                .containsExactly(new double[] {0.422, 0.422, 0.155}, CLOSE);
        // Released: perplexities 20.1, 20.1, 54.6, hence nearly nothing for the last.
        assertThat(new ValidationPerformance(1.0, Fidelity.RELEASED, Selection.ALL).row(0, three(), probe))
                .containsExactly(new double[] {0.5, 0.5, 0}, CLOSE);
    }

    private static List<Snapshot> predicting(float... logits) {
        List<Snapshot> all = new ArrayList<>();
        for (float l : logits) {
            all.add(new Snapshot(
                    all.size(), 0, 0, new float[1], Predictions.of(10, 1, new long[] {3}, new float[] {l})));
        }
        return all;
    }

    @Test
    void predictionSimilarityIsASoftmaxOfNormalisedDistances() {
        List<Snapshot> candidates = predicting(1, 3, 5);
        assertThat(new LogitSimilarity(3, LogitSimilarity.Normalise.MEAN, Predictions.Missing.FLOOR, Selection.ALL)
                        .row(0, candidates, NO_PROBE))
                .containsExactly(new double[] {0.867, 0.117, 0.016}, CLOSE);
        assertThat(new LogitSimilarity(10, LogitSimilarity.Normalise.ROW, Predictions.Missing.ZERO, Selection.ALL)
                        .row(0, candidates, NO_PROBE))
                .containsExactly(new double[] {0.964, 0.034, 0.001}, CLOSE);
        assertThat(new LogitSimilarity(1, LogitSimilarity.Normalise.NONE, Predictions.Missing.FLOOR, Selection.ALL)
                        .row(0, candidates, NO_PROBE))
                .containsExactly(RowArithmetic.softmax(new double[] {0, -2, -4}), within(1e-12));
    }

    @Test
    void changeSimilarityCountsOneselfAsTheMostSimilarOtherAndNotLessThanOneHalf() {
        ChangeSimilarity strategy = new ChangeSimilarity(8, Selection.ALL);
        int[] users = {0, 1, 2};
        assertThat(strategy.row(0, users, new double[] {1, 0.6, 0.4}))
                .containsExactly(new double[] {0.490, 0.490, 0.019}, CLOSE);
        assertThat(strategy.row(0, users, new double[] {1, 0.35, 0.35}))
                .containsExactly(new double[] {0.897, 0.052, 0.052}, CLOSE);
        // Users that learn the opposite get no weight, nor do users that were never measured.
        assertThat(strategy.row(2, users, new double[] {-0.4, Double.NaN, 1})).containsExactly(0, 0, 1);
    }

    @Test
    void releasedTrustDependsOnTheNumberOfUsers() {
        LogitSimilarity released =
                new LogitSimilarity(10, LogitSimilarity.Normalise.ROW, Predictions.Missing.ZERO, Selection.ALL);
        assertThat(released.row(0, predicting(1, 2), NO_PROBE))
                .containsExactly(new double[] {0.99995, 0.00005}, within(1e-5));
        float[] many = new float[101];
        java.util.Arrays.fill(many, 2);
        many[0] = 1;
        assertThat(released.row(0, predicting(many), NO_PROBE)[0]).isCloseTo(0.011, within(1e-3));
    }

    @Test
    void usersWhoPredictAlikeAreTrustedAlike() {
        assertThat(new LogitSimilarity(3, LogitSimilarity.Normalise.MEAN, Predictions.Missing.FLOOR, Selection.ALL)
                        .row(1, predicting(2, 2, 2), NO_PROBE))
                .containsExactly(new double[] {1 / 3., 1 / 3., 1 / 3.}, within(1e-12));
    }

    @Test
    void aSelectionKeepsTheMostTrustedAndAlwaysOneself() {
        double[] scores = {0, Math.log(2), Math.log(5)};
        assertThat(Selection.ALL.row(0, new int[] {0, 1, 2}, scores))
                .containsExactly(new double[] {1 / 8., 2 / 8., 5 / 8.}, within(1e-12));
        assertThat(new Selection(2, Double.NEGATIVE_INFINITY).row(0, new int[] {0, 1, 2}, scores))
                .containsExactly(new double[] {1 / 6., 0, 5 / 6.}, within(1e-12));
        assertThat(new Selection(0, 1.0).row(0, new int[] {0, 1, 2}, scores))
                .containsExactly(new double[] {1 / 6., 0, 5 / 6.}, within(1e-12));
        assertThat(new Selection(1, Double.NEGATIVE_INFINITY).row(0, new int[] {0, 1, 2}, scores))
                .containsExactly(1, 0, 0);
    }

    @Test
    void aSoftmaxBearsScoresOfAnySize() {
        assertThat(RowArithmetic.softmax(new double[] {-1e9, -1e9 - 1, Double.NaN, Double.NEGATIVE_INFINITY}))
                .containsExactly(new double[] {0.731, 0.269, 0, 0}, CLOSE);
        assertThatThrownBy(() -> RowArithmetic.normalised(new double[] {0, 0}))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Property
    void everyRowIsADistributionAndFollowsAPermutationOfUsers(
            @ForAll @IntRange(min = 2, max = 7) int n, @ForAll long seed) {
        RandomStream s = RandomStream.of(seed, Purpose.BATCH);
        List<Snapshot> candidates = new ArrayList<>();
        for (int u = 0; u < n; u++) {
            float[] values = {(float) s.gaussian(), (float) s.gaussian(), (float) s.gaussian()};
            candidates.add(new Snapshot(
                    u, 0, 0, values, Predictions.of(20, 2, new long[] {u % 3, 5 + u % 2}, new float[] {
                        values[0], values[1]
                    })));
        }
        int me = s.below(n);
        int[] order = s.permutation(n);
        List<Snapshot> permuted = new ArrayList<>();
        for (int k : order) {
            permuted.add(candidates.get(k));
        }
        Probe probe = c -> Math.abs(c.values()[0]);
        for (TrustStrategy strategy : List.of(
                new FedAvg(),
                new Local(),
                new ModelSimilarity(1.0, Fidelity.PAPER, Selection.ALL, null),
                new ValidationPerformance(2.0, Fidelity.PAPER, Selection.ALL),
                new LogitSimilarity(3, LogitSimilarity.Normalise.MEAN, Predictions.Missing.FLOOR, Selection.ALL),
                new ChangeSimilarity(3, Selection.ALL))) {
            double[] row = strategy.row(me, candidates, probe);
            double[] other = strategy.row(me, permuted, probe);
            double sum = 0;
            for (int k = 0; k < n; k++) {
                assertThat(row[k]).isBetween(0.0, 1.0);
                assertThat(other[k]).as("%s, seed %d", strategy, seed).isCloseTo(row[order[k]], within(1e-12));
                sum += row[k];
            }
            assertThat(sum).isCloseTo(1, within(1e-12));
        }
    }
}
