package coterie.actors.clock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import coterie.actors.ArithmeticLearner;
import coterie.actors.ArithmeticLearner.Setting;
import coterie.actors.checkpoint.Checkpoints;
import coterie.actors.checkpoint.RunCheckpoint;
import coterie.topology.random.RandomStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

/** Runs that are resumed from any checkpoint, by other actors, with other learners, give the same results. */
class CheckpointTest {
    private static final int WORLDS = Integer.getInteger("coterie.checkpoints", 300);

    @Test
    void aRunThatGoesOnFromAnyCheckpointEndsAsIfNothingHadHappened() {
        Long only = Long.getLong("coterie.seed");
        ExecutorService executor = Executors.newFixedThreadPool(2);
        int resumed = 0;
        try (Engine engine = new Engine()) {
            for (long seed = only == null ? 1 : only; seed <= (only == null ? WORLDS : only); seed++) {
                try {
                    resumed += check(engine, seed, executor);
                } catch (RuntimeException | AssertionError e) {
                    fail("seed " + seed + " (repeat it with -Dcoterie.seed=" + seed + "): " + e.getMessage(), e);
                }
            }
        } finally {
            executor.shutdownNow();
        }
        assertThat(resumed).isGreaterThan(only == null ? WORLDS / 2 : 0);
    }

    private static int check(Engine engine, long seed, ExecutorService executor) {
        Setting setting = RandomConfigs.drawn(seed);
        List<String> text = new ArrayList<>();
        MemoryCheckpoints checkpoints =
                new MemoryCheckpoints(1 + Math.floorMod(RandomStream.mix(seed), 40), text::size);
        RunResult whole;
        try (Simulation s = engine.start(
                setting.config(),
                ArithmeticLearner.of(setting, executor),
                o -> text.add(ObservationText.of(o)),
                new Simulation.Virtual(),
                checkpoints,
                null)) {
            whole = s.await();
        }
        if (checkpoints.saved().isEmpty()) {
            return 0;
        }
        int which = (int) Math.floorMod(
                RandomStream.mix(seed + 1), (long) checkpoints.saved().size());
        RunCheckpoint state = checkpoints.saved().get(which);
        List<String> again = new ArrayList<>(text.subList(0, checkpoints.marks().get(which)));
        RunResult resumed;
        try (Simulation s = engine.start(
                setting.config(),
                ArithmeticLearner.of(setting, executor),
                o -> again.add(ObservationText.of(o)),
                new Simulation.Virtual(),
                Checkpoints.NONE,
                state)) {
            resumed = s.await();
        }
        assertThat(resumed.traceHash()).isEqualTo(whole.traceHash());
        assertThat(resumed.virtualSeconds()).isEqualTo(whole.virtualSeconds());
        assertThat(again).isEqualTo(text);
        for (int u = 0; u < whole.users().size(); u++) {
            assertThat(resumed.users().get(u).parameters())
                    .isEqualTo(whole.users().get(u).parameters());
            assertThat(resumed.users().get(u).messages())
                    .isEqualTo(whole.users().get(u).messages());
        }
        return 1;
    }

    @Test
    void savingChangesNothing() {
        Setting setting = RepeatabilityTest.busy(12);
        List<String> text = new ArrayList<>();
        MemoryCheckpoints checkpoints = new MemoryCheckpoints(10, text::size);
        try (Simulation s = Runs.start(
                setting.config(),
                ArithmeticLearner.of(setting, Runnable::run),
                o -> text.add(ObservationText.of(o)),
                checkpoints)) {
            assertThat(s.await().traceHash())
                    .isEqualTo(RepeatabilityTest.run(setting, 2).result().traceHash());
        }
        assertThat(checkpoints.saved()).hasSizeBetween(8, 14);
    }

    @Test
    void aRunThatIsStoppedIsSavedFirst() {
        Setting setting = RepeatabilityTest.busy(12);
        List<String> text = new ArrayList<>();
        MemoryCheckpoints checkpoints = new MemoryCheckpoints(Long.MAX_VALUE / 2, text::size);
        ExecutorService slow = Executors.newSingleThreadExecutor();
        try (Simulation s = Runs.start(
                setting.config(),
                ArithmeticLearner.of(
                        setting,
                        task -> slow.execute(() -> {
                            try {
                                Thread.sleep(2);
                            } catch (InterruptedException e) {
                                Thread.currentThread().interrupt();
                            }
                            task.run();
                        })),
                o -> text.add(ObservationText.of(o)),
                checkpoints)) {
            s.stop();
            assertThat(s.await().completed()).isFalse();
        } finally {
            slow.shutdownNow();
        }
        assertThat(checkpoints.saved()).hasSize(1);
        RunCheckpoint state = checkpoints.saved().get(0);
        try (Engine engine = new Engine();
                Simulation s = engine.start(
                        setting.config(),
                        ArithmeticLearner.of(setting, Runnable::run),
                        o -> {},
                        new Simulation.Virtual(),
                        Checkpoints.NONE,
                        state)) {
            assertThat(s.await().traceHash())
                    .isEqualTo(RepeatabilityTest.run(setting, 1).result().traceHash());
        }
    }
}
