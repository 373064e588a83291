package coterie.scenarios.results;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Memory of this process as the system counts it, native memory and all: bytes, or −1 where the system does not say (it
 * is Linux that does).
 */
public final class ProcessMemory {
    private static final Path STATUS = Path.of("/proc/self/status");

    private static final Path SYSTEM = Path.of("/proc/meminfo");

    private ProcessMemory() {}

    /** Resident now. */
    public static long resident() throws IOException {
        return field("VmRSS:");
    }

    /** Resident at most until now. */
    public static long peak() throws IOException {
        return field("VmHWM:");
    }

    /** That could be had now; what the Java heap could have at most where the system does not say. */
    public static long available() throws IOException {
        long bytes = field(SYSTEM, "MemAvailable:");
        return bytes >= 0 ? bytes : Runtime.getRuntime().maxMemory();
    }

    private static long field(String name) throws IOException {
        return field(STATUS, name);
    }

    private static long field(Path file, String name) throws IOException {
        if (!Files.exists(file)) {
            return -1;
        }
        return Files.readAllLines(file).stream()
                .filter(l -> l.startsWith(name))
                .mapToLong(l -> 1024 * Long.parseLong(l.replaceAll("\\D", "")))
                .findFirst()
                .orElse(-1);
    }
}
