package coterie.scenarios.command;

import coterie.scenarios.config.InputException;
import java.util.List;
import picocli.CommandLine.Option;

/** The devices and threads that compute. */
final class DeviceOptions {
    private static final String CPU = "cpu";
    private static final int CPU_STACK = 4;
    private static final int GPU_STACK = 64;

    @Option(
            names = "--device",
            paramLabel = "NAME",
            split = ",",
            defaultValue = "cpu",
            description = "cpu or cuda:N; nodes may have several, separated by" + " commas (default: ${DEFAULT-VALUE})")
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

    void check() {
        if (threads() < 1 || threads() > 1024) {
            throw new InputException("--threads must be 1 to 1024, found " + threads);
        }
        if (stack() < 1 || stack() > 4096) {
            throw new InputException("--stack must be 1 to 4096, found " + stack);
        }
    }

    List<String> names() {
        return names;
    }

    /**
     * The device of a command that uses one.
     *
     * @throws InputException if several are named
     */
    String name() {
        if (names.size() > 1) {
            throw new InputException(
                    "--device: only nodes use several devices (coterie node, or coterie run --nodes); found "
                            + String.join(",", names));
        }
        return names.get(0);
    }

    int threads() {
        return threads(names.get(0));
    }

    int threads(String device) {
        return threads != null
                ? threads
                : device.equals(CPU) ? Runtime.getRuntime().availableProcessors() : 1;
    }

    int stack() {
        return stack(names.get(0));
    }

    int stack(String device) {
        return stack != null ? stack : device.equals(CPU) ? CPU_STACK : GPU_STACK;
    }
}
