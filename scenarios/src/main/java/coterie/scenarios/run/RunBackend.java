package coterie.scenarios.run;

import coterie.actors.checkpoint.Checkpoints;
import coterie.actors.checkpoint.RunCheckpoint;
import coterie.actors.clock.RunObserver;
import coterie.actors.clock.RunResult;
import coterie.actors.clock.Simulation;
import coterie.actors.user.SimulationConfig;
import coterie.model.files.AtomicFiles;
import coterie.model.text.DatasetOutline;
import coterie.scenarios.config.Scenario;
import coterie.scenarios.config.ScenarioReader.Loaded;
import coterie.scenarios.learner.TextSample;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/**
 * Does the runs of one scenario and of its baselines, in this process or over nodes. What the runs share is loaded
 * once.
 */
public interface RunBackend extends AutoCloseable {
    /** The sizes of users' data. */
    DatasetOutline dataset();

    /**
     * Writes the parameters of a user at the end of a run.
     *
     * @param folder of the run
     * @param parameters [P]
     */
    void write(Path folder, Loaded loaded, int user, float[] parameters, AtomicFiles.Group files) throws IOException;

    /** The simulation that a scenario describes. */
    SimulationConfig config(Loaded loaded);

    /** What computes now. */
    Workers workers();

    /** A hash of the model that users adapt, if no setting names its files; null if one does, or there is none. */
    String modelHash(Loaded loaded);

    /** A hash of all users' data, the same wherever it was read; null if the learner has none. */
    String dataHash();

    /** Name of the devices that compute. */
    String device();

    /**
     * Whether training has recomputed activations, since a user's pass did not fit into memory otherwise; null if that
     * is known on other machines only.
     */
    default Boolean recomputes() {
        return null;
    }

    /** Name and version of what computes there. */
    String engine();

    /**
     * Runs a scenario, which must have the model and data of the scenario that this was made for.
     *
     * @param config the scenario's
     * @param checkpoints when checkpoints are taken
     * @param from checkpoint from which to go on; null to begin
     * @param started receives the run as soon as it can be stopped
     * @throws coterie.actors.cluster.NodesChangedException if the run has to go on from its last checkpoint, on other
     *     nodes
     */
    RunResult run(
            Loaded loaded,
            SimulationConfig config,
            RunObserver observer,
            Checkpoints checkpoints,
            RunCheckpoint from,
            Consumer<Simulation> started);

    /**
     * Texts that users' models write.
     *
     * @param parameters at the end, by user; null for users without
     */
    List<TextSample> samples(Loaded loaded, List<float[]> parameters);

    @Override
    void close();

    /** The clock of a scenario. */
    static Simulation.Clock clock(Scenario s) {
        return s.time().clock() == Scenario.Clock.WALL
                ? new Simulation.Wall(s.time().speed())
                : new Simulation.Virtual();
    }
}
