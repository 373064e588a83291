package coterie.actors.clock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import coterie.actors.ArithmeticLearner.Setting;
import coterie.actors.DivergingLearner;
import coterie.actors.checkpoint.Checkpoints;
import coterie.actors.event.Observation;
import coterie.actors.user.PlainLoop;
import coterie.actors.user.UserProcess;
import coterie.actors.verify.Verifier;
import coterie.topology.random.RandomStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Simulations of every protocol, mode and kind of fault in which the training of one user diverges: the others go on
 * without waiting for it, with the same results for any number of threads. {@code -Dcoterie.seed=N} repeats one.
 */
class DivergenceTest {
    private static final int WORLDS = Integer.getInteger("coterie.diverging", 200);
    private final ExecutorService one = Executors.newFixedThreadPool(1);
    private final ExecutorService three = Executors.newFixedThreadPool(3);

    @AfterEach
    void stop() {
        one.shutdownNow();
        three.shutdownNow();
    }

    private interface Check {
        boolean holds(long seed);
    }

    /** @return number of simulations with a divergence */
    private static int everywhere(Check check) {
        Long only = Long.getLong("coterie.seed");
        int met = 0;
        for (long seed = only == null ? 1 : only; seed <= (only == null ? WORLDS : only); seed++) {
            try {
                met += check.holds(seed) ? 1 : 0;
            } catch (RuntimeException | AssertionError e) {
                fail("seed " + seed + " (repeat it with -Dcoterie.seed=" + seed + "): " + e.getMessage(), e);
            }
        }
        return only == null ? met : WORLDS;
    }

    private static int user(Setting setting, long seed) {
        return (int)
                Math.floorMod(RandomStream.mix(seed), (long) setting.config().users());
    }

    private static int turn(Setting setting, long seed) {
        return (int) Math.floorMod(
                RandomStream.mix(seed + 7), 1L + setting.config().schedule().turns());
    }

    private record Ended(RunResult result, List<String> text, List<Observation> seen) {
        boolean diverged() {
            return seen.stream().anyMatch(o -> o instanceof Observation.Diverged);
        }
    }

    private static Ended run(Setting setting, long seed, ExecutorService executor) {
        List<String> text = new ArrayList<>();
        List<Observation> seen = new ArrayList<>();
        try (Simulation s = Runs.start(
                setting.config(),
                DivergingLearner.of(setting, executor, user(setting, seed), turn(setting, seed)),
                o -> {
                    seen.add(o);
                    text.add(ObservationText.of(o));
                })) {
            return new Ended(s.await(), text, seen);
        }
    }

    @Test
    void theOthersGoOnAndNoneWaitsForIt() {
        assertThat(everywhere(seed -> {
                    Setting setting = RandomConfigs.drawn(seed, false);
                    int user = user(setting, seed);
                    List<UserProcess> oracle = PlainLoop.run(
                            setting.config(), DivergingLearner.of(setting, Runnable::run, user, turn(setting, seed)));
                    Ended first = run(setting, seed, one);
                    Ended second = run(setting, seed, three);
                    Verifier verifier = new Verifier(setting.config());
                    first.seen().forEach(verifier::observed);
                    verifier.completed(SimulatedWorldsTest.totals(first.result()));
                    assertThat(verifier.violations()).isEmpty();
                    assertThat(second.result().traceHash())
                            .isEqualTo(first.result().traceHash());
                    assertThat(second.text()).isEqualTo(first.text());
                    for (int u = 0; u < oracle.size(); u++) {
                        assertThat(first.result().users().get(u).traceHash())
                                .as("trace of user %d", u)
                                .isEqualTo(oracle.get(u).traceHash());
                        assertThat(first.result().users().get(u).diverged()).isEqualTo(u == user && first.diverged());
                    }
                    assertThat(first.result().diverged()).isEqualTo(first.diverged());
                    return first.diverged();
                }))
                .as("worlds with a divergence")
                .isGreaterThan(WORLDS / 2);
    }

    @Test
    void orTheRunEndsWithItAtTheSameInstantForAnyNumberOfThreads() {
        assertThat(everywhere(seed -> {
                    Setting setting = RandomConfigs.drawn(seed, true);
                    Ended first = run(setting, seed, one);
                    Ended second = run(setting, seed, three);
                    assertThat(second.result().traceHash())
                            .isEqualTo(first.result().traceHash());
                    assertThat(second.text()).isEqualTo(first.text());
                    Verifier verifier = new Verifier(setting.config());
                    first.seen().forEach(verifier::observed);
                    verifier.completed(SimulatedWorldsTest.totals(first.result()));
                    assertThat(verifier.violations()).isEmpty();
                    assertThat(first.result().endedBy() == RunResult.EndedBy.DIVERGENCE)
                            .isEqualTo(first.diverged());
                    return first.diverged();
                }))
                .as("worlds with a divergence")
                .isGreaterThan(WORLDS / 2);
    }

    @Test
    void aCheckpointKnowsWhoHasDiverged() {
        try (Engine engine = new Engine()) {
            assertThat(everywhere(seed -> {
                        Setting setting = RandomConfigs.drawn(seed, false);
                        int user = user(setting, seed);
                        int turn = turn(setting, seed);
                        List<String> text = new ArrayList<>();
                        MemoryCheckpoints checkpoints =
                                new MemoryCheckpoints(1 + Math.floorMod(RandomStream.mix(seed), 20), text::size);
                        RunResult whole;
                        try (Simulation s = engine.start(
                                setting.config(),
                                DivergingLearner.of(setting, three, user, turn),
                                o -> text.add(ObservationText.of(o)),
                                new Simulation.Virtual(),
                                checkpoints,
                                null)) {
                            whole = s.await();
                        }
                        if (checkpoints.saved().isEmpty()) {
                            return false;
                        }
                        int last = checkpoints.saved().size() - 1;
                        List<String> again = new ArrayList<>(
                                text.subList(0, checkpoints.marks().get(last)));
                        try (Simulation s = engine.start(
                                setting.config(),
                                DivergingLearner.of(setting, three, user, turn),
                                o -> again.add(ObservationText.of(o)),
                                new Simulation.Virtual(),
                                Checkpoints.NONE,
                                checkpoints.saved().get(last))) {
                            assertThat(s.await().traceHash()).isEqualTo(whole.traceHash());
                        }
                        assertThat(again).isEqualTo(text);
                        return whole.diverged();
                    }))
                    .isGreaterThan(WORLDS / 4);
        }
    }
}
