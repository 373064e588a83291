package coterie.scenarios.command;

import coterie.scenarios.config.InputException;
import coterie.scenarios.config.ScenarioReader.Loaded;
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
            description = "cpu, cuda:N, or auto: the GPU if one can be used; nodes may have several, separated by"
                    + " commas (default: ${DEFAULT-VALUE})")
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

    /** The devices of nodes. */
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
                    "--device: only nodes use several devices (coterie node, or coterie run --nodes); found "
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
