package coterie.scenarios.command;

import coterie.actors.cluster.RunFactory;
import coterie.actors.user.SimulationConfig;
import coterie.model.learn.Learner;

/** What nodes of {@code coterie bench cluster} have: learners that learn nothing. */
final class BenchRunFactory implements RunFactory {
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
    public RunResources prepare(String text, int from, int to) {
        BenchTask task = BenchTask.parse(text);
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
