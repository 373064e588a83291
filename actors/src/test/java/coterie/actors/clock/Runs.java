package coterie.actors.clock;

import coterie.actors.life.World;
import coterie.model.learn.Learner;
import java.util.List;

/** Runs of all tests, in one actor system. */
final class Runs {
    private static final Engine ENGINE = new Engine();

    private Runs() {}

    static Simulation start(World world, List<Learner> learners, RunObserver observer) {
        return start(world, learners, observer, new Simulation.Virtual());
    }

    static Simulation start(World world, List<Learner> learners, RunObserver observer, Simulation.Clock clock) {
        return ENGINE.start(world, learners, observer, clock);
    }

    static Simulation start(World world, List<Learner> learners, RunObserver observer, Checkpoints checkpoints) {
        return ENGINE.start(world, learners, observer, new Simulation.Virtual(), checkpoints, null);
    }
}
