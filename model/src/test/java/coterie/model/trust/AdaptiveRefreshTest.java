package coterie.model.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import coterie.model.aggregation.WeightedMean;
import coterie.model.exchange.Snapshot;
import coterie.model.trust.StalenessDiscount.Remainder;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AdaptiveRefreshTest {
    private static final double UNLIMITED = 1;

    /** Weights in proportion to scores, which the test moves. */
    private static final class Moving implements TrustStrategy {
        private final boolean lasting;
        private double[] scores = {1, 1};
        /** Whether the user's own score is another at every measurement: the row moves by 0.4. */
        private boolean restless;

        Moving(boolean lasting) {
            this.lasting = lasting;
        }

        @Override
        public double score(Snapshot own, Snapshot candidate, Probe probe) {
            if (restless && candidate.user() == own.user()) {
                scores[0] = scores[0] == 1 ? 9 : 1;
            }
            return scores[candidate.user()];
        }

        @Override
        public double[] row(int me, int[] users, double[] values) {
            return RowArithmetic.normalised(IntStream.range(0, values.length)
                    .mapToDouble(k -> Double.isNaN(values[k]) ? 0 : values[k])
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

    private final Moving moving = new Moving(false);

    private static TrustManager manager(TrustStrategy strategy, Refresh refresh) {
        return new TrustManager(
                0,
                new TrustManager.Rules(
                        strategy,
                        refresh,
                        TrustManager.FOREVER,
                        new StalenessDiscount.Constant(),
                        Remainder.RENORMALISE,
                        new WeightedMean()));
    }

    private static Refresh adaptive(double budget) {
        return new AdaptiveRefresh(budget, 0.1, 8, 1);
    }

    private static List<Snapshot> of(int version, int... users) {
        return IntStream.of(users)
                .mapToObj(u -> new Snapshot(u, version, 0, new float[] {version}, null))
                .toList();
    }

    private static TrustRow mix(TrustManager m, int turn, List<Snapshot> candidates) {
        return m.row(new MixingInput(turn, turn, candidates, new int[candidates.size()]), null);
    }

    /** The turns in which two candidates are measured. */
    private static List<Integer> measured(TrustManager m, int from, int to) {
        return IntStream.range(from, to)
                .filter(turn -> mix(m, turn, of(turn, 0, 1)).passes() > 0)
                .boxed()
                .toList();
    }

    @Test
    void theIntervalFollowsTheWorkedExample() {
        TrustManager m = manager(moving, adaptive(UNLIMITED));
        // A row (w, 1 − w) that moves by as much as w.
        double[] own = {0.5, 0.52, 0.52, 0.6, 0.6, 0.6, 0.6};
        List<Integer> turns = new ArrayList<>();
        for (int turn = 0; turn < own.length; turn++) {
            moving.scores = new double[] {own[turn], 1 - own[turn]};
            if (mix(m, turn, of(turn, 0, 1)).passes() > 0) {
                turns.add(turn);
            }
        }
        assertThat(turns).containsExactly(0, 1, 3, 6);
    }

    @Test
    void settledTrustIsMeasuredEverMoreRarely() {
        assertThat(measured(manager(moving, adaptive(UNLIMITED)), 0, 32)).containsExactly(0, 1, 3, 7, 15, 23, 31);
    }

    @Test
    void movingTrustIsMeasuredOftenAgain() {
        TrustManager m = manager(moving, adaptive(UNLIMITED));
        measured(m, 0, 16);
        moving.restless = true;
        assertThat(measured(m, 16, 33))
                .as("the interval halves with each measurement")
                .containsExactly(23, 27, 29, 30, 31, 32);
    }

    @Test
    void aCandidateThatWasNeverMeasuredMakesAllBeMeasured() {
        TrustManager m = manager(moving, adaptive(UNLIMITED));
        measured(m, 0, 16);
        moving.scores = new double[] {1, 1, 2};
        TrustRow row = mix(m, 16, of(16, 0, 1, 2));
        assertThat(row.scoreAges()).containsExactly(0, 0, 0);
        assertThat(row.weights()).containsExactly(new double[] {0.25, 0.25, 0.5}, within(1e-12));
        assertThat(mix(m, 17, of(17, 0, 1, 2)).passes()).isZero();
    }

    @Test
    void theBudgetBoundsTheShareOfMeasurements() {
        moving.restless = true;
        assertThat(measured(manager(moving, adaptive(0.25)), 0, 401))
                .as("two in advance, and one for what is earned until then")
                .startsWith(0, 1, 2, 5, 9, 13)
                .hasSize(102);
    }

    @Test
    void unusedBudgetIsKeptForOneMeasurement() {
        TrustManager m = manager(moving, adaptive(0.25));
        assertThat(measured(m, 0, 40)).containsExactly(0, 1, 3, 7, 15, 23, 31, 39);
        moving.scores = new double[] {1, 1, 1, 1};
        assertThat(mix(m, 40, of(40, 0, 1, 2)).passes()).isEqualTo(3);
        List<Integer> passes = new ArrayList<>();
        for (int turn = 41; turn < 45; turn++) {
            passes.add(mix(m, turn, of(turn, 0, 1, 2, 3)).passes());
        }
        assertThat(passes).as("then it has to be earned again").containsExactly(0, 0, 4, 0);
    }

    @Test
    void onlyNewSnapshotsEarnAndCostWhereScoresLast() {
        TrustManager m = manager(new Moving(true), adaptive(0.25));
        int passes = 0;
        int newest = 0;
        for (int turn = 0; turn < 400; turn++) {
            passes += mix(m, turn, List.of(of(turn, 0).get(0), of(turn / 100, 1).get(0)))
                    .passes();
            newest += turn % 100 == 0 ? 2 : 1;
        }
        assertThat(passes).isLessThanOrEqualTo((int) (0.25 * newest) + 2);
    }

    @Test
    void afterACrashTheRuleKnowsWhatItKnewWhenItWasSaved() {
        TrustManager m = manager(moving, adaptive(0.25));
        measured(m, 0, 5);
        m.save();
        TrustManager.State saved = m.state();
        List<Integer> first = measured(m, 5, 20);
        m.goBack();
        assertThat(m.state()).isEqualTo(saved);
        assertThat(measured(m, 5, 20)).isEqualTo(first);
    }

    private Refresh.Occasion occasion(Double... scores) {
        List<TrustManager.Score> last = new ArrayList<>();
        for (Double score : scores) {
            last.add(score == null ? null : new TrustManager.Score(score, 0, 0, 0, 0));
        }
        int[] users = IntStream.range(0, scores.length).toArray();
        return new Refresh.Occasion(1, 1, 0, of(1, users), last, 0, moving, AdaptiveMemory.NONE, 0, new double[0]);
    }

    @Test
    void surpriseIsTheTotalVariationOverCandidatesWithBothScores() {
        assertThat(Surprise.of(occasion(1.0, 1.0, 0.0), new double[] {1, 0, 1})).isCloseTo(0.5, within(1e-15));
        assertThat(Surprise.of(occasion(1.0, 1.0, null), new double[] {1, 3, 9}))
                .as("user 2 was unknown")
                .isCloseTo(0.25, within(1e-15));
        assertThat(Surprise.of(occasion(1.0, 1.0, 1.0), new double[] {1, 3, Double.NaN}))
                .isCloseTo(0.25, within(1e-15));
    }

    @Test
    void onlyCandidatesThatMatterAreMeasuredUntilThatHasCostAsMuchAsAll() {
        TrustManager m = manager(moving, adaptive(UNLIMITED));
        moving.scores = new double[] {1, 1, 0.01, 0.01};
        List<Integer> passes = new ArrayList<>();
        for (int turn = 0; turn < 7; turn++) {
            // It moves as fast as it may, so that it is measured in every turn.
            moving.scores[1] = turn % 2 == 0 ? 1 : 9;
            passes.add(mix(m, turn, of(turn, 0, 1, 2, 3)).passes());
        }
        assertThat(passes).containsExactly(4, 2, 2, 4, 2, 2, 4);
    }

    @Test
    void allAreMeasuredAfterTheLongestInterval() {
        TrustManager m = manager(moving, adaptive(UNLIMITED));
        moving.scores = new double[] {1, 1, 0.01, 0.01, 0.01, 0.01, 0.01, 0.01};
        List<Integer> all = new ArrayList<>();
        for (int turn = 0; turn < 20; turn++) {
            if (mix(m, turn, of(turn, 0, 1, 2, 3, 4, 5, 6, 7)).passes() == 8) {
                all.add(turn);
            }
        }
        assertThat(all).containsExactly(0, 15);
    }

    /** Losses of turns of training, as of a user whose data has changed in the last of them. */
    private static void alarm(TrustManager m) {
        for (int turn = 0; turn < 8; turn++) {
            m.trained(1 + 0.1 * (turn % 2));
        }
        m.trained(3);
    }

    @Test
    void anAlarmMakesAllBeMeasuredAlthoughTrustHadSettled() {
        TrustManager m = manager(moving, adaptive(UNLIMITED));
        moving.scores = new double[] {1, 1, 0.01, 0.01, 0.01, 0.01, 0.01, 0.01};
        for (int turn = 0; turn < 16; turn++) {
            mix(m, turn, of(turn, 0, 1, 2, 3, 4, 5, 6, 7));
        }
        assertThat(mix(m, 16, of(16, 0, 1, 2, 3, 4, 5, 6, 7)).passes()).isZero();
        alarm(m);
        assertThat(mix(m, 17, of(17, 0, 1, 2, 3, 4, 5, 6, 7)).passes()).isEqualTo(8);
        assertThat(mix(m, 18, of(18, 0, 1, 2, 3, 4, 5, 6, 7)).passes())
                .as("nothing has moved: a false alarm")
                .isZero();
    }

    @Test
    void afterAnAlarmTrustIsMeasuredInEachTurnWhileItMoves() {
        TrustManager m = manager(moving, adaptive(UNLIMITED));
        measured(m, 0, 20);
        alarm(m);
        moving.restless = true;
        assertThat(measured(m, 20, 24)).containsExactly(20, 21, 22, 23);
    }

    @Test
    void onlyAnAlarmMaySpendTheReserve() {
        moving.restless = true;
        TrustManager m = manager(moving, adaptive(0.25));
        assertThat(measured(m, 0, 14)).containsExactly(0, 1, 2, 5, 9, 13);
        alarm(m);
        assertThat(measured(m, 14, 40))
                .as("one more at once, and as many as before in the long run")
                .startsWith(14, 17, 21, 25);
        TrustManager without = manager(moving, new AdaptiveRefresh(0.25, 0.1, 8, 0));
        moving.scores = new double[] {1, 1};
        measured(without, 0, 14);
        alarm(without);
        assertThat(measured(without, 14, 40)).startsWith(17, 21, 25);
    }

    @Test
    void alarmsDoNotRaiseTheBudget() {
        moving.restless = true;
        TrustManager m = manager(moving, adaptive(0.25));
        int passes = 0;
        for (int turn = 0; turn < 400; turn++) {
            m.trained(turn % 12 == 11 ? 3 : 1 + 0.1 * (turn % 2));
            passes += mix(m, turn, of(turn, 0, 1)).passes();
        }
        assertThat(passes)
                .as("a quarter, two in advance, one from the reserve, and one with credit left")
                .isLessThanOrEqualTo((int) (0.25 * 800) + 2 * (2 + 1 + 1));
    }

    @Test
    void settingsAreChecked() {
        assertThatThrownBy(() -> new AdaptiveRefresh(0, 0.1, 8, 1))
                .hasMessage("budget must be greater than 0 and at" + " most 1, found 0.0");
        assertThatThrownBy(() -> new AdaptiveRefresh(0.2, 2, 8, 1)).hasMessageStartingWith("tolerance must be");
        assertThatThrownBy(() -> new AdaptiveRefresh(0.2, 0.1, 0, 1)).hasMessageStartingWith("longest must be");
        assertThatThrownBy(() -> new AdaptiveRefresh(0.2, 0.1, 8, -1))
                .hasMessage("reserve must be from 0 to 100, found -1.0");
    }
}
