package coterie.model.learn;

import static org.assertj.core.api.Assertions.assertThat;

import coterie.model.adapter.AdapterLayout;
import coterie.model.exchange.Exchange;
import coterie.model.exchange.Predictions;
import coterie.model.exchange.Snapshot;
import coterie.model.trust.Selection;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Training that leaves the finite numbers. */
class DivergingTest {
    @Test
    void aTurnThatDivergesPublishesNothingAndChangesNoBitOfTheOthersInItsPass() {
        LearningRules calm = LoraFixture.rules(2, 1, Exchange.PARAMETERS);
        LearningRules wild = new LearningRules(
                1,
                2,
                1,
                16,
                Schedule.constant(1e30),
                Exchange.PARAMETERS,
                5,
                calm.evaluation(),
                calm.validation(),
                calm.predictions(),
                false,
                true);
        TurnPlan plan = TurnPlan.turn(0, TurnPlan.Own.INSTANCE, 0)
                .evaluateFirst(true)
                .train(8)
                .publish(true)
                .save(true)
                .build();
        List<TurnOutcome> alone;
        try (LearningDevice on = LoraFixture.device(1, 1)) {
            alone = LoraFixture.learners(on, calm, LoraFixture.predictions()).stream()
                    .map(l -> l.turn(plan).join())
                    .toList();
        }
        try (LearningDevice on = LoraFixture.device(1, LoraFixture.USERS)) {
            List<Learner> all = LoraFixture.learners(on, calm, LoraFixture.predictions());
            float[] start = LoraFixture.LAYOUT.start(AdapterLayout.Start.SHARED, 1, 0);
            Learner diverging = on.learner(
                    0,
                    LoraFixture.dataset(),
                    LoraFixture.LAYOUT,
                    start,
                    wild,
                    LoraFixture.trustManager(0, LoraFixture.predictions()));
            CompletableFuture<TurnOutcome> first = diverging.turn(plan);
            List<CompletableFuture<TurnOutcome>> others = all.subList(1, LoraFixture.USERS).stream()
                    .map(l -> l.turn(plan))
                    .toList();
            TurnOutcome lost = first.join();
            assertThat(lost.divergence()).isNotNull();
            assertThat(lost.divergence().iteration()).isBetween(1, 8);
            assertThat(lost.parameters()).isNull();
            assertThat(lost.snapshot()).isNull();
            assertThat(lost.evaluations())
                    .as("what was evaluated before counts")
                    .hasSize(1)
                    .allSatisfy(e -> assertThat(e.loss()).isFinite());
            for (int u = 1; u < LoraFixture.USERS; u++) {
                assertThat(others.get(u - 1).join().parameters())
                        .isEqualTo(alone.get(u).parameters());
                assertThat(others.get(u - 1).join().divergence()).isNull();
            }
        }
    }

    /** As on a GPU, where a turn learns of it after more steps. */
    @Test
    void itIsFoundAtItsIterationWhenLossesAreReadLater() {
        LearningRules calm = LoraFixture.rules(2, 1, Exchange.PARAMETERS);
        LearningRules wild = new LearningRules(
                1,
                2,
                1,
                16,
                iteration -> iteration < 3 ? 0.01 : 1e30,
                Exchange.PARAMETERS,
                100,
                calm.evaluation(),
                calm.validation(),
                calm.predictions(),
                false,
                true);
        TurnPlan plan = TurnPlan.turn(0, TurnPlan.Own.INSTANCE, 0)
                .evaluateFirst(true)
                .train(12)
                .publish(true)
                .build();
        List<Divergence> found = new ArrayList<>();
        for (String kind : List.of("alone", "constant")) {
            System.setProperty("coterie.passes", kind);
            try (LearningDevice on = LoraFixture.device(1, 4)) {
                TurnOutcome lost = LoraFixture.learners(on, wild, LoraFixture.predictions())
                        .get(0)
                        .turn(plan)
                        .join();
                assertThat(lost.evaluations()).hasSize(1);
                assertThat(lost.parameters()).isNull();
                found.add(lost.divergence());
            } finally {
                System.clearProperty("coterie.passes");
            }
        }
        assertThat(found.get(0).iteration()).isBetween(3, 5);
        assertThat(found.get(1)).isEqualTo(found.get(0));
    }

    @Test
    void whatIsNotFiniteIsFound() {
        for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
            for (int at = 0; at < 11; at++) {
                float[] row = new float[11];
                Arrays.fill(row, -Float.MAX_VALUE);
                assertThat(Snapshot.finite(row)).isTrue();
                row[at] = bad;
                assertThat(Snapshot.finite(row)).as("%s at %d", bad, at).isFalse();
            }
        }
        assertThat(Predictions.of(64, 2, new long[] {1, 2, 3, 4}, new float[] {1, 0, Float.POSITIVE_INFINITY, 0})
                        .finite())
                .isFalse();
        assertThat(Predictions.of(64, 2, new long[] {1, 2, 3, 4}, new float[] {1, 0, Float.NaN, 0})
                        .finite())
                .isFalse();
        assertThat(Predictions.of(64, 2, new long[] {1, 2, 3, 4}, new float[] {1, 0, 3, 0})
                        .finite())
                .isTrue();
        assertThat(Selection.ALL.row(1, new int[] {0, 1, 2}, new double[] {
                    Double.NEGATIVE_INFINITY, Double.NaN, Double.NEGATIVE_INFINITY
                }))
                .as("a user without finite scores keeps to itself")
                .containsExactly(0, 1, 0);
    }
}
