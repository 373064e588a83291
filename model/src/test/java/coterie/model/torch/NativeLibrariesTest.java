package coterie.model.torch;

import static org.assertj.core.api.Assertions.assertThat;

import coterie.model.base.PretrainedBase;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * On a machine that is not set up for the native libraries the message is one line. Each case is a Java process with
 * its own environment variables.
 */
class NativeLibrariesTest {
    @TempDir
    Path folder;

    /** Loads the built-in base and libtorch; prints the output, or the message of the expected exception. */
    static final class Loading {
        private Loading() {}

        public static void main(String[] none) {
            try {
                if (System.getenv("CHECK") != null) {
                    NativeLibraries.check();
                }
                PretrainedBase.load("builtin:tiny").tokenizer().close();
                System.out.println("loaded " + Torch.version());
            } catch (TorchUnavailableException e) {
                System.out.println(e.getMessage());
            }
        }
    }

    private static String said(Map<String, String> environment, String... options)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:TieredStopAtLevel=1"));
        command.addAll(List.of(options));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Loading.class.getName()));
        ProcessBuilder b = new ProcessBuilder(command).redirectErrorStream(true);
        b.environment().keySet().removeIf(k -> k.startsWith("PYTORCH_"));
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

    @Test
    void aCacheFolderThatCannotBeMadeIsNamed() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "");
        assertThat(said(Map.of("DJL_CACHE_DIR", file.toString())))
                .contains("DJL_CACHE_DIR=" + file)
                .contains("set DJL_CACHE_DIR to a folder");
        assertThat(said(Map.of("ENGINE_CACHE_DIR", file + "/a"))).contains("ENGINE_CACHE_DIR=" + file);
    }

    @Test
    void variablesThatDoNotGoTogetherAreNamed() throws Exception {
        assertThat(said(Map.of("PYTORCH_LIBRARY_PATH", folder.toString())))
                .contains("PYTORCH_LIBRARY_PATH is " + folder)
                .contains("no libtorch.so");
        assertThat(said(Map.of("CHECK", "", "PYTORCH_VERSION", "1.0.0")))
                .contains("PYTORCH_VERSION is 1.0.0")
                .contains("PYTORCH_LIBRARY_PATH is not set");
        assertThat(said(Map.of("PYTORCH_FLAVOR", "cu999")))
                .contains("PYTORCH_FLAVOR is cu999")
                .contains("PYTORCH_LIBRARY_PATH is not set");
        Files.writeString(folder.resolve("libtorch.so"), "not a library");
        assertThat(said(Map.of("PYTORCH_LIBRARY_PATH", folder.toString(), "PYTORCH_FLAVOR", "cpu")))
                .contains("PYTORCH_VERSION is not");
        assertThat(said(Map.of("PYTORCH_LIBRARY_PATH", folder.toString(), "PYTORCH_VERSION", "2.7.1")))
                .contains("PYTORCH_FLAVOR is not");
        assertThat(said(Map.of(
                        "PYTORCH_LIBRARY_PATH",
                        folder.toString(),
                        "PYTORCH_VERSION",
                        "2.7.1",
                        "PYTORCH_FLAVOR",
                        "cpu")))
                .contains("cannot load libtorch")
                .contains("libtorch.so")
                .contains(folder.toString());
    }

    @Test
    void noTemporaryFolderIsNeeded() throws Exception {
        assertThat(said(Map.of(), "-Djava.io.tmpdir=" + folder.resolve("none"))).startsWith("loaded PyTorch");
    }
}
