package coterie.scenarios.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The tests of the Python package, in {@code python/tests}, by the Python that COTERIE_PYTHON names, or python3.
 * Skipped where it has no pandas.
 */
class PythonPackageTest {
    private static final String PYTHON = System.getenv().getOrDefault("COTERIE_PYTHON", "python3");
    private static final Path PACKAGE = Path.of("../python").toAbsolutePath().normalize();

    @TempDir
    private Path folder;

    /** Reading results, and starting launchers that are shell scripts. */
    @Test
    void resultsAreReadAndTheLauncherIsStarted() throws Exception {
        passes(Map.of());
    }

    /** Runs, a study, and the notebook in docs. */
    @Test
    @Tag("slow")
    void runsAreStartedAndInterruptedAndTheNotebookCanBeExecuted() throws Exception {
        // The launcher of this tree would build while its classes are being tested.
        Path launcher = folder.resolve("coterie");
        String java = String.join("' '", Processes.java("-Xmx1g", "-XX:+UseParallelGC"));
        Files.writeString(
                launcher,
                "#!/bin/sh\nexec '" + java + "' -cp '" + System.getProperty("java.class.path") + "' "
                        + Main.class.getName() + " \"$@\"\n");
        Files.setPosixFilePermissions(launcher, PosixFilePermissions.fromString("rwx------"));
        passes(Map.of("COTERIE", launcher.toString(), "COTERIE_TEST_RUNS", "1"));
    }

    private void passes(Map<String, String> environment) throws IOException, InterruptedException {
        assumeTrue(python(Map.of(), "-c", "import pandas") == 0, PYTHON + " has no pandas");
        assertThat(python(
                        environment,
                        "-m",
                        "unittest",
                        "discover",
                        "-v",
                        "-s",
                        PACKAGE.resolve("tests").toString()))
                .as(this::said)
                .isZero();
        assertThat(said()).contains("test_trust_is_the_matrix_at_an_instant");
    }

    /** @return the exit code; -1 if there is no such Python */
    private int python(Map<String, String> environment, String... arguments) throws InterruptedException {
        List<String> command = new ArrayList<>(List.of(PYTHON));
        command.addAll(List.of(arguments));
        ProcessBuilder process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("python.log").toFile());
        process.environment().keySet().removeIf(k -> k.startsWith("COTERIE"));
        process.environment().putAll(environment);
        process.environment().put("PYTHONPATH", PACKAGE.toString());
        process.environment().put("PYTHONDONTWRITEBYTECODE", "1");
        try {
            Process p = process.start();
            if (!p.waitFor(30, TimeUnit.MINUTES)) {
                p.descendants().forEach(ProcessHandle::destroyForcibly);
                p.destroyForcibly();
            }
            return p.waitFor();
        } catch (IOException e) {
            return -1;
        }
    }

    private String said() {
        try {
            return Files.readString(folder.resolve("python.log"));
        } catch (IOException e) {
            return e.toString();
        }
    }
}
