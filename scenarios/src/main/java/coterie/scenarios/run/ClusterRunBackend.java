package coterie.scenarios.run;

import coterie.actors.checkpoint.Checkpoints;
import coterie.actors.checkpoint.RunCheckpoint;
import coterie.actors.clock.RunObserver;
import coterie.actors.clock.RunResult;
import coterie.actors.clock.Simulation;
import coterie.actors.cluster.ClusterEngine;
import coterie.actors.cluster.ClusterRun;
import coterie.actors.cluster.RunDescription;
import coterie.actors.user.SimulationConfig;
import coterie.scenarios.config.ScenarioReader.Loaded;
import coterie.scenarios.config.UserAttack;
import coterie.scenarios.learner.DataIndex;
import coterie.scenarios.learner.LearnerInputs;
import coterie.scenarios.learner.RunnableLearner;
import coterie.scenarios.learner.TextSample;
import java.util.List;
import java.util.function.Consumer;

/** Runs over nodes. Nothing is learned in this process, and no user's data is kept. */
public final class ClusterRunBackend extends InputsRunBackend {
    /**
     * Rows of a user's parameters in memory: its own, its moments, its neighbours' snapshots, and what a step needs for
     * a while.
     */
    private static final int ROWS = 16;

    private final ClusterEngine cluster;
    private final Workers workers;
    private final String version = Build.version();
    private final DataIndex data;

    private ClusterRunBackend(
            Loaded loaded, LearnerInputs inputs, DataIndex data, ClusterEngine cluster, Workers workers) {
        super(loaded, inputs, data.outline());
        this.data = data;
        this.cluster = cluster;
        this.workers = workers;
    }

    /**
     * Loads what is needed here.
     *
     * @param cluster stays the caller's
     * @param workers what computes on the nodes, for the results; the nodes are counted when a run begins
     * @throws coterie.scenarios.config.InputException if model or data cannot be had, or users cannot learn on a device
     */
    public static ClusterRunBackend load(Loaded loaded, ClusterEngine cluster, Workers workers) {
        RunnableLearner learner = RunnableLearner.of(loaded);
        learner.checkDevices(workers.devices());
        LearnerInputs inputs = learner.open(loaded);
        try {
            return new ClusterRunBackend(loaded, inputs, inputs.index(loaded), cluster, workers);
        } catch (RuntimeException | Error e) {
            inputs.close();
            throw e;
        }
    }

    @Override
    public String device() {
        return String.join(",", workers.devices());
    }

    @Override
    public Workers workers() {
        return workers.over(cluster.nodes().size());
    }

    @Override
    public String dataHash() {
        return data.dataHash();
    }

    @Override
    public RunResult run(
            Loaded loaded,
            SimulationConfig config,
            RunObserver observer,
            Checkpoints checkpoints,
            RunCheckpoint from,
            Consumer<Simulation> started) {
        Simulation.Clock clock = RunBackend.clock(loaded.scenario());
        try (Simulation simulation =
                cluster.start(new ClusterRun(new Description(loaded), config, observer, clock, checkpoints, from))) {
            started.accept(simulation);
            return simulation.await();
        }
    }

    /** A scenario for the nodes. */
    private final class Description implements RunDescription {
        private final Loaded loaded;

        Description(Loaded loaded) {
            this.loaded = loaded;
        }

        @Override
        public String version() {
            return version;
        }

        @Override
        public String text() {
            return loaded.portable();
        }

        @Override
        public byte[] inputs(int[] users) {
            return data.bytes(UserAttack.withVictims(loaded.scenario(), users));
        }

        @Override
        public String fingerprint(int[] users) {
            return data.fingerprint(UserAttack.withVictims(loaded.scenario(), users));
        }

        @Override
        public long bytesPerUser() {
            return (long) Float.BYTES * ROWS * parameters();
        }
    }

    /** Written in this process when the run is over. */
    @Override
    public List<TextSample> samples(Loaded loaded, List<float[]> parameters) {
        return data.samples(loaded, parameters);
    }
}
