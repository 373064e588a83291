package coterie.model.learn;

import static coterie.model.learn.LoraFixture.LAYOUT;
import static coterie.model.learn.LoraFixture.USERS;
import static coterie.model.learn.LoraFixture.dataset;
import static coterie.model.learn.LoraFixture.device;
import static coterie.model.learn.LoraFixture.learners;
import static coterie.model.learn.LoraFixture.predictions;
import static coterie.model.learn.LoraFixture.rounds;
import static coterie.model.learn.LoraFixture.rules;
import static coterie.model.learn.LoraFixture.trustManager;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import coterie.model.adapter.AdapterLayout;
import coterie.model.exchange.Exchange;
import coterie.model.text.DataException;
import coterie.model.text.FederatedDataset;
import coterie.model.text.UserData;
import coterie.model.torch.ComputeDevice;
import coterie.model.torch.Torch;
import coterie.topology.random.Purpose;
import coterie.topology.random.RandomStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Training steps, evaluations and the workers of a device. */
class LoraTrainingTest {
    @Test
    void neitherThreadsNorStackingChangeABit() {
        List<TurnOutcome> alone;
        try (LearningDevice on = device(1, 1)) {
            alone = rounds(on, rules(2, 1, Exchange.PARAMETERS), predictions(), 4);
        }
        for (int[] shape : new int[][] {{1, 5}, {2, 2}, {4, 3}}) {
            try (LearningDevice on = device(shape[0], shape[1])) {
                List<TurnOutcome> other = rounds(on, rules(2, 1, Exchange.PARAMETERS), predictions(), 4);
                for (int u = 0; u < USERS; u++) {
                    assertThat(other.get(u).parameters()).isEqualTo(alone.get(u).parameters());
                    assertThat(other.get(u).row().weights())
                            .isEqualTo(alone.get(u).row().weights());
                    assertThat(other.get(u).evaluations())
                            .isEqualTo(alone.get(u).evaluations());
                    assertThat(other.get(u).snapshot().predictions())
                            .isEqualTo(alone.get(u).snapshot().predictions());
                }
            }
        }
    }

    @Test
    void trainingLowersTheLoss() {
        try (LearningDevice on = device(2, 4)) {
            List<TurnOutcome> first = rounds(on, rules(4, 1, Exchange.PARAMETERS), predictions(), 1);
            List<TurnOutcome> later = rounds(on, rules(4, 1, Exchange.PARAMETERS), predictions(), 30);
            for (int u = 0; u < USERS; u++) {
                assertThat(later.get(u).evaluations().get(0).loss())
                        .isLessThan(first.get(u).evaluations().get(0).loss() - 0.1);
            }
        }
    }

    @Test
    void accumulatedPassesMakeOneUpdateOfTheirMeanGradient() {
        LearningRules rules = rules(2, 2, Exchange.PARAMETERS);
        float[] start = LAYOUT.start(AdapterLayout.Start.SHARED, 1, 0);
        try (LearningDevice on = device(1, 1);
                NDManager m = on.device().root().newSubManager()) {
            Torch.prepareThread();
            NDArray row = ComputeDevice.array(m, start, start.length);
            NDArray mean = m.zeros(row.getShape());
            for (int pass = 0; pass < 2; pass++) {
                TokenWindows w = TokenWindows.random(
                        dataset().users().get(0).train(), 2, 16, RandomStream.of(1, Purpose.BATCH, 0, 0, pass));
                long seed = RandomStream.name(1, Purpose.DROPOUT, 0, 0, pass);
                mean.addi(on.program()
                        .gradients(
                                m.create(w.ids(), new Shape(2, 16)),
                                m.create(w.targets(), new Shape(2, 16)),
                                LAYOUT,
                                List.of(row),
                                new long[] {seed},
                                on.base(),
                                m)
                        .gradient()
                        .get(0)
                        .mul(ComputeDevice.array(m, new float[] {0.5f}, 1)));
            }
            on.program()
                    .update(
                            List.of(row),
                            mean.reshape(1, start.length),
                            List.of(m.zeros(row.getShape())),
                            List.of(m.zeros(row.getShape())),
                            new double[] {rules.schedule().rate(0)},
                            new double[] {1},
                            1,
                            m);
            TurnOutcome o = learners(on, rules, predictions())
                    .get(0)
                    .turn(TurnPlan.turn(0, TurnPlan.Own.INSTANCE, 0).train(1).build())
                    .join();
            assertThat(o.tokens()).isEqualTo(2 * 2 * 16);
            assertThat(o.parameters()).containsExactly(row.toFloatArray(), within(1e-6f));
        }
    }

