package coterie.scenarios.command;

import coterie.model.torch.MatrixPeak;
import coterie.scenarios.config.InputException;
import coterie.scenarios.config.ScenarioReader.Loaded;
import coterie.scenarios.learner.HostDevice;
import coterie.scenarios.learner.RunnableLearner;
import java.util.List;
import picocli.CommandLine.Option;

/** The devices and threads that compute. */
final class DeviceOptions {
    private static final int CPU_STACK = 4;
    private static final int GPU_STACK = 64;

    @Option(
            names = "--device",
            paramLabel = "NAME",
            split = ",",
            defaultValue = "cpu",
            description = "cpu, cuda:N, or auto: the GPUs if any can be used; a run and a node may have several,"
                    + " separated by commas (default: ${DEFAULT-VALUE})")
    private List<String> names;

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "compute threads (default: the cores; 1 on a GPU); results do not depend on it")
    private Integer threads;

    @Option(
            names = "--stack",
            paramLabel = "N",
            description = "users whose steps are computed in one pass at most (default: " + CPU_STACK + "; " + GPU_STACK
                    + " on a GPU); on a CPU results do not depend on it, on a GPU they do")
    private Integer stack;

    /** Whether the program chose the devices: a command that uses one takes the first. */
    private boolean chosen;

    /** @throws InputException if an option is not valid */
    void check() {
        DeviceChoice.check(names);
        if (threads != null && (threads < 1 || threads > 1024)) {
            throw new InputException("--threads must be 1 to 1024, found " + threads);
        }
        if (stack != null && (stack < 1 || stack > 4096)) {
            throw new InputException("--stack must be 1 to 4096, found " + stack);
        }
    }

    /** Finds devices on which all these runs can be computed, if they are left to the program. */
    void choose(List<Loaded> runs) {
        if (DeviceChoice.open(names)) {
            names = DeviceChoice.foundFor(
                    runs.stream().map(RunnableLearner::of).distinct().toList());
            chosen = true;
        }
    }

    /** The devices of a run or a node. */
    List<String> names() {
        if (DeviceChoice.open(names)) {
            names = DeviceChoice.found();
            chosen = true;
        }
        return names;
    }

    /**
     * The device of a command that uses one.
     *
     * @throws InputException if several are named
     */
    String name() {
        String first = names().get(0);
        if (!chosen && names.size() > 1) {
            throw new InputException(
                    "--device: only a run (without --seeds and --sweep) and a node use several devices; found "
                            + String.join(",", names));
        }
        return first;
    }

    /**
     * The same, checked.
     *
     * @throws InputException with the reason, if it cannot be used
     */
    String usable() {
        return DeviceChoice.usable(name());
    }

    /**
     * The devices of a run in this process, with their weights.
     *
     * @throws InputException with the reason, if one of several cannot be used
     */
    List<HostDevice> hosts() {
        List<String> all = names();
        if (all.size() > 1) {
            DeviceChoice.usable(all);
        }
        return all.stream()
                .map(n -> new HostDevice(n, threads(n), stack(n), all.size() == 1 ? 1 : weight(n)))
                .toList();
    }

    /** Users that a device computes at once, in cores of this machine's CPU. */
    double weight(String device) {
        return device.equals(DeviceChoice.CPU) ? threads(device) : MatrixPeak.inCores(device);
    }

    int threads() {
        return threads(names().get(0));
    }

    int threads(String device) {
        return threads != null
                ? threads
                : device.equals(DeviceChoice.CPU) ? Runtime.getRuntime().availableProcessors() : 1;
    }

    int stack() {
        return stack(names().get(0));
    }

    int stack(String device) {
        return stack != null ? stack : device.equals(DeviceChoice.CPU) ? CPU_STACK : GPU_STACK;
    }
}
