package coterie.scenarios.command;

import coterie.actors.cluster.Workshop;
import coterie.actors.life.World;
import coterie.model.learn.Learner;

/** What nodes of {@code coterie bench cluster} have: learners that learn nothing. */
final class BenchWorkshop implements Workshop {
    static final String NAME = "bench";

    @Override
    public String version() {
        return NAME;
    }

    @Override
    public double weight() {
        return 1;
    }

    @Override
    public long room() {
        return Long.MAX_VALUE;
    }

    @Override
    public Bench prepare(String text, int from, int to) {
        BenchTask task = BenchTask.parse(text);
        World world = task.world();
        float[][] rows = task.rows();
        return new Bench() {
            @Override
            public World world() {
                return world;
            }

            @Override
            public String fingerprint() {
                return NAME;
            }

            @Override
            public Learner learner(int user) {
                return task.learner(user, rows);
            }

            @Override
            public void close() {
                // Nothing is held.
            }
        };
    }
}
