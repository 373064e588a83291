package coterie.actors.clock;

import coterie.actors.checkpoint.Checkpoints;
import coterie.actors.user.SimulationConfig;
import coterie.model.learn.Learner;
import java.util.List;

/** Runs of all tests, in one actor system. */
final class Runs {
    private static final Engine ENGINE = new Engine();

    private Runs() {}

    static Simulation start(SimulationConfig config, List<Learner> learners, RunObserver observer) {
        return start(config, learners, observer, new Simulation.Virtual());
    }

    static Simulation start(
            SimulationConfig config, List<Learner> learners, RunObserver observer, Simulation.Clock clock) {
        return ENGINE.start(config, learners, observer, clock);
    }

    static Simulation start(
            SimulationConfig config, List<Learner> learners, RunObserver observer, Checkpoints checkpoints) {
        return ENGINE.start(config, learners, observer, new Simulation.Virtual(), checkpoints, null);
    }
}
