package coterie.scenarios.run;

import coterie.actors.checkpoint.Checkpoints;
import coterie.actors.checkpoint.SavedRun;
import coterie.actors.clock.Engine;
import coterie.actors.clock.RunObserver;
import coterie.actors.clock.RunResult;
import coterie.actors.clock.Simulation;
import coterie.actors.user.SimulationConfig;
import coterie.model.learn.Learner;
import coterie.model.learn.LearningDevice;
import coterie.scenarios.config.ScenarioReader.Loaded;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** In this process, on one device. */
public final class LocalRunBackend extends InputsRunBackend {
    private final LearningDevice device;
    private final Engine engine;

    /**
     * Loads what a scenario needs.
     *
     * @param threads compute workers
     * @param stack users that one worker computes in one pass at most
     * @throws coterie.scenarios.config.InputException where base, text or device cannot be had
     */
    public LocalRunBackend(Loaded loaded, String deviceName, int threads, int stack) {
        super(new RunInputs(loaded, true));
        try {
            device = inputs().device(loaded, deviceName, threads, stack);
        } catch (RuntimeException | Error e) {
            // The tokenizer is native memory that would have no owner.
            inputs().close();
            throw e;
        }
        inputs().forgetWeights();
        engine = new Engine();
    }

    @Override
    public String device() {
        return device.name();
    }

    @Override
    public RunResult run(
            Loaded loaded,
            SimulationConfig config,
            RunObserver observer,
            Checkpoints checkpoints,
            SavedRun from,
            Consumer<Simulation> started) {
        try (Learners learners = new Learners(loaded, inputs(), List.of(device))) {
            List<Learner> all = new ArrayList<>();
            for (int u = 0; u < config.users(); u++) {
                all.add(learners.of(u));
            }
            try (Simulation simulation =
                    engine.start(config, all, observer, RunBackend.clock(loaded.scenario()), checkpoints, from)) {
                started.accept(simulation);
                return simulation.await();
            }
        }
    }

    @Override
    public List<TextSample> samples(Loaded loaded, List<float[]> adapters) {
        return samples(loaded, adapters, device);
    }

    @Override
    public void close() {
        engine.close();
        device.close();
        super.close();
    }
}
