package coterie.scenarios.command;

import coterie.scenarios.schema.InputException;
import picocli.CommandLine.Option;

/** Where and by how many threads is computed. */
final class DeviceOptions {
    private static final int CPU_STACK = 4;
    private static final int GPU_STACK = 64;

    @Option(names = "--device", paramLabel = "NAME", defaultValue = "cpu", description = "cpu or cuda:N (default: ${DEFAULT-VALUE})")
    private String name;

    @Option(names = "--threads", paramLabel = "N", description = "compute threads (default: the cores; 1 on a GPU); results do not depend on it")
    private Integer threads;

    @Option(names = "--stack", paramLabel = "N", description = "users whose steps are computed in one pass at most (default: " + CPU_STACK + "; " + GPU_STACK
            + " on a GPU); on a CPU results do not depend on it")
    private Integer stack;

    void check() {
        if (threads() < 1 || threads() > 1024) {
            throw new InputException("--threads must be 1 to 1024, found " + threads);
        }
        if (stack() < 1 || stack() > 4096) {
            throw new InputException("--stack must be 1 to 4096, found " + stack);
        }
    }

    String name() {
        return name;
    }

    int threads() {
        return threads != null ? threads : name.equals("cpu") ? Runtime.getRuntime().availableProcessors() : 1;
    }

    int stack() {
        return stack != null ? stack : name.equals("cpu") ? CPU_STACK : GPU_STACK;
    }
}
