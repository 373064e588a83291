package coterie.scenarios.results;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Memory of this process as the operating system counts it, native memory included: bytes, or −1 if the system does not
 * say (Linux does).
 */
public final class ProcessMemory {
    private static final Path STATUS = Path.of("/proc/self/status");

    private static final Path SYSTEM = Path.of("/proc/meminfo");

    private ProcessMemory() {}

    /** Resident memory. */
    public static long resident() throws IOException {
        return field("VmRSS:");
    }

    /** Peak resident memory. */
    public static long peak() throws IOException {
        return field("VmHWM:");
    }

    /** All memory of this machine. */
    public static long installed() throws IOException {
        return field(SYSTEM, "MemTotal:");
    }

    /** Memory that is still available; the maximum of the Java heap if the system does not say. */
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
