package coterie.actors.clock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import coterie.actors.ArithmeticLearner;
import coterie.actors.ArithmeticLearner.Setting;
import coterie.model.trust.Snapshot;
import coterie.topology.random.Stream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Runs that are saved somewhere and go on from there, by other actors, with other learners: nobody could tell. */
class CheckpointTest {
    private static final int WORLDS = Integer.getInteger("coterie.checkpoints", 300);

    /** Saves whenever so many turns have ended since the last time. */
    private static final class EveryTurns implements Checkpoints {
        private final long every;
        private final List<String> text;
        private final List<InMemory> saved = new ArrayList<>();
        private final List<Integer> lines = new ArrayList<>();
        private long last;

        EveryTurns(long every, List<String> text) {
            this.every = every;
            this.text = text;
        }

        @Override
        public boolean due(long turns) {
            boolean due = turns >= last + every;
            last = due ? turns : last;
            return due;
        }

        @Override
        public Writing begin() {
            InMemory run = new InMemory();
            lines.add(text.size());
            return new Writing() {
                @Override
                public void user(Report.Frozen u) {
                    run.users.put(u.user(), u);
                    u.snapshots().forEach(run::keep);
                }

                @Override
                public void finish(ClockState clock) {
                    run.clock = RunCodec.write(clock, run::keep);
                    saved.add(run);
                }

                @Override
                public void close() {
                    // Nothing is held.
                }
            };
        }
    }

    /** A saved run, of which nothing is left but bytes. */
    private static final class InMemory implements SavedRun {
        private final Map<Integer, Report.Frozen> users = new HashMap<>();
        private final Map<Snapshot.Key, byte[]> snapshots = new HashMap<>();
        private byte[] clock;

        private void keep(Snapshot s) {
            snapshots.put(s.key(), RunCodec.whole(s));
        }

        @Override
        public int users() {
            return users.size();
        }

        @Override
        public ClockState clock() {
            return read(this::snapshot);
        }

        @Override
        public ClockState clockWithoutSnapshots() {
            return read(Snapshot::absent);
        }

        private ClockState read(Function<Snapshot.Key, Snapshot> from) {
            try {
                return (ClockState) RunCodec.read(clock, from);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public byte[] life(int user) {
            return users.get(user).life();
        }

        @Override
        public List<Snapshot.Key> refersTo(int user) {
            return users.get(user).refersTo();
        }

        @Override
        public Snapshot snapshot(Snapshot.Key key) {
            try {
                return (Snapshot) RunCodec.readWhole(snapshots.get(key));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

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
        Setting setting = DrawnWorlds.drawn(seed);
        List<String> text = new ArrayList<>();
        EveryTurns checkpoints = new EveryTurns(1 + Math.floorMod(Stream.mix(seed), 40), text);
        RunResult whole;
        try (Simulation s = engine.start(setting.world(), ArithmeticLearner.of(setting, executor), o -> text.add(RepeatabilityTest.text(o)),
                new Simulation.Virtual(), checkpoints, null)) {
            whole = s.await();
        }
        if (checkpoints.saved.isEmpty()) {
            return 0;
        }
        int which = (int) Math.floorMod(Stream.mix(seed + 1), (long) checkpoints.saved.size());
        SavedRun state = checkpoints.saved.get(which);
        List<String> again = new ArrayList<>(text.subList(0, checkpoints.lines.get(which)));
        RunResult resumed;
        try (Simulation s = engine.start(setting.world(), ArithmeticLearner.of(setting, executor), o -> again.add(RepeatabilityTest.text(o)),
                new Simulation.Virtual(), Checkpoints.NONE, state)) {
            resumed = s.await();
        }
        assertThat(resumed.traceHash()).isEqualTo(whole.traceHash());
        assertThat(resumed.virtualSeconds()).isEqualTo(whole.virtualSeconds());
        assertThat(again).isEqualTo(text);
        for (int u = 0; u < whole.users().size(); u++) {
            assertThat(resumed.users().get(u).parameters()).isEqualTo(whole.users().get(u).parameters());
            assertThat(resumed.users().get(u).post()).isEqualTo(whole.users().get(u).post());
        }
        return 1;
    }

    @Test
    void savingChangesNothing() {
        Setting setting = RepeatabilityTest.busy(12);
        List<String> text = new ArrayList<>();
        EveryTurns checkpoints = new EveryTurns(10, text);
        try (Simulation s = Runs.start(setting.world(), ArithmeticLearner.of(setting, Runnable::run), o -> text.add(RepeatabilityTest.text(o)), checkpoints)) {
            assertThat(s.await().traceHash()).isEqualTo(RepeatabilityTest.run(setting, 2).result().traceHash());
        }
        assertThat(checkpoints.saved).hasSizeBetween(8, 14);
    }

    @Test
    void aRunThatIsStoppedIsSavedFirst() {
        Setting setting = RepeatabilityTest.busy(12);
        List<String> text = new ArrayList<>();
        EveryTurns checkpoints = new EveryTurns(Long.MAX_VALUE / 2, text);
        ExecutorService slow = Executors.newSingleThreadExecutor();
        try (Simulation s = Runs.start(setting.world(), ArithmeticLearner.of(setting, task -> slow.execute(() -> {
            try {
                Thread.sleep(2);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            task.run();
        })), o -> text.add(RepeatabilityTest.text(o)), checkpoints)) {
            s.stop();
            assertThat(s.await().completed()).isFalse();
        } finally {
            slow.shutdownNow();
        }
        assertThat(checkpoints.saved).hasSize(1);
        SavedRun state = checkpoints.saved.get(0);
        try (Engine engine = new Engine(); Simulation s = engine.start(setting.world(), ArithmeticLearner.of(setting, Runnable::run), o -> { },
                new Simulation.Virtual(), Checkpoints.NONE, state)) {
            assertThat(s.await().traceHash()).isEqualTo(RepeatabilityTest.run(setting, 1).result().traceHash());
        }
    }
}
