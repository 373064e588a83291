package coterie.model.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import coterie.model.aggregation.AggregationRules;
import coterie.model.aggregation.WeightedMean;
import coterie.model.exchange.Snapshot;
import coterie.model.trust.StalenessDiscount.Remainder;
import coterie.topology.drift.Drift;
import coterie.topology.drift.Drifts;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TrustManagerTest {
    private final List<Integer> asked = new ArrayList<>();

    /** Weights in proportion to 1 + user, and a note of whom it was asked about. */
    private class Counting implements TrustStrategy {
        private final boolean lasting;

        Counting(boolean lasting) {
            this.lasting = lasting;
        }

        @Override
        public double score(Snapshot own, Snapshot candidate, Probe probe) {
            asked.add(candidate.user());
            return 1 + candidate.user();
        }

        @Override
        public double[] row(int me, int[] users, double[] scores) {
            return RowArithmetic.normalised(java.util.Arrays.stream(scores)
                    .map(e -> Double.isNaN(e) ? 0 : e)
                    .toArray());
        }

        @Override
        public boolean needsValidationSet() {
            return true;
        }

        @Override
        public boolean lasting() {
            return lasting;
        }
    }

    private static List<Snapshot> of(int... users) {
        return java.util.Arrays.stream(users)
                .mapToObj(u -> new Snapshot(u, 0, 0, new float[1], null))
                .toList();
    }

    private TrustManager trustManager(int every, StalenessDiscount discount, Remainder remainder) {
        return new TrustManager(0, new TrustManager.Rules(new Counting(false), every, discount, remainder));
    }

    @Test
    void aScoreDoesNotLastWhenTheDataChangesOnWhichItWasMeasured() {
        Drifts drifts = Drifts.of(1, 2, List.of(Drift.at(null, 15, 0)));
        Counting lasting = new Counting(true);
        for (Refresh refresh : List.of(new Refresh.EveryTurn(), new Refresh.OnReceipt())) {
            asked.clear();
            TrustManager m = new TrustManager(
                    0,
                    new TrustManager.Rules(
                            lasting,
                            refresh,
                            TrustManager.FOREVER,
                            new StalenessDiscount.Constant(),
                            Remainder.RENORMALISE,
                            new AggregationRules(new WeightedMean()),
                            drifts));
            m.row(new MixingInput(0, 10, of(0, 1), new int[2]), null);
            m.row(new MixingInput(1, 14, of(0, 1), new int[2]), null);
            assertThat(asked).as("%s: the same snapshots", refresh).containsExactly(0, 1);
            m.row(new MixingInput(2, 15, of(0, 1), new int[2]), null);
            m.row(new MixingInput(3, 20, of(0, 1), new int[2]), null);
            assertThat(asked).as("%s: once more on the new data", refresh).containsExactly(0, 1, 0, 1);
        }
    }

    @Test
    void thePolynomialDiscountHasItsPublishedValues() {
        StalenessDiscount s = new StalenessDiscount.Polynomial(0.5);
        assertThat(s.factor(0)).isEqualTo(1);
        assertThat(s.factor(1)).isCloseTo(0.70710678, within(1e-8));
        assertThat(s.factor(2)).isCloseTo(0.57735027, within(1e-8));
        assertThat(s.factor(3)).isCloseTo(0.5, within(1e-12));
    }

    @Test
    void theTakenWeightIsSharedOutOrGoesToTheUserItself() {
        StalenessDiscount s = new StalenessDiscount.Polynomial(0.5);
        double[] row = {0.5, 0.5};
        int[] ages = {0, 3};
        assertThat(s.apply(row, ages, 0, Remainder.RENORMALISE))
                .containsExactly(new double[] {2 / 3., 1 / 3.}, within(1e-12));
        assertThat(s.apply(row, ages, 0, Remainder.SELF)).containsExactly(new double[] {0.75, 0.25}, within(1e-12));
        assertThat(row).containsExactly(0.5, 0.5);
    }

    @Test
    void onesOwnWeightIsNeverDiscounted() {
        assertThat(new StalenessDiscount.Polynomial(2)
                        .apply(new double[] {0.5, 0.5}, new int[] {9, 0}, 0, Remainder.SELF))
                .containsExactly(0.5, 0.5);
    }

    @Test
    void aDiscountIsAppliedOnceAndDoesNotCompoundOverTurns() {
        TrustManager c = trustManager(100, new StalenessDiscount.Polynomial(0.5), Remainder.SELF);
        double first =
                c.row(new MixingInput(0, 0, of(0, 1), new int[] {0, 3}), null).weights()[1];
        for (int turn = 1; turn < 20; turn++) {
            assertThat(c.row(new MixingInput(turn, 0, of(0, 1), new int[] {0, 3}), null)
                            .weights()[1])
                    .isEqualTo(first);
        }
        assertThat(c.row(new MixingInput(20, 0, of(0, 1), new int[] {0, 0}), null)
                        .weights()[1])
                .isCloseTo(2 / 3., within(1e-12));
    }

    @Test
    void aRowIsComputedWhenItIsDueAndKeptInBetween() {
        TrustManager c = trustManager(3, new StalenessDiscount.Constant(), Remainder.RENORMALISE);
        int[] computed = new int[7];
        for (int turn = 0; turn < 7; turn++) {
            computed[turn] =
                    c.row(new MixingInput(turn, 0, of(0, 1), new int[2]), null).computed();
        }
        assertThat(computed).containsExactly(0, 0, 0, 3, 3, 3, 6);
        assertThat(asked)
                .as("the user itself is measured with the others, and not in between")
                .containsExactly(0, 1, 0, 1, 0, 1);
    }

    @Test
    void inBetweenTheOldRowIsRestrictedToWhoIsPresent() {
        TrustManager c = trustManager(10, new StalenessDiscount.Constant(), Remainder.RENORMALISE);
        assertThat(c.row(new MixingInput(0, 0, of(0, 1, 2), new int[3]), null).weights())
                .containsExactly(new double[] {1 / 6., 2 / 6., 3 / 6.}, within(1e-12));
        assertThat(c.row(new MixingInput(1, 0, of(0, 2), new int[2]), null).weights())
                .containsExactly(new double[] {1 / 4., 3 / 4.}, within(1e-12));
        assertThat(c.row(new MixingInput(2, 0, of(0, 2, 5), new int[3]), null).weights())
                .as("a new user counts nothing yet")
                .containsExactly(new double[] {1 / 4., 3 / 4., 0}, within(1e-12));
    }

    @Test
    void whoIsLeftAloneKeepsToHimself() {
        TrustManager c = trustManager(10, new StalenessDiscount.Constant(), Remainder.RENORMALISE);
        c.row(new MixingInput(0, 0, of(0, 1), new int[2]), null);
        assertThat(c.row(new MixingInput(1, 0, of(0), new int[1]), null).weights())
                .containsExactly(1);
        TrustManager cut = trustManager(1, new StalenessDiscount.CutOff(2), Remainder.RENORMALISE);
        assertThat(cut.row(new MixingInput(0, 0, of(0, 1), new int[] {0, 3}), null)
                        .weights())
                .containsExactly(new double[] {1, 0}, within(1e-12));
    }

    private static Snapshot version(int user, int turn) {
        return new Snapshot(user, turn, 0, new float[] {turn}, null);
    }

    private TrustManager refreshing(Refresh refresh, int maxAge, boolean lasting) {
        return new TrustManager(
                0,
                new TrustManager.Rules(
                        new Counting(lasting),
                        refresh,
                        maxAge,
                        new StalenessDiscount.Constant(),
                        Remainder.RENORMALISE,
                        new WeightedMean()));
    }

    @Test
    void parametersOfAnotherLayoutAreRefusedByItsNameEvenIfTheyAreAsMany() {
        Snapshot other = new Snapshot(1, 0, 0, "rank 2 on b", new float[1], null, 1);
        assertThatThrownBy(() -> refreshing(new Refresh.EveryTurn(), TrustManager.FOREVER, false)
                        .mix(
                                new MixingInput(
                                        0,
                                        0,
                                        List.of(new Snapshot(0, 0, 0, "rank 2 on a", new float[1], null, 1), other),
                                        new int[2]),
                                null,
                                null,
                                row -> {}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the parameters of user 1 are laid out as \"rank 2 on b\", expected \"rank 2 on a\": "
                        + "parameters of different layouts cannot be mixed");
    }

    @Test
    void onReceiptOnlyWhatIsNewIsMeasured() {
        TrustManager c = refreshing(new Refresh.OnReceipt(), TrustManager.FOREVER, false);
        c.row(new MixingInput(0, 0, List.of(version(0, 0), version(1, 0), version(2, 0)), new int[3]), null);
        asked.clear();
        TrustRow row =
                c.row(new MixingInput(3, 1, List.of(version(0, 3), version(1, 0), version(2, 1)), new int[3]), null);
        assertThat(asked).containsExactly(0, 2);
        assertThat(row.scoreAges()).containsExactly(0, 3, 0);
        assertThat(row.passes()).isEqualTo(2);
    }

    @Test
    void olderThanLooksAtTheTime() {
        TrustManager c = refreshing(new Refresh.OlderThan(10), TrustManager.FOREVER, false);
        c.row(new MixingInput(0, 0, List.of(version(0, 0), version(1, 0)), new int[2]), null);
        c.row(new MixingInput(1, 9.9, List.of(version(0, 1), version(1, 1), version(2, 1)), new int[3]), null);
        assertThat(asked).containsExactly(0, 1, 2);
        c.row(new MixingInput(2, 10, List.of(version(0, 2), version(1, 1), version(2, 1)), new int[3]), null);
        assertThat(asked).containsExactly(0, 1, 2, 0, 1);
    }

    @Test
    void aBudgetGoesToTheUnknownFirstAndThenToTheOldest() {
        TrustManager c = refreshing(new Refresh.Budget(1), TrustManager.FOREVER, false);
        for (int turn = 0; turn < 5; turn++) {
            int t = turn;
            TrustRow row = c.row(
                    new MixingInput(
                            turn,
                            turn,
                            List.of(version(0, t), version(1, t), version(2, t), version(3, 0)),
                            new int[4]),
                    null);
            assertThat(row.passes()).isEqualTo(2);
            assertThat(row.weights()[3] > 0).isEqualTo(turn >= 2);
        }
        assertThat(asked.stream().filter(u -> u != 0))
                .as("user 3 has nothing newer")
                .containsExactly(1, 2, 3, 1, 2);
    }

    @Test
    void aLastingMeasurementIsNeverTakenTwice() {
        TrustManager c = refreshing(new Refresh.EveryTurns(1), TrustManager.FOREVER, true);
        for (int turn = 0; turn < 4; turn++) {
            c.row(new MixingInput(turn, turn, List.of(version(0, turn), version(1, turn / 2)), new int[2]), null);
        }
        assertThat(asked).containsExactly(0, 1, 0, 0, 1, 0);
    }

    @Test
    void whatIsTooOldIsForgotten() {
        TrustManager c = refreshing(new Refresh.EveryTurns(100), 2, false);
        for (int turn = 0; turn < 4; turn++) {
            TrustRow row =
                    c.row(new MixingInput(turn, turn, List.of(version(0, turn), version(1, 0)), new int[2]), null);
            assertThat(row.weights()[1] > 0).as("turn " + turn).isEqualTo(turn <= 2);
            assertThat(row.scoreAges()[1]).isEqualTo(turn <= 2 ? turn : -1);
            assertThat(row.scoreAges()[0])
                    .as("of itself a user always knows something")
                    .isEqualTo(turn <= 2 ? turn : 0);
        }
    }

    @Test
    void afterACrashIsKnownWhatWasSaved() {
        TrustManager c = refreshing(new Refresh.OnReceipt(), TrustManager.FOREVER, false);
        c.row(new MixingInput(0, 0, List.of(version(0, 0), version(1, 0)), new int[2]), null);
        c.save();
        c.row(new MixingInput(1, 1, List.of(version(0, 1), version(2, 0)), new int[2]), null);
        c.goBack();
        asked.clear();
        c.row(new MixingInput(1, 2, List.of(version(0, 1), version(1, 0), version(2, 0)), new int[3]), null);
        assertThat(asked).containsExactly(0, 2);
    }

    @Test
    void hingeExponentialAndCutOffHaveTheirPublishedValues() {
        StalenessDiscount hinge = new StalenessDiscount.Hinge(10, 4);
        assertThat(new double[] {hinge.factor(0), hinge.factor(4), hinge.factor(5), hinge.factor(6)})
                .containsExactly(new double[] {1, 1, 1 / 11., 1 / 21.}, within(1e-15));
        assertThat(new StalenessDiscount.Hinge(0.5, 0).factor(1))
                .as("never above 1, however gentle")
                .isCloseTo(2 / 3., within(1e-15));
        StalenessDiscount exponential = new StalenessDiscount.Exponential(0.5);
        assertThat(new double[] {exponential.factor(0), exponential.factor(1), exponential.factor(2)})
                .containsExactly(new double[] {1, 0.60653066, 0.36787944}, within(1e-8));
        StalenessDiscount cut = new StalenessDiscount.CutOff(3);
        assertThat(new double[] {cut.factor(0), cut.factor(3), cut.factor(4)}).containsExactly(1, 1, 0);
    }

    @Test
    void consensusDistanceIsTheMeanDistanceFromTheMean() {
        assertThat(Consensus.distance(List.of(new float[] {0, 0}, new float[] {6, 8})))
                .isCloseTo(5, within(1e-12));
        assertThat(Consensus.distance(List.of(new float[] {1, 2}, new float[] {1, 2})))
                .isZero();
    }
}
