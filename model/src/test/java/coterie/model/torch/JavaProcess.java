package coterie.model.torch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A process of its own for what a process does once: it loads libraries. */
final class JavaProcess {
    private JavaProcess() {}

    /**
     * Runs a class.
     *
     * @param environment variables to set; PYTORCH_* and COTERIE_* are not inherited
     * @return its one line
     */
    static String said(Class<?> main, Map<String, String> environment, String... arguments)
            throws IOException, InterruptedException {
        return said(main, environment, List.of(), arguments);
    }

    static String said(Class<?> main, Map<String, String> environment, List<String> options, String... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:TieredStopAtLevel=1"));
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(List.of(arguments));
        ProcessBuilder b = new ProcessBuilder(command).redirectErrorStream(true);
        b.environment().keySet().removeIf(k -> k.startsWith("PYTORCH_") || k.startsWith("COTERIE_"));
        b.environment().putAll(environment);
        Process p = b.start();
        String said = new String(p.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        p.waitFor();
        // The JVM itself warns about a file that is not a library.
        assertThat(said.lines().filter(l -> !l.contains("VM warning") && !l.contains("fix the library")))
                .as(said)
                .hasSize(1);
        return said;
    }
}
