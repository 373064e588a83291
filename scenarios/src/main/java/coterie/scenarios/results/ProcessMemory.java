package coterie.scenarios.results;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Memory of this process as the system counts it, native memory and all: bytes, or −1 where the system does not say (it is Linux that does). */
public final class ProcessMemory {
    private static final Path STATUS = Path.of("/proc/self/status");

    private ProcessMemory() {
    }

    /** Resident now. */
    public static long resident() throws IOException {
        return field("VmRSS:");
    }

    /** Resident at most until now. */
    public static long peak() throws IOException {
        return field("VmHWM:");
    }

    private static long field(String name) throws IOException {
        if (!Files.exists(STATUS)) {
            return -1;
        }
        return Files.readAllLines(STATUS).stream().filter(l -> l.startsWith(name)).mapToLong(l -> 1024 * Long.parseLong(l.replaceAll("\\D", "")))
                .findFirst().orElse(-1);
    }
}
