package coterie.scenarios.run;

import coterie.actors.checkpoint.Checkpoints;
import coterie.actors.checkpoint.RunCheckpoint;
import coterie.actors.clock.Engine;
import coterie.actors.clock.RunObserver;
import coterie.actors.clock.RunResult;
import coterie.actors.clock.Simulation;
import coterie.actors.user.SimulationConfig;
import coterie.model.learn.Learner;
import coterie.model.text.DatasetOutline;
import coterie.scenarios.config.ScenarioReader.Loaded;
import coterie.scenarios.learner.HostDevice;
import coterie.scenarios.learner.LearnerHost;
import coterie.scenarios.learner.LearnerInputs;
import coterie.scenarios.learner.Learners;
import coterie.scenarios.learner.RunnableLearner;
import coterie.scenarios.learner.TextSample;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/** Runs in this process. */
public final class LocalRunBackend extends InputsRunBackend {
    private final LearnerHost host;
    private final List<HostDevice> devices;
    private final Engine engine = new Engine();

    private LocalRunBackend(
            Loaded loaded, LearnerInputs inputs, LearnerHost host, List<HostDevice> devices, DatasetOutline dataset) {
        super(loaded, inputs, dataset);
        this.host = host;
        this.devices = List.copyOf(devices);
    }

    /**
     * Loads what a scenario needs.
     *
     * @throws coterie.scenarios.config.InputException if model, data or device cannot be had, or memory does not
     *     suffice
     */
    public static LocalRunBackend load(Loaded loaded, HostDevice device) {
        return load(loaded, List.of(device));
    }

    /** The same with several devices, among which users are divided. */
    public static LocalRunBackend load(Loaded loaded, List<HostDevice> devices) {
        RunnableLearner learner = RunnableLearner.of(loaded);
        learner.checkDevices(devices.stream().map(HostDevice::name).toList());
        LearnerInputs inputs = learner.open(loaded);
        LearnerHost host = null;
        try {
            inputs.checkMemory(loaded);
            host = inputs.host(loaded, devices);
            return new LocalRunBackend(loaded, inputs, host, devices, host.load(loaded));
        } catch (RuntimeException | Error e) {
            // Both may hold native memory, which would have no owner.
            if (host != null) {
                host.close();
            }
            inputs.close();
            throw e;
        }
    }

    @Override
    public String device() {
        return host.device();
    }

    @Override
    public Boolean recomputes() {
        return host.recomputes();
    }

    /** A lower bound of the memory on each device that has memory of its own, in bytes by name. */
    public Map<String, Double> deviceBytes(Loaded loaded) {
        Map<String, Double> all = new LinkedHashMap<>();
        double weights = devices.stream().mapToDouble(HostDevice::weight).sum();
        for (HostDevice d : devices) {
            int users = (int) Math.ceil(loaded.scenario().users() * d.weight() / weights);
            double bytes = d.name().equals("cpu") ? 0 : deviceBytes(loaded, users, d.stack(), host.recomputes());
            if (bytes > 0) {
                all.put(d.name(), bytes);
            }
        }
        return all;
    }

    @Override
    public Workers workers() {
        return new Workers(
                List.of(host.device().split(",")),
                devices.stream().mapToInt(HostDevice::threads).sum(),
                devices.get(0).stack(),
                0);
    }

    @Override
    public String dataHash() {
        return host.dataHash();
    }

    @Override
    public RunResult run(
            Loaded loaded,
            SimulationConfig config,
            RunObserver observer,
            Checkpoints checkpoints,
            RunCheckpoint from,
            Consumer<Simulation> started) {
        try (Learners learners =
                host.learners(loaded, IntStream.range(0, config.users()).toArray())) {
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
    public List<TextSample> samples(Loaded loaded, List<float[]> parameters) {
        return host.samples(loaded, parameters);
    }

    @Override
    public void close() {
        engine.close();
        host.close();
        super.close();
    }
}
