package coterie.actors.clock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import coterie.actors.ArithmeticLearner;
import coterie.actors.ArithmeticLearner.Setting;
import coterie.actors.event.Observation;
import coterie.actors.schedule.TurnSchedule;
import coterie.actors.user.SimulationConfig;
import coterie.model.exchange.Snapshot;
import coterie.model.learn.Learner;
import coterie.model.learn.TurnOutcome;
import coterie.model.learn.TurnPlan;
import coterie.topology.device.ComputeTime;
import coterie.topology.graph.GraphModel;
import coterie.topology.graph.Neighbourhoods;
import coterie.topology.network.Latency;
import coterie.topology.network.Links;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SimulationTest {
    private final ExecutorService executor = Executors.newFixedThreadPool(2);

    @AfterEach
    void shutDown() {
        executor.shutdownNow();
    }

    @Test
    void aStoppedRunKeepsWhatItHasAndSaysSo() {
        Setting setting = RepeatabilityTest.busy(12);
        List<Observation> seen = new ArrayList<>();
        CountDownLatch someTurns = new CountDownLatch(5);
        CountDownLatch stopped = new CountDownLatch(1);
        AtomicInteger turns = new AtomicInteger();
        // Later turns are computed only after the run was stopped, so that it cannot end earlier.
        Executor held = task -> executor.execute(() -> {
            if (turns.incrementAndGet() > 60) {
                await(stopped);
            }
            task.run();
        });
        RunResult result;
        try (Simulation s = Runs.start(setting.config(), ArithmeticLearner.of(setting, held), o -> {
            seen.add(o);
            if (o instanceof Observation.TurnEnded) {
                someTurns.countDown();
            }
        })) {
            await(someTurns);
            s.stop();
            s.stop();
            stopped.countDown();
            result = s.await();
        }
        assertThat(result.endedBy()).as("it says so").isEqualTo(RunResult.EndedBy.STOP);
        assertThat(result.completed()).isFalse();
        assertThat(seen).filteredOn(o -> o instanceof Observation.TurnEnded).hasSizeGreaterThanOrEqualTo(5);
        for (int u = 0; u < result.users().size(); u++) {
            int user = u;
            long lastHash = seen.stream()
                    .filter(o -> o instanceof Observation.TurnEnded && o.user() == user)
                    .mapToLong(o -> ((Observation.TurnEnded) o).hash())
                    .reduce(0, (a, b) -> b);
            float[] kept = result.users().get(u).parameters();
            assertThat(kept == null ? 0 : Snapshot.hash(kept))
                    .as("user " + u + " keeps the parameters of its last turn")
                    .isEqualTo(lastHash);
        }
    }

    @Test
    void timeStandsStillWhileARunIsPausedAndTheRunEndsTheSame() throws InterruptedException {
        Setting setting = RepeatabilityTest.busy(12);
        String hash;
        try (Simulation s = Runs.start(setting.config(), ArithmeticLearner.of(setting, executor), o -> {})) {
            hash = s.await().traceHash();
        }
        AtomicLong seen = new AtomicLong();
        AtomicInteger turns = new AtomicInteger();
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch paused = new CountDownLatch(1);
        // Turns are held back from a certain one on, so that the run cannot end before it is paused.
        Executor held = task -> executor.execute(() -> {
            if (turns.incrementAndGet() > 20) {
                begun.countDown();
                await(paused);
            }
            task.run();
        });
        try (Simulation s =
                Runs.start(setting.config(), ArithmeticLearner.of(setting, held), o -> seen.incrementAndGet())) {
            await(begun);
            s.pause(true);
            paused.countDown();
            long before = -1;
            for (int same = 0; same < 10; same++) {
                Thread.sleep(20);
                same = seen.get() == before ? same : 0;
                before = seen.get();
            }
            s.pause(true);
            s.pause(false);
            s.pause(false);
            assertThat(s.await().traceHash()).isEqualTo(hash);
            assertThat(seen.get()).as("it was in the middle").isGreaterThan(before);
        }
    }

    @Test
    void aPausedRunCanBeStopped() {
        Setting setting = RepeatabilityTest.busy(12);
        // No turn is computed before the run is stopped: such a small run could end before it is paused.
        CountDownLatch stopped = new CountDownLatch(1);
        Executor held = task -> executor.execute(() -> {
            await(stopped);
            task.run();
        });
        try (Simulation s = Runs.start(setting.config(), ArithmeticLearner.of(setting, held), o -> {})) {
            s.pause(true);
            s.stop();
            stopped.countDown();
            assertThat(s.await().completed()).isFalse();
        }
    }

    @Test
    void onTheFullGraphAsManySnapshotsAreAliveAsUsersAndNotTheSquare() {
        int users = 30;
        SimulationConfig config = SimulationConfig.builder(
                        1, Neighbourhoods.fixed(new GraphModel.Full().build(users, 1)))
                .links(new Links(new Latency.Constant(10), 0))
                .compute(new ComputeTime.LogNormal(10, 0.3))
                .schedule(new TurnSchedule(40, 0, 1, 0))
                .evaluateEvery(100)
                .build();
        List<WeakReference<Snapshot>> made = Collections.synchronizedList(new ArrayList<>());
        List<Learner> learners = new ArrayList<>();
        // Computed at once: a computation that waits for a device rightly holds its inputs.
        for (Learner small : ArithmeticLearner.of(new Setting(config, ArithmeticLearner.rules()), Runnable::run)) {
            Learner l = ((ArithmeticLearner) small).enlarged(5000);
            learners.add(new Learner() {
                @Override
                public CompletableFuture<TurnOutcome> turn(TurnPlan plan) {
                    return l.turn(plan).thenApply(o -> {
                        if (o.snapshot() != null) {
                            made.add(new WeakReference<>(o.snapshot()));
                        }
                        return o;
                    });
                }

                @Override
                public void close() {
                    l.close();
                }
            });
        }
        long[] most = new long[1];
        long[] seen = new long[1];
        try (Simulation s = Runs.start(config, learners, o -> {
            if (++seen[0] % 400 == 0) {
                // The run goes on meanwhile: only objects that existed before the collection are compared after it.
                List<WeakReference<Snapshot>> before = new ArrayList<>(made);
                System.gc();
                most[0] = Math.max(
                        most[0], before.stream().filter(r -> r.get() != null).count());
            }
        })) {
            assertThat(s.await().completed()).isTrue();
        }
        assertThat(made).hasSize(users * 40);
        assertThat(most[0])
                .as("snapshots alive at once: of each user the newest, the one in the making, and what is on its way")
                .isBetween(1L, 3L * users);
    }

    @Test
    void anObserverThatCannotRecordEndsTheRun() {
        Setting setting = RepeatabilityTest.busy(12);
        try (Simulation s = Runs.start(setting.config(), ArithmeticLearner.of(setting, executor), o -> {
            throw new IllegalStateException("disk full");
        })) {
            assertThatThrownBy(s::await)
                    .isInstanceOf(RunFailedException.class)
                    .hasMessageContaining("recording failed: disk full");
        }
    }

    @Test
    void aUserThatFailsEndsTheRunAndIsNamed() {
        Setting setting = RepeatabilityTest.busy(12);
        List<Learner> learners = ArithmeticLearner.of(setting, executor);
        int failing = learners.size() - 1;
        learners.set(
                failing,
                new ArithmeticLearner(
                        failing,
                        1,
                        2,
                        task -> {
                            throw new IllegalStateException("no device");
                        },
                        ArithmeticLearner.rules()));
        try (Simulation s = Runs.start(setting.config(), learners, o -> {})) {
            assertThatThrownBy(s::await)
                    .hasMessageContaining("user " + failing + " failed")
                    .hasMessageContaining("no device");
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
