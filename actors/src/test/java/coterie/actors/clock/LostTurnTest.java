package coterie.actors.clock;

import static org.assertj.core.api.Assertions.assertThat;

import coterie.actors.ArithmeticLearner;
import coterie.actors.ArithmeticLearner.Setting;
import coterie.actors.checkpoint.Checkpoints;
import coterie.actors.checkpoint.RunCheckpoint;
import coterie.actors.event.Observation;
import coterie.actors.schedule.TurnSchedule;
import coterie.actors.user.SimulationConfig;
import coterie.model.exchange.Exchange;
import coterie.model.learn.Learner;
import coterie.model.learn.LogisticLearner;
import coterie.model.trust.Local;
import coterie.model.trust.StalenessDiscount;
import coterie.model.trust.TrustManager;
import coterie.topology.device.ComputeTime;
import coterie.topology.device.Faults;
import coterie.topology.graph.GraphModel;
import coterie.topology.graph.Neighbourhoods;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Users that learn alone repeat lost turns with the same data, by the same keys: they end with the same parameters,
 * however often their devices fail. A lost turn is still computed to its end; if any of it reached a save, results
 * would differ.
 */
class LostTurnTest {
    private static final int USERS = 4;
    private static final TrustManager.Rules ALONE = new TrustManager.Rules(
            new Local(), 1, new StalenessDiscount.Constant(), StalenessDiscount.Remainder.RENORMALISE);

    private static SimulationConfig config(long seed, Faults faults) {
        return SimulationConfig.builder(seed, Neighbourhoods.fixed(new GraphModel.Ring().build(USERS, seed)))
                .compute(new ComputeTime.LogNormal(10, 0.8))
                .communicates(false)
                .schedule(new TurnSchedule(60, 0, 3, 0))
                .evaluateEvery(5)
                .faults(faults)
                .build();
    }

    private static List<Learner> logistic(long seed) {
        List<Learner> all = new ArrayList<>();
        for (int u = 0; u < USERS; u++) {
            all.add(new LogisticLearner(u, seed, 3, 8, 5, Exchange.PARAMETERS, new TrustManager(u, ALONE)));
        }
        return all;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void whatIsLostIsDoneAgainFromTheSaveBeforeIt(int saveEvery) {
        for (long seed = 1; seed <= 6; seed++) {
            long of = seed;
            List<float[]> undisturbed =
                    ends(config(seed, Faults.NONE), List.of(logistic(seed), arithmetic(seed, Runnable::run)));
            SimulationConfig failing = config(seed, new Faults(List.of(), 120, 5, saveEvery, false));
            for (int threads : new int[] {1, 3}) {
                ExecutorService executor = Executors.newFixedThreadPool(threads);
                try (Engine engine = new Engine()) {
                    List<float[]> got = new ArrayList<>(survived(engine, failing, w -> logistic(of)));
                    got.addAll(survived(engine, failing, w -> arithmetic(of, executor)));
                    for (int u = 0; u < got.size(); u++) {
                        assertThat(got.get(u))
                                .as(
                                        "user %d, seed %d, %d threads, saved every %d turns",
                                        u % USERS, seed, threads, saveEvery)
                                .isEqualTo(undisturbed.get(u));
                    }
                } finally {
                    executor.shutdownNow();
                }
            }
        }
    }

    private static List<Learner> arithmetic(long seed, Executor executor) {
        return ArithmeticLearner.of(new Setting(config(seed, Faults.NONE), ALONE), executor);
    }

    private static List<float[]> ends(SimulationConfig config, List<List<Learner>> kinds) {
        List<float[]> ends = new ArrayList<>();
        for (List<Learner> learners : kinds) {
            try (Simulation s = Runs.start(config, learners, o -> {})) {
                ends.addAll(parameters(s.await()));
            }
        }
        return ends;
    }

    private static List<float[]> parameters(RunResult r) {
        return r.users().stream().map(RunResult.End::parameters).toList();
    }

    /** Results of a run with failures, uninterrupted and resumed from each of its checkpoints. */
    private static List<float[]> survived(
            Engine engine, SimulationConfig config, Function<SimulationConfig, List<Learner>> learners) {
        List<Observation> seen = new ArrayList<>();
        MemoryCheckpoints checkpoints = new MemoryCheckpoints(15, seen::size);
        RunResult whole;
        try (Simulation s =
                engine.start(config, learners.apply(config), seen::add, new Simulation.Virtual(), checkpoints, null)) {
            whole = s.await();
        }
        assertThat(seen.stream().filter(Observation.Crashed.class::isInstance))
                .as("crashes")
                .hasSizeGreaterThan(3);
        List<float[]> ends = parameters(whole);
        for (RunCheckpoint state : checkpoints.saved()) {
            try (Simulation s = engine.start(
                    config, learners.apply(config), o -> {}, new Simulation.Virtual(), Checkpoints.NONE, state)) {
                List<float[]> again = parameters(s.await());
                for (int u = 0; u < ends.size(); u++) {
                    assertThat(again.get(u)).isEqualTo(ends.get(u));
                }
            }
        }
        return ends;
    }
}
