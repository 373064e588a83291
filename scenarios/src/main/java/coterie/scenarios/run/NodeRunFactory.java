package coterie.scenarios.run;

import com.fasterxml.jackson.databind.node.ObjectNode;
import coterie.actors.cluster.Assignment;
import coterie.actors.cluster.RunFactory;
import coterie.actors.user.SimulationConfig;
import coterie.model.learn.Learner;
import coterie.model.learn.LearningDevice;
import coterie.model.text.DocumentIndex;
import coterie.model.text.FederatedDataset;
import coterie.scenarios.config.ScenarioReader;
import coterie.scenarios.config.ScenarioReader.Loaded;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Makes learners from a scenario, which is all that a node is told. The node loads the base itself, and of the text
 * what its users need; both stay until a run needs others.
 */
public final class NodeRunFactory implements RunFactory, AutoCloseable {
    /**
     * A device of the node.
     *
     * @param threads compute workers
     * @param stack most users that one worker computes in one pass
     * @param weight users that it computes at once, compared with others
     * @param room bytes for users
     */
    public record Device(String name, int threads, int stack, double weight, long room) {}

    private final List<Device> devices;
    private final String version = Build.version();
    private final List<LearningDevice> loadedDevices = new ArrayList<>();
    private RunInputs inputs;
    private String loadedFor;
    private String baseHash;
    private HostedText text;

    public NodeRunFactory(List<Device> devices) {
        this.devices = List.copyOf(devices);
    }

    @Override
    public String version() {
        return version;
    }

    @Override
    public String processor() {
        return devices.stream()
                .map(d -> d.name().equals("cpu") ? Processor.name() : d.name())
                .distinct()
                .collect(Collectors.joining(" and "));
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
    public RunResources prepare(Assignment assignment) {
        Loaded loaded = ScenarioReader.read(Path.of("scenario.yaml"), assignment.run(), List.of());
        String needs = needs(loaded);
        if (!needs.equals(loadedFor)) {
            unload();
            inputs = new RunInputs(loaded);
            for (Device d : devices) {
                loadedDevices.add(inputs.device(loaded, d.name(), d.threads(), d.stack()));
            }
            baseHash = inputs.baseHash();
            text = new HostedText();
            loadedFor = needs;
        }
        FederatedDataset dataset = text.host(loaded, inputs.tokenizer(), assignment.users(), index(assignment));
        return new Resources(
                InputsRunBackend.config(loaded, dataset.outline()),
                text.hash(baseHash, assignment.users()),
                new Learners(loaded, inputs.layout(), dataset, assignment.users(), List.copyOf(loadedDevices)));
    }

    private static DocumentIndex index(Assignment assignment) {
        try {
            return DocumentIndex.read(assignment.inputs());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private record Resources(SimulationConfig config, String fingerprint, Learners learners) implements RunResources {
        @Override
        public Learner learner(int user) {
            return learners.of(user);
        }

        @Override
        public void close() {
            learners.close();
        }
    }

    /**
     * What has to be loaded for a scenario: the same for all strategies, except that the released code uses another
     * activation.
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
        text = null;
        loadedFor = null;
    }

    @Override
    public void close() {
        unload();
    }
}
