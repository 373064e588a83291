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
import coterie.model.learn.LearningDevice;
import coterie.model.text.FederatedDataset;
import coterie.scenarios.config.ScenarioReader.Loaded;
import java.util.List;
import java.util.function.Consumer;

/** Runs over nodes. Nothing is learned in this process, and no user's tokens are kept. */
public final class ClusterRunBackend extends InputsRunBackend {
    /**
     * Rows of a user's parameters in memory: its own, its moments, its neighbours' snapshots, and what a step needs for
     * a while.
     */
    private static final int ROWS = 16;

    private final ClusterEngine cluster;
    private final String device;
    private final String version = Build.version();
    private final String baseHash;
    private final Texts.Indexed text;

    private ClusterRunBackend(
            RunInputs inputs, Texts.Indexed text, String baseHash, ClusterEngine cluster, String device) {
        super(inputs, text.outline());
        this.text = text;
        this.baseHash = baseHash;
        this.cluster = cluster;
        this.device = device;
    }

    /**
     * Loads what is needed here.
     *
     * @param cluster stays the caller's
     * @param device name of the nodes' devices, for the results
     * @throws coterie.scenarios.config.InputException if base or text cannot be had
     */
    public static ClusterRunBackend load(Loaded loaded, ClusterEngine cluster, String device) {
        RunInputs inputs = new RunInputs(loaded);
        try {
            String baseHash = inputs.baseHash();
            return new ClusterRunBackend(inputs, Texts.index(loaded, inputs.tokenizer()), baseHash, cluster, device);
        } catch (RuntimeException | Error e) {
            inputs.close();
            throw e;
        }
    }

    @Override
    public String device() {
        return device;
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
            return text.index().of(users).bytes();
        }

        @Override
        public String fingerprint(int[] users) {
            return text.hashes().of(baseHash, users);
        }

        @Override
        public long bytesPerUser() {
            return (long) Float.BYTES * ROWS * layout().size();
        }
    }

    /** Written in this process when the run is over: the base, and the text of these users, are loaded for it. */
    @Override
    public List<TextSample> samples(Loaded loaded, List<float[]> adapters) {
        int[] users = TextSample.users(loaded.scenario(), dataset().mixtures());
        if (users.length == 0) {
            return List.of();
        }
        FederatedDataset read =
                Texts.load(loaded, inputs().tokenizer(), text.index().of(users));
        try (LearningDevice writing = inputs().device(loaded, "cpu", 1, 1)) {
            return samples(loaded, read, adapters, writing);
        }
    }
}