    @Test
    void aTurnMayBeginFromGivenParameters() {
        try (LearningDevice on = device(1, 1)) {
            Learner me = learners(on, rules(4, 1, Exchange.PARAMETERS), predictions())
                    .get(0);
            float[] given = LAYOUT.start(AdapterLayout.Start.SHARED, 9, 3);
            assertThat(me.turn(TurnPlan.turn(0, new TurnPlan.Given(given), 0).build())
                            .join()
                            .parameters())
                    .isEqualTo(given);
        }
    }

    @Test
    void evaluationsComeAtTheirIterationsAndNotTwiceAtATurnsEnd() {
        try (LearningDevice on = device(1, 1)) {
            Learner me = learners(on, rules(2, 1, Exchange.PARAMETERS), predictions())
                    .get(0);
            TurnOutcome o = me.turn(TurnPlan.turn(0, TurnPlan.Own.INSTANCE, 0)
                            .evaluateFirst(true)
                            .train(15)
                            .build())
                    .join();
            assertThat(o.evaluations())
                    .extracting(TurnOutcome.Evaluation::iteration)
                    .containsExactly(0, 5, 10);
            assertThat(o.snapshot()).isNull();
            assertThat(o.tokens()).isEqualTo(15 * 2 * 16);
        }
    }

    @Test
    void aUserWithTooLittleTextIsRefused() {
        FederatedDataset poor = new FederatedDataset(
                List.of("a"),
                List.of(new UserData(new int[16], new int[0], new int[0], new int[40], new double[] {1})),
                new int[1][0]);
        try (LearningDevice on = device(1, 1)) {
            assertThatThrownBy(() -> on.learner(
                            0,
                            poor,
                            LAYOUT,
                            new float[LAYOUT.size()],
                            rules(2, 1, Exchange.PARAMETERS),
                            trustManager(0, predictions())))
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining("16 train tokens");
        }
    }

    @Test
    void turnsThatAreStoppedFailAndTheDeviceGoesOn() {
        try (LearningDevice on = device(2, 2)) {
            List<Learner> learners = learners(on, rules(4, 1, Exchange.PARAMETERS), predictions());
            var endless = learners.stream()
                    .map(l -> l.turn(TurnPlan.turn(0, TurnPlan.Own.INSTANCE, 0)
                            .train(1_000_000)
                            .build()))
                    .toList();
            on.settle();
            endless.forEach(f -> assertThatThrownBy(f::join).hasMessageContaining("stopped"));
            learners.forEach(Learner::close);
            assertThat(rounds(on, rules(2, 1, Exchange.PARAMETERS), predictions(), 1))
                    .hasSize(USERS);
        }
    }

    @Tag("slow")
    @Test
    void threeHundredTurnsLeaveNoNativeMemoryBehind() throws IOException {
        try (LearningDevice on = device(2, 4)) {
            rounds(on, rules(2, 1, Exchange.PARAMETERS), predictions(), 60);
            long before = resident();
            int arrays = on.device().root().getManagedArrays().size();
            rounds(on, rules(2, 1, Exchange.PARAMETERS), predictions(), 300);
            assertThat(on.device().root().getManagedArrays())
                    .as("arrays with an owner")
                    .hasSize(arrays);
            // A pass's arrays, once a turn, would be gigabytes; Java's own heap moves by some megabytes.
            assertThat(resident() - before)
                    .as("bytes grown over 300 turns of %d users", USERS)
                    .isLessThan(64L << 20);
        }
    }

    private static long resident() throws IOException {
        System.gc();
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(l -> l.startsWith("VmRSS:"))
                .mapToLong(l -> 1024 * Long.parseLong(l.replaceAll("\\D", "")))
                .findFirst()
                .orElseThrow();
    }
}
