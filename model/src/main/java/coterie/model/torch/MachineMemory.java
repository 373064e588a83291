package coterie.model.torch;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/** Memory of this machine, or of the container that this process runs in. */
final class MachineMemory {
    private static final Path SYSTEM = Path.of("/proc/meminfo");
    private static final String AVAILABLE = "MemAvailable:";
    private static final long KIB = 1024;

    private MachineMemory() {}

    /** Bytes that programs can take without swapping; all there is if the system does not say. */
    static long available() {
        long all =
                ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();
        try {
            return Files.readAllLines(SYSTEM).stream()
                    .filter(line -> line.startsWith(AVAILABLE))
                    .mapToLong(line -> KIB * Long.parseLong(line.replaceAll("\\D", "")))
                    .reduce(all, Math::min);
        } catch (IOException e) {
            return all;
        }
    }
}
