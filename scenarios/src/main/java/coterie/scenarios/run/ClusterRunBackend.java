package coterie.scenarios.run;

import coterie.actors.checkpoint.Checkpoints;
import coterie.actors.checkpoint.SavedRun;
import coterie.actors.clock.RunObserver;
import coterie.actors.clock.RunResult;
import coterie.actors.clock.Simulation;
import coterie.actors.cluster.ClusterEngine;
import coterie.actors.user.SimulationConfig;
import coterie.model.learn.LearningDevice;
import coterie.scenarios.config.ScenarioReader.Loaded;
import java.util.List;
import java.util.function.Consumer;

/** Over nodes: nobody learns here. The cluster stays its owner's. */
public final class ClusterRunBackend extends InputsRunBackend {
    /**
     * Rows of a user's parameters in memory: itself, its moments, its neighbours' snapshots, and what a step needs for
     * a while.
     */
    private static final int ROWS = 16;

    private final ClusterEngine cluster;
    private final String device;
    private final String version = Build.version();
    private final String fingerprint;

    /**
     * Loads what is needed here.
     *
     * @param cluster stays the caller's
     * @param device name of the nodes' devices, for the results
     * @throws coterie.scenarios.config.InputException where base or text cannot be had
     */
    public ClusterRunBackend(Loaded loaded, ClusterEngine cluster, String device) {
        super(new RunInputs(loaded));
        this.cluster = cluster;
        this.device = device;
        fingerprint = inputs().fingerprint();
        inputs().forgetWeights();
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
            SavedRun from,
            Consumer<Simulation> started) {
        long bytes = 4L * ROWS * inputs().layout().size();
        try (Simulation simulation = cluster.start(
                config,
                loaded.portable(),
                version,
                fingerprint,
                bytes,
                observer,
                RunBackend.clock(loaded.scenario()),
                checkpoints,
                from)) {
            started.accept(simulation);
            return simulation.await();
        }
    }

    /** Here, when the run is over: the base is loaded for as long as it takes. */
    @Override
    public List<TextSample> samples(Loaded loaded, List<float[]> adapters) {
        if (loaded.scenario().record().samples() == 0) {
            return List.of();
        }
        try (LearningDevice device = inputs().device(loaded, "cpu", 1, 1)) {
            return samples(loaded, adapters, device);
        }
    }
}
