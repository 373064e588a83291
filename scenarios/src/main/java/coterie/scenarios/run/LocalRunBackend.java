package coterie.scenarios.run;

import coterie.actors.checkpoint.Checkpoints;
import coterie.actors.checkpoint.RunCheckpoint;
import coterie.actors.clock.Engine;
import coterie.actors.clock.RunObserver;
import coterie.actors.clock.RunResult;
import coterie.actors.clock.Simulation;
import coterie.actors.user.SimulationConfig;
import coterie.model.learn.Learner;
import coterie.model.learn.LearningDevice;
import coterie.model.text.FederatedDataset;
import coterie.scenarios.config.ScenarioReader.Loaded;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/** Runs in this process, on one device. */
public final class LocalRunBackend extends InputsRunBackend {
    private final FederatedDataset text;
    private final LearningDevice device;
    private final Engine engine = new Engine();

    private LocalRunBackend(RunInputs inputs, FederatedDataset text, LearningDevice device) {
        super(inputs, text.outline());
        this.text = text;
        this.device = device;
    }

    /**
     * Loads what a scenario needs.
     *
     * @param threads compute workers
     * @param stack most users that one worker computes in one pass
     * @throws coterie.scenarios.config.InputException if base, text or device cannot be had, or memory does not suffice
     */
    public static LocalRunBackend load(Loaded loaded, String deviceName, int threads, int stack) {
        RunInputs inputs = new RunInputs(loaded);
        try {
            MemoryEstimate.check(loaded, inputs.layout());
            FederatedDataset text = Texts.deal(loaded, inputs.tokenizer());
            LearningDevice device = inputs.device(loaded, deviceName, threads, stack);
            return new LocalRunBackend(inputs, text, device);
        } catch (RuntimeException | Error e) {
            // The tokenizer is native memory that would have no owner.
            inputs.close();
            throw e;
        }
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
            RunCheckpoint from,
            Consumer<Simulation> started) {
        try (Learners learners = learners(loaded, config.users())) {
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

    private Learners learners(Loaded loaded, int users) {
        return new Learners(loaded, layout(), text, IntStream.range(0, users).toArray(), List.of(device));
    }

    @Override
    public List<TextSample> samples(Loaded loaded, List<float[]> adapters) {
        return samples(loaded, text, adapters, device);
    }

    @Override
    public void close() {
        engine.close();
        device.close();
        super.close();
    }
}
