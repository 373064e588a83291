package coterie.actors.clock;

import static org.assertj.core.api.Assertions.assertThat;

import coterie.actors.ArithmeticLearner;
import coterie.actors.ArithmeticLearner.Setting;
import coterie.actors.clock.RunResult.EndedBy;
import coterie.actors.event.RecordLevel;
import coterie.actors.protocol.fedbuff.FedBuffProtocol;
import coterie.actors.schedule.Mode;
import coterie.actors.schedule.TurnSchedule;
import coterie.actors.user.PlainLoop;
import coterie.actors.user.SimulationConfig;
import coterie.actors.user.SimulationConfigBuilder;
import coterie.actors.user.UserProcess;
import coterie.actors.verify.Verifier;
import coterie.topology.device.ComputeTime;
import coterie.topology.device.Faults;
import coterie.topology.graph.GraphModel;
import coterie.topology.graph.Neighbourhoods;
import coterie.topology.network.Bandwidth;
import coterie.topology.network.Latency;
import coterie.topology.network.Links;
import coterie.topology.time.Ticks;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs that reach the end of virtual time, or in which no user is left, end there and say so. */
class EndOfTimeTest {
    private static SimulationConfigBuilder ring() {
        return SimulationConfig.builder(1, Neighbourhoods.fixed(new GraphModel.Ring().build(4, 1)))
                .schedule(new TurnSchedule(20, 0, 2, 0))
                .evaluateEvery(2)
                .records(RecordLevel.MESSAGES);
    }

    private static RunResult run(SimulationConfig config) {
        Setting setting = new Setting(config, ArithmeticLearner.rules());
        Verifier verifier = new Verifier(config);
        try (Simulation s = Runs.start(config, ArithmeticLearner.of(setting, Runnable::run), verifier::observed)) {
            RunResult r = s.await();
            verifier.completed(SimulatedWorldsTest.totals(r));
            assertThat(verifier.violations()).isEmpty();
            return r;
        }
    }

    @ParameterizedTest
    @EnumSource(Mode.class)
    void turnsThatTakeLongerThanThereIsTimeEndTheRunByTime(Mode mode) {
        RunResult r = run(
                ring().mode(mode).compute(new ComputeTime.LogNormal(8e6, 0.3)).build());
        assertThat(r.endedBy()).isEqualTo(EndedBy.TIME);
        assertThat(r.virtualSeconds()).isEqualTo(Ticks.LONGEST_SECONDS);
        assertThat(r.users()).allSatisfy(u -> assertThat(u.parameters()).isNotNull());
    }

    @ParameterizedTest
    @EnumSource(Mode.class)
    void messagesThatArriveAfterTheEndOfTimeDoToo(Mode mode) {
        RunResult r = run(ring().mode(mode)
                .links(new Links(new Latency.Uniform(2.9e10, 3e10), 0.1, 0.2, 0.5, 3e10, List.of()))
                .bandwidth(new Bandwidth.Constant(1e-12, 1e-12))
                .compute(new ComputeTime.Constant(1e6))
                .build());
        assertThat(r.endedBy()).isEqualTo(EndedBy.TIME);
    }

    @Test
    void aRunWithATimeOfItsOwnEndsThere() {
        RunResult r =
                run(ring().compute(new ComputeTime.Constant(2e7)).until(2.5e7).build());
        assertThat(r.endedBy()).isEqualTo(EndedBy.TIME);
        assertThat(r.virtualSeconds()).isEqualTo(2.5e7);
    }

    @ParameterizedTest
    @EnumSource(Mode.class)
    void whenEveryDeviceIsDownForEverTheRunEndsAtOnce(Mode mode) {
        List<Faults.Crash> crashes = IntStream.range(0, 4)
                .mapToObj(u -> new Faults.Crash(u, 5 + u, null))
                .toList();
        RunResult r = run(ring().mode(mode)
                .until(1e6)
                .faults(new Faults(crashes, 0, 60, 1, false))
                .build());
        assertThat(r.endedBy()).isEqualTo(EndedBy.GONE);
        assertThat(r.virtualSeconds()).isEqualTo(8);
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.POSITIVE_INFINITY, 1e6})
    void aServerWhoseDeviceCouldStillFailKeepsNoRunGoing(double until) {
        for (long seed = 1; seed <= 20; seed++) {
            SimulationConfig config = SimulationConfig.builder(
                            seed, Neighbourhoods.fixed(new GraphModel.Star().build(4, seed)))
                    .until(until)
                    .protocol(new FedBuffProtocol(2, 1))
                    .faults(new Faults(List.of(), 120, 20, 1, false))
                    .schedule(new TurnSchedule(20, 0, 2, 0))
                    .evaluateEvery(2)
                    .records(RecordLevel.MESSAGES)
                    .build();
            RunResult r = run(config);
            assertThat(r.endedBy()).as("seed %d", seed).isEqualTo(until < 1e9 ? EndedBy.TIME : EndedBy.TURNS);
            assertThat(r.events()).as("seed %d", seed).isLessThan(10_000);
            Setting setting = new Setting(config, ArithmeticLearner.rules());
            List<UserProcess> plain = PlainLoop.run(config, ArithmeticLearner.of(setting, Runnable::run));
            for (int u = 0; u < config.users(); u++) {
                assertThat(r.users().get(u).traceHash())
                        .as("user %d, seed %d", u, seed)
                        .isEqualTo(plain.get(u).traceHash());
            }
        }
    }

    @Test
    void asLongAsOneIsLeftItGoesOn() {
        List<Faults.Crash> crashes = IntStream.range(0, 3)
                .mapToObj(u -> new Faults.Crash(u, 5 + u, null))
                .toList();
        RunResult r = run(ring().faults(new Faults(crashes, 0, 60, 1, false)).build());
        assertThat(r.endedBy()).isEqualTo(EndedBy.TURNS);
        assertThat(r.users().get(3).completed()).isTrue();
    }
}
