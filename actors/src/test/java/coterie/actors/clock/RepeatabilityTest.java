package coterie.actors.clock;

import static org.assertj.core.api.Assertions.assertThat;

import coterie.actors.ArithmeticLearner;
import coterie.actors.ArithmeticLearner.Setting;
import coterie.actors.event.Observation;
import coterie.actors.schedule.Mode;
import coterie.actors.schedule.OfflineBehaviour;
import coterie.actors.schedule.TurnSchedule;
import coterie.actors.user.PlainLoop;
import coterie.actors.user.SimulationConfig;
import coterie.actors.user.UserProcess;
import coterie.topology.availability.Participation;
import coterie.topology.device.ComputeTime;
import coterie.topology.graph.GraphModel;
import coterie.topology.graph.Neighbourhoods;
import coterie.topology.network.Latency;
import coterie.topology.network.Links;
import coterie.topology.random.RandomStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

public class RepeatabilityTest {
    /** Everything that can be observed of a run. */
    record Run(RunResult result, List<Observation> observations) {
        String text() {
            return observations.stream().map(ObservationText::of).collect(Collectors.joining("\n"));
        }
    }

    static Run run(Setting setting, int threads) {
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        List<Observation> seen = new ArrayList<>();
        try (Simulation s = Runs.start(setting.config(), ArithmeticLearner.of(setting, executor), seen::add)) {
            return new Run(s.await(), seen);
        } finally {
            executor.shutdownNow();
        }
    }

    /** Seven users at their own pace, with delays, losses and absences. */
    public static Setting busy(long seed) {
        SimulationConfig config = SimulationConfig.builder(
                        seed, Neighbourhoods.fixed(new GraphModel.Full().build(7, seed)))
                .links(new Links(new Latency.Uniform(20, 4000), 0.1))
                .compute(new ComputeTime.LogNormal(10, 0.8))
                .participation(new Participation.Bernoulli(0.7), OfflineBehaviour.TRAIN)
                .schedule(new TurnSchedule(60, 10, 3, 0))
                .evaluateEvery(5)
                .build();
        return new Setting(config, ArithmeticLearner.rules());
    }

    @ParameterizedTest
    @ValueSource(
            longs = {
                1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28,
                29, 30
            })
    void anyNumberOfThreadsGivesTheOraclesEvents(long seed) {
        Setting setting = RandomConfigs.drawn(seed);
        List<UserProcess> oracle = PlainLoop.run(setting.config(), ArithmeticLearner.of(setting, Runnable::run));
        Run one = run(setting, 1);
        assertThat(one.result().completed()).isTrue();
        for (int u = 0; u < oracle.size(); u++) {
            assertThat(one.result().users().get(u).traceHash())
                    .as("trace of user %d, seed %d", u, seed)
                    .isEqualTo(oracle.get(u).traceHash());
            assertThat(one.result().users().get(u).parameters())
                    .isEqualTo(oracle.get(u).parameters());
        }
        for (int threads : new int[] {2, 4}) {
            Run other = run(setting, threads);
            assertThat(other.result().traceHash())
                    .as("seed %d", seed)
                    .isEqualTo(one.result().traceHash());
            assertThat(other.text()).isEqualTo(one.text());
        }
    }

    @Test
    void aBusyMachineChangesNothing() {
        Setting setting = busy(77);
        String quiet = run(setting, 2).result().traceHash();
        ExecutorService noise = Executors.newFixedThreadPool(6);
        for (int i = 0; i < 6; i++) {
            noise.submit(() -> {
                long x = 1;
                while (!Thread.currentThread().isInterrupted()) {
                    x = RandomStream.mix(x);
                }
                return x;
            });
        }
        try {
            assertThat(run(setting, 4).result().traceHash()).isEqualTo(quiet);
        } finally {
            noise.shutdownNow();
        }
    }

    /** A recorded run: its hash changes if users do anything else, or at another time. */
    @Test
    void theRecordedRunIsStillTheSame() {
        Run r = run(busy(12), 2);
        assertThat(r.result().events()).isEqualTo(821);
        assertThat(r.result().traceHash())
                .isEqualTo("sha256:4276547200fcde572eff10c5c8d010929d6ffe17c560ef38a35328be46719865");
    }

    @Test
    void anotherSeedGivesAnotherTrace() {
        assertThat(run(busy(5), 1).result().traceHash())
                .isNotEqualTo(run(busy(6), 1).result().traceHash());
    }

    @Test
    void withEqualSpeedsAndNoLatencyNoUserWaits() {
        for (GraphModel graph : List.of(new GraphModel.Ring(), new GraphModel.Full())) {
            Run[] runs = new Run[2];
            for (Mode mode : Mode.values()) {
                SimulationConfig w = SimulationConfig.builder(3, Neighbourhoods.fixed(graph.build(6, 3)))
                        .links(new Links(new Latency.Constant(0), 0))
                        .compute(new ComputeTime.Constant(10))
                        .mode(mode)
                        .schedule(new TurnSchedule(40, 10, 5, 0))
                        .evaluateEvery(5)
                        .build();
                runs[mode.ordinal()] = run(new Setting(w, ArithmeticLearner.rules()), 2);
            }
            assertThat(runs[1].result().traceHash()).isEqualTo(runs[0].result().traceHash());
            assertThat(runs[1].text()).isEqualTo(runs[0].text());
        }
    }

    @Test
    void observationsComeInTheOrderOfVirtualTime() {
        Run r = run(busy(12), 3);
        double last = 0;
        for (Observation o : r.observations()) {
            assertThat(o.seconds()).isGreaterThanOrEqualTo(last);
            last = o.seconds();
        }
    }
}
