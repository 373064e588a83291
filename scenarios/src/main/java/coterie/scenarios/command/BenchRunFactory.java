package coterie.scenarios.command;

import coterie.actors.cluster.Assignment;
import coterie.actors.cluster.RunFactory;
import coterie.actors.user.SimulationConfig;
import coterie.model.learn.Learner;

/** Makes learners that learn nothing, for the nodes of {@code coterie bench cluster}. */
final class BenchRunFactory implements RunFactory {
    static final String NAME = "bench";

    @Override
    public String version() {
        return NAME;
    }

    @Override
    public String processor() {
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
    public RunResources prepare(Assignment assignment) {
        BenchTask task = BenchTask.parse(assignment.run());
        SimulationConfig config = task.config();
        float[][] rows = task.rows();
        return new RunResources() {
            @Override
            public SimulationConfig config() {
                return config;
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
