package coterie.scenarios.run;

import com.fasterxml.jackson.databind.node.ObjectNode;
import coterie.actors.cluster.Assignment;
import coterie.actors.cluster.RunFactory;
import coterie.actors.user.SimulationConfig;
import coterie.model.learn.Learner;
import coterie.model.text.DatasetOutline;
import coterie.scenarios.config.ScenarioReader;
import coterie.scenarios.config.ScenarioReader.Loaded;
import coterie.scenarios.config.UserAttack;
import coterie.scenarios.learner.HostDevice;
import coterie.scenarios.learner.LearnerHost;
import coterie.scenarios.learner.LearnerInputs;
import coterie.scenarios.learner.Learners;
import coterie.scenarios.learner.RunnableLearner;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Makes learners from a scenario and the index of its users' data. The node loads the model itself, and the data that
 * its learner needs; both stay until a run needs others.
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
    private LearnerInputs inputs;
    private LearnerHost host;
    private String loadedFor;

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
            RunnableLearner learner = RunnableLearner.of(loaded);
            List<HostDevice> all = devices.stream()
                    .map(d -> new HostDevice(d.name(), d.threads(), d.stack(), d.weight()))
                    .toList();
            learner.checkDevices(all.stream().map(HostDevice::name).toList());
            inputs = learner.open(loaded);
            host = inputs.host(loaded, all);
            loadedFor = needs;
        }
        int[] known = UserAttack.withVictims(loaded.scenario(), assignment.users());
        DatasetOutline dataset = host.load(loaded, known, assignment.inputs());
        return new Resources(
                InputsRunBackend.config(loaded, dataset),
                host.fingerprint(known),
                host.learners(loaded, assignment.users()));
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
        if (host != null) {
            host.close();
        }
        if (inputs != null) {
            inputs.close();
        }
        host = null;
        inputs = null;
        loadedFor = null;
    }

    @Override
    public void close() {
        unload();
    }
}
