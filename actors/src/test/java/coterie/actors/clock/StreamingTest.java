package coterie.actors.clock;

import static org.assertj.core.api.Assertions.assertThat;

import coterie.actors.ArithmeticLearner;
import coterie.actors.ArithmeticLearner.Setting;
import coterie.actors.event.Observation;
import coterie.actors.event.RecordLevel;
import coterie.actors.schedule.TurnSchedule;
import coterie.actors.user.SimulationConfig;
import coterie.model.learn.Learner;
import coterie.model.learn.LearnerState;
import coterie.model.learn.TurnOutcome;
import coterie.model.learn.TurnPlan;
import coterie.model.learn.TurnProgress;
import coterie.topology.device.ComputeTime;
import coterie.topology.graph.GraphModel;
import coterie.topology.graph.Neighbourhoods;
import coterie.topology.network.Latency;
import coterie.topology.network.Links;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Observations that are certain are reported while other users still compute, in the same order and with the same
 * content as at the end.
 */
class StreamingTest {
    private static final int USERS = 6;
    private static final long PATIENCE_SECONDS = 300;

    private static Setting setting() {
        SimulationConfig config = SimulationConfig.builder(
                        3, Neighbourhoods.fixed(new GraphModel.Ring().build(USERS, 3)))
                .compute(new ComputeTime.LogNormal(10, 0.8))
                .links(new Links(new Latency.Constant(20), 0))
                .schedule(new TurnSchedule(24, 0, 4, 0))
                .evaluateEvery(3)
                .records(RecordLevel.MESSAGES)
                .build();
        return new Setting(config, ArithmeticLearner.rules());
    }

    /** Treats certain reports of a run as signals. */
    private static final class Watch implements RunObserver {
        private final List<String> seen = new ArrayList<>();
        private final Predicate<Observation> sign;
        private final CountDownLatch left;

        Watch(Predicate<Observation> sign, long times) {
            this.sign = sign;
            left = new CountDownLatch((int) times);
        }

        @Override
        public void observed(Observation o) {
            seen.add(ObservationText.of(o));
            if (sign.test(o)) {
                left.countDown();
            }
        }

        boolean there() {
            try {
                return left.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                return false;
            }
        }
    }

    /** Reports at once, but holds back its first turn until it is allowed to end. */
    private record Telling(Learner learner, Runnable before, Runnable after) implements Learner {
        @Override
        public CompletableFuture<TurnOutcome> turn(TurnPlan plan) {
            throw new IllegalStateException("nothing is told here");
        }

        @Override
        public CompletableFuture<TurnOutcome> turn(TurnPlan plan, TurnProgress progress) {
            return CompletableFuture.supplyAsync(
                    () -> {
                        if (plan.turn() == 0) {
                            before.run();
                        }
                        TurnOutcome outcome = learner.turn(plan).join();
                        if (outcome.row() != null) {
                            progress.mixed(outcome.row(), outcome.utility());
                        }
                        outcome.evaluations().forEach(progress::evaluated);
                        if (plan.turn() == 0) {
                            after.run();
                        }
                        return outcome;
                    },
                    task -> new Thread(task).start());
        }

        @Override
        public LearnerState state() {
            return learner.state();
        }

        @Override
        public void restore(LearnerState state) {
            learner.restore(state);
        }

        @Override
        public void close() {
            learner.close();
        }
    }

    private static List<Observation> reference(Setting s) {
        List<Observation> all = new ArrayList<>();
        try (Simulation run = Runs.start(s.config(), ArithmeticLearner.of(s, Runnable::run), all::add)) {
            run.await();
        }
        return all;
    }

    private static boolean turnBefore(Observation o, double seconds) {
        return o instanceof Observation.TurnEnded && o.seconds() < seconds;
    }

    @Test
    void theTurnsOfOthersAreHandedOnWhileTheLongestIsComputed() {
        Setting s = setting();
        List<Observation> all = reference(s);
        Observation.TurnEnded longest = all.stream()
                .filter(Observation.TurnEnded.class::isInstance)
                .map(Observation.TurnEnded.class::cast)
                .filter(t -> t.turn() == 0)
                .reduce((a, b) -> b)
                .orElseThrow();
        double certain = longest.seconds() - 1;
        long turns = all.stream().filter(o -> turnBefore(o, certain)).count();
        assertThat(turns).as("turns that end before the longest first one").isGreaterThan(USERS);
        Watch watch = new Watch(o -> turnBefore(o, certain), turns);
        boolean[] there = new boolean[1];
        List<Learner> learners = new ArrayList<>();
        List<Learner> plain = ArithmeticLearner.of(s, Runnable::run);
        for (int u = 0; u < USERS; u++) {
            learners.add(new Telling(
                    plain.get(u), () -> {}, u == longest.user() ? () -> there[0] = watch.there() : () -> {}));
        }
        try (Simulation run = Runs.start(s.config(), learners, watch)) {
            run.await();
        }
        assertThat(there[0])
                .as("%d turns were handed on before the longest was computed", turns)
                .isTrue();
        assertThat(watch.seen).isEqualTo(all.stream().map(ObservationText::of).toList());
    }

    /** Each user evaluates only after the evaluation of the user before it has been reported. */
    @Test
    void evaluationsBeforeTrainingAreHandedOnOneByOne() {
        Setting s = setting();
        List<String> all = reference(s).stream().map(ObservationText::of).toList();
        List<Watch> before = IntStream.range(0, USERS)
                .mapToObj(u ->
                        new Watch(o -> o instanceof Observation.Evaluated e && e.user() == u && e.iteration() == 0, 1))
                .toList();
        boolean[] there = new boolean[USERS];
        List<Learner> learners = new ArrayList<>();
        List<Learner> plain = ArithmeticLearner.of(s, Runnable::run);
        for (int u = 0; u < USERS; u++) {
            int user = u;
            learners.add(new Telling(
                    plain.get(u),
                    () -> there[user] = user == 0 || before.get(user - 1).there(),
                    () -> {}));
        }
        try (Simulation run = Runs.start(s.config(), learners, o -> before.forEach(w -> w.observed(o)))) {
            run.await();
        }
        assertThat(there).containsOnly(true);
        assertThat(before.get(0).seen).isEqualTo(all);
    }
}
