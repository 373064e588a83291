package coterie.actors.clock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import coterie.actors.ArithmeticLearner;
import coterie.actors.ArithmeticLearner.Setting;
import coterie.actors.checkpoint.Checkpoints;
import coterie.actors.checkpoint.RunCheckpoint;
import coterie.actors.event.RecordLevel;
import coterie.actors.schedule.TurnSchedule;
import coterie.actors.user.SimulationConfig;
import coterie.actors.user.SimulationConfigBuilder;
import coterie.model.learn.Learner;
import coterie.model.learn.TurnOutcome;
import coterie.model.learn.TurnPlan;
import coterie.topology.device.ComputeTime;
import coterie.topology.device.Faults;
import coterie.topology.graph.GraphModel;
import coterie.topology.graph.Neighbourhoods;
import coterie.topology.network.Bandwidth;
import coterie.topology.network.Latency;
import coterie.topology.network.Links;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A run can be stopped under any configuration, and cutting a window changes no result. */
class StopTest {
    private final ExecutorService executor = Executors.newFixedThreadPool(2);

    @AfterEach
    void stop() {
        executor.shutdownNow();
    }

    private static SimulationConfigBuilder ring(int users) {
        return SimulationConfig.builder(1, Neighbourhoods.fixed(new GraphModel.Ring().build(users, 1)))
                .schedule(new TurnSchedule(2_000_000_000, 0, 1, 0))
                .evaluateEvery(Integer.MAX_VALUE);
    }

    private static Setting setting(SimulationConfigBuilder config) {
        return new Setting(config.build(), ArithmeticLearner.rules());
    }

    /** Lets a run go on for a moment, stops it, and waits for its end; it would never end by itself. */
    private static RunResult stopped(Setting setting, List<Learner> learners, Checkpoints checkpoints)
            throws InterruptedException {
        try (Simulation s = Runs.start(setting.config(), learners, o -> {}, checkpoints)) {
            Thread.sleep(700);
            s.stop();
            RunResult r = s.await();
            assertThat(r.endedBy()).isEqualTo(RunResult.EndedBy.STOP);
            return r;
        }
    }

    @Test
    void inAWindowThatNeverEnds() throws InterruptedException {
        // All messages arrive after the end of time: users are independent, and all turns are one window.
        Setting setting = setting(
                ring(4).links(new Links(new Latency.Constant(3e10), 0)).compute(new ComputeTime.Constant(1e-3)));
        MemoryCheckpoints saved = new MemoryCheckpoints(Long.MAX_VALUE / 2, () -> 0);
        List<Learner> learners = ArithmeticLearner.of(
                setting,
                task -> executor.execute(() -> {
                    sleep(1);
                    task.run();
                }));
        assertThat(stopped(setting, learners, saved).events()).isPositive();
        assertThat(saved.saved()).hasSize(1);
    }

    @Test
    void whileTimeHardlyGoesOn() throws InterruptedException {
        Setting setting =
                setting(ring(4).links(new Links(new Latency.Constant(0), 0)).compute(new ComputeTime.Constant(1e-300)));
        stopped(setting, ArithmeticLearner.of(setting, executor), new MemoryCheckpoints(Long.MAX_VALUE / 2, () -> 0));
    }

    @Test
    void whileDevicesFailFasterThanTheyCompute() throws InterruptedException {
        Setting setting = setting(
                ring(4).compute(new ComputeTime.Constant(30)).faults(new Faults(List.of(), 3600, 1e-3, 1, false)));
        List<Learner> learners = ArithmeticLearner.of(
                setting,
                task -> executor.execute(() -> {
                    sleep(20);
                    task.run();
                }));
        MemoryCheckpoints saved = new MemoryCheckpoints(Long.MAX_VALUE / 2, () -> 0);
        stopped(setting, learners, saved);
        assertThat(saved.saved())
                .as("no more than one lost turn waits for another")
                .hasSize(1);
    }

    @Test
    void whileAComputationNeverEnds() throws InterruptedException {
        Setting setting = setting(ring(3));
        List<Learner> learners = ArithmeticLearner.of(setting, executor);
        Learner other = learners.get(1);
        learners.set(1, new Learner() {
            @Override
            public CompletableFuture<TurnOutcome> turn(TurnPlan plan) {
                return plan.turn() < 2 ? other.turn(plan) : new CompletableFuture<>();
            }

            @Override
            public void close() {
                other.close();
            }
        });
        MemoryCheckpoints saved = new MemoryCheckpoints(Long.MAX_VALUE / 2, () -> 0);
        RunResult r = stopped(setting, learners, saved);
        assertThat(r.users().get(0).parameters())
                .as("what the others have is kept")
                .isNotNull();
        assertThat(saved.saved()).isEmpty();
    }

