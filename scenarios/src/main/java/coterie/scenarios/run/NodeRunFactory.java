package coterie.scenarios.run;

import com.fasterxml.jackson.databind.node.ObjectNode;
import coterie.actors.cluster.RunFactory;
import coterie.actors.user.SimulationConfig;
import coterie.model.learn.Learner;
import coterie.model.learn.LearningDevice;
import coterie.scenarios.config.ScenarioReader;
import coterie.scenarios.config.ScenarioReader.Loaded;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What a node needs for a run: a scenario is all it is told; base and text it loads itself, and keeps until another
 * scenario wants others.
 */
public final class NodeRunFactory implements RunFactory, AutoCloseable {
    /**
     * A device of the node.
     *
     * @param threads compute workers
     * @param stack users that one worker computes in one pass at most
     * @param weight users it can serve at once, compared with others
     * @param room bytes for users
     */
    public record Device(String name, int threads, int stack, double weight, long room) {}

    private final List<Device> devices;
    private final String version = Build.version();
    private final List<LearningDevice> loadedDevices = new ArrayList<>();
    private RunInputs inputs;
    private String loadedFor;
    private String fingerprint;

    public NodeRunFactory(List<Device> devices) {
        this.devices = List.copyOf(devices);
    }

    @Override
    public String version() {
        return version;
    }

    @Override
    public double weight() {
        return devices.stream().mapToDouble(Device::weight).sum();
    }

    @Override
    public long room() {
        return devices.stream().mapToLong(Device::room).sum();
    }

    @Override
    public RunResources prepare(String task, int from, int to) {
        Loaded loaded = ScenarioReader.read(Path.of("scenario.yaml"), task, List.of());
        String needs = needs(loaded);
        if (!needs.equals(loadedFor)) {
            unload();
            inputs = new RunInputs(loaded);
            for (Device d : devices) {
                loadedDevices.add(inputs.device(loaded, d.name(), d.threads(), d.stack()));
            }
            fingerprint = inputs.fingerprint();
            inputs.forgetWeights();
            loadedFor = needs;
        }
        SimulationConfig config = inputs.config(loaded);
        Learners learners = new Learners(loaded, inputs, List.copyOf(loadedDevices));
        String hash = fingerprint;
        return new RunResources() {
            @Override
            public SimulationConfig config() {
                return config;
            }

            @Override
            public String fingerprint() {
                return hash;
            }

            @Override
            public Learner learner(int user) {
                return learners.of(user);
            }

            @Override
            public void close() {
                learners.close();
            }
        };
    }

    /**
     * What has to be loaded for a scenario: the same for all strategies, but for the released code's other activation.
     */
    private static String needs(Loaded loaded) {
        ObjectNode n = loaded.resolved().deepCopy();
        n.remove(List.of(
                "collaboration",
                "baselines",
                "time",
                "topology",
                "participation",
                "faults",
                "evaluation",
                "checkpoints",
                "record",
                "tracking",
                "name"));
        return n + " " + loaded.scenario().collaboration().fidelity();
    }

    private void unload() {
        loadedDevices.forEach(LearningDevice::close);
        loadedDevices.clear();
        if (inputs != null) {
            inputs.close();
        }
        inputs = null;
        loadedFor = null;
    }

    @Override
    public void close() {
        unload();
    }
}
