package coterie.actors.clock;

import static org.assertj.core.api.Assertions.assertThat;

import coterie.actors.event.Observation;
import coterie.actors.event.RecordLevel;
import coterie.actors.schedule.TurnSchedule;
import coterie.actors.user.SimulationConfig;
import coterie.actors.verify.Verifier;
import coterie.model.learn.Learner;
import coterie.model.learn.NullLearner;
import coterie.model.learn.TurnOutcome;
import coterie.model.learn.TurnPlan;
import coterie.topology.device.ComputeTime;
import coterie.topology.graph.GraphModel;
import coterie.topology.graph.Neighbourhoods;
import coterie.topology.network.Bandwidth;
import coterie.topology.network.Latency;
import coterie.topology.network.Links;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The same configuration under both clocks. */
class WallClockTest {
    private static final double SPEED = 100;

    private static SimulationConfig config(double until) {
        return SimulationConfig.builder(3, Neighbourhoods.fixed(new GraphModel.Ring().build(6, 3)))
                .links(new Links(new Latency.Uniform(500, 4000), 0.1))
                .bandwidth(new Bandwidth.Constant(1, 1))
                .compute(new ComputeTime.LogNormal(10, 0.5))
                .schedule(new TurnSchedule(1000, 0, 1, 0))
                .until(until)
                .records(RecordLevel.MESSAGES)
                .build();
    }

    private static List<Learner> learners(int users) {
        List<Learner> all = new ArrayList<>();
        for (int u = 0; u < users; u++) {
            all.add(new NullLearner(u, new float[25_000]));
        }
        return all;
    }

    @Test
    void theWallClockIsNeverAheadOfTheVirtualOneAndItsRunIsTrue() {
        SimulationConfig config = config(300);
        RunResult virtual;
        try (Simulation s = Runs.start(config, learners(6), o -> {})) {
            virtual = s.await();
        }
        Verifier verifier = new Verifier(config, false);
        RunResult wall;
        try (Simulation s = Runs.start(config, learners(6), verifier::observed, new Simulation.Wall(SPEED))) {
            wall = s.await();
        }
        assertThat(wall.endedBy()).isEqualTo(RunResult.EndedBy.TIME);
        for (int u = 0; u < 6; u++) {
            // The delay depends on the machine.
            assertThat(wall.users().get(u).turns())
                    .as("turns of user %d", u)
                    .isBetween(1, virtual.users().get(u).turns());
        }
        verifier.finished(SimulatedWorldsTest.totals(wall));
        assertThat(verifier.violations()).isEmpty();
        assertThat(verifier.checked()).isPositive();
    }

    @Test
    void aComputationThatTakesLongerThanWasModelledEndsLater() {
        SimulationConfig config = SimulationConfig.builder(3, Neighbourhoods.fixed(new GraphModel.Ring().build(2, 3)))
                .compute(new ComputeTime.Constant(1))
                .schedule(new TurnSchedule(3, 0, 1, 0))
                .build();
        List<Learner> slow = new ArrayList<>();
        for (Learner l : learners(2)) {
            slow.add(new Learner() {
                @Override
                public CompletableFuture<TurnOutcome> turn(TurnPlan plan) {
                    CompletableFuture<TurnOutcome> late = new CompletableFuture<>();
                    l.turn(plan)
                            .thenAccept(o -> CompletableFuture.delayedExecutor(100, TimeUnit.MILLISECONDS)
                                    .execute(() -> late.complete(o)));
                    return late;
                }

                @Override
                public void close() {
                    l.close();
                }
            });
        }
        List<Observation> seen = new ArrayList<>();
        try (Simulation s = Runs.start(config, slow, seen::add, new Simulation.Wall(SPEED))) {
            assertThat(s.await().endedBy()).isEqualTo(RunResult.EndedBy.TURNS);
        }
        // A tenth of a second is ten virtual seconds here; a turn should take one.
        assertThat(seen)
                .filteredOn(o -> o instanceof Observation.TurnEnded)
                .hasSize(6)
                .allSatisfy(o -> assertThat(o.seconds() - ((Observation.TurnEnded) o).started())
                        .isGreaterThan(9));
    }
}