    @Test
    void whileTransfersTakeForEver() throws InterruptedException {
        Setting setting = setting(
                ring(6).links(new Links(new Latency.Constant(0), 0)).bandwidth(new Bandwidth.LogNormal(1e-9, 1e-9, 2)));
        stopped(setting, ArithmeticLearner.of(setting, executor), new MemoryCheckpoints(Long.MAX_VALUE / 2, () -> 0));
    }

    @Test
    void whatIsSavedInTheMiddleOfAWindowGoesOnAsIfNothingHadHappened() throws InterruptedException {
        // Ten turns fit into a window; each takes a while.
        SimulationConfig config = SimulationConfig.builder(1, Neighbourhoods.fixed(new GraphModel.Full().build(5, 1)))
                .links(new Links(new Latency.Uniform(100_000, 200_000), 0.1))
                .bandwidth(new Bandwidth.Constant(1e-5, 1e-5))
                .compute(new ComputeTime.LogNormal(10, 0.5))
                .schedule(new TurnSchedule(300, 0, 2, 0))
                .evaluateEvery(4)
                .records(RecordLevel.MESSAGES)
                .build();
        Setting setting = new Setting(config, ArithmeticLearner.rules());
        List<String> whole = new ArrayList<>();
        String hash;
        try (Simulation s = Runs.start(
                config, ArithmeticLearner.of(setting, Runnable::run), o -> whole.add(ObservationText.of(o)))) {
            hash = s.await().traceHash();
        }
        List<String> text = new ArrayList<>();
        RunCheckpoint from = null;
        int stops = 0;
        try (Engine engine = new Engine()) {
            for (boolean completed = false; !completed; ) {
                MemoryCheckpoints saved = new MemoryCheckpoints(Long.MAX_VALUE / 2, text::size);
                List<Learner> slow = ArithmeticLearner.of(
                        setting,
                        task -> executor.execute(() -> {
                            sleep(3);
                            task.run();
                        }));
                try (Simulation s = engine.start(
                        config, slow, o -> text.add(ObservationText.of(o)), new Simulation.Virtual(), saved, from)) {
                    Thread.sleep(150);
                    s.stop();
                    RunResult r = s.await();
                    completed = r.completed();
                    if (completed) {
                        assertThat(r.traceHash()).isEqualTo(hash);
                    } else {
                        from = saved.saved().get(0);
                        text.subList(saved.marks().get(0), text.size()).clear();
                        stops++;
                    }
                }
            }
        }
        assertThat(stops).isGreaterThan(3);
        assertThat(text).isEqualTo(whole);
    }

    @Test
    void whereverWindowsAreCutTheRunIsTheSame() {
        Long only = Long.getLong("coterie.seed");
        for (long seed = only == null ? 1 : only; seed <= (only == null ? 200 : only); seed++) {
            Setting setting = RandomConfigs.drawn(seed);
            List<String> text = new ArrayList<>();
            List<String> cut = new ArrayList<>();
            String hash;
            try (Simulation s = Runs.start(
                    setting.config(), ArithmeticLearner.of(setting, executor), o -> text.add(ObservationText.of(o)))) {
                hash = s.await().traceHash();
            }
            AtomicBoolean over = new AtomicBoolean();
            try (Simulation s = Runs.start(
                    setting.config(), ArithmeticLearner.of(setting, executor), o -> cut.add(ObservationText.of(o)))) {
                Thread cutter = new Thread(() -> {
                    while (!over.get()) {
                        s.pause(true);
                        s.pause(false);
                        LockSupport.parkNanos(200_000);
                    }
                });
                cutter.start();
                try {
                    assertThat(s.await().traceHash()).as("seed %d", seed).isEqualTo(hash);
                } finally {
                    over.set(true);
                    join(cutter);
                }
            } catch (RunFailedException e) {
                fail("seed " + seed + ": " + e.getMessage(), e);
            }
            assertThat(cut).as("seed %d", seed).isEqualTo(text);
        }
    }

    private static void join(Thread t) {
        try {
            t.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void sleep(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
