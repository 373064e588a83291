package coterie.scenarios.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The processor of this machine, as far as it decides which kernels libtorch chooses. */
public final class Processor {
    private static final Path CPUINFO = Path.of("/proc/cpuinfo");
    private static final List<String> INSTRUCTION_SETS = List.of("avx512f", "avx2", "asimd");

    private Processor() {}

    /** Model and widest vector instructions; the architecture alone if the system does not tell more. */
    public static String name() {
        try {
            return name(Files.readAllLines(CPUINFO));
        } catch (IOException e) {
            return System.getProperty("os.arch");
        }
    }

    /** The same from the lines of {@code /proc/cpuinfo}. */
    static String name(List<String> cpuinfo) {
        Map<String, String> first = new HashMap<>();
        for (String line : cpuinfo) {
            int colon = line.indexOf(':');
            if (colon > 0) {
                first.putIfAbsent(
                        line.substring(0, colon).strip(),
                        line.substring(colon + 1).strip());
            }
        }
        List<String> flags = List.of(
                first.getOrDefault("flags", first.getOrDefault("Features", "")).split(" "));
        String model = first.getOrDefault("model name", System.getProperty("os.arch"));
        return INSTRUCTION_SETS.stream()
                .filter(flags::contains)
                .findFirst()
                .map(set -> model + " (" + set + ")")
                .orElse(model);
    }
}
