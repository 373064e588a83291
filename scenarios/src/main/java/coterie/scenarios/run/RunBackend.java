package coterie.scenarios.run;

import coterie.actors.checkpoint.Checkpoints;
import coterie.actors.checkpoint.SavedRun;
import coterie.actors.clock.RunObserver;
import coterie.actors.clock.RunResult;
import coterie.actors.clock.Simulation;
import coterie.actors.user.SimulationConfig;
import coterie.model.adapter.AdapterLayout;
import coterie.model.text.FederatedDataset;
import coterie.scenarios.config.Scenario;
import coterie.scenarios.config.ScenarioReader.Loaded;
import java.util.List;
import java.util.function.Consumer;

/**
 * Where the runs of one scenario, and those under its baselines, are done: in this process, or over nodes. What they
 * share is loaded once.
 */
public interface RunBackend extends AutoCloseable {
    FederatedDataset dataset();

    AdapterLayout layout();

    /** The world of a scenario. */
    SimulationConfig config(Loaded loaded);

    /** Name of the devices on which users learn. */
    String device();

    /**
     * Runs a scenario; base, data and adapters must be those of the scenario this was made for.
     *
     * @param config the scenario's
     * @param checkpoints when it is saved
     * @param from what to go on from; null to begin
     * @param started is given the run as soon as it can be stopped
     * @throws coterie.actors.cluster.NodesChangedException where the run is to go on from its last checkpoint, on other
     *     nodes
     */
    RunResult run(
            Loaded loaded,
            SimulationConfig config,
            RunObserver observer,
            Checkpoints checkpoints,
            SavedRun from,
            Consumer<Simulation> started);

    /**
     * What users' models write, to be looked at.
     *
     * @param adapters at the end, by user; null of those who have none
     */
    List<TextSample> samples(Loaded loaded, List<float[]> adapters);

    @Override
    void close();

    /** The clock that a scenario asks for. */
    static Simulation.Clock clock(Scenario s) {
        return s.time().clock() == Scenario.Clock.WALL
                ? new Simulation.Wall(s.time().speed())
                : new Simulation.Virtual();
    }
}
