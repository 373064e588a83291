package coterie.model.torch;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.util.cuda.CudaUtils;
import coterie.model.base.PretrainedBase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
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
        return JavaProcess.said(Loading.class, environment, List.of(options));
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

    /** Loads the tokenizers library; prints which kind. */
    static final class Tokenizing {
        private Tokenizing() {}

        public static void main(String[] none) {
            NativeLibraries.tokenizers();
            System.out.println(System.getProperty("RUST_FLAVOR") + " " + CudaUtils.getGpuCount());
        }
    }

    @Test
    void tokenizersNeverLookForALibraryForAGpu() throws Exception {
        CompiledLibrary.compile(folder.resolve("libcudart.so"), """
                int cudaGetDeviceCount(int *count) { *count = 1; return 0; }
                int cudaRuntimeGetVersion(int *version) { *version = 12080; return 0; }
                int cudaDeviceGetAttribute(int *value, int which, int device) { *value = which == 75 ? 9 : 0; return 0; }
                """);
        Path cache = folder.resolve("cache");
        Map<String, String> withGpu = Map.of("LD_LIBRARY_PATH", folder.toString(), "DJL_CACHE_DIR", cache.toString());
        assertThat(JavaProcess.said(Tokenizing.class, withGpu)).isEqualTo("cpu 1");
        try (Stream<Path> files = Files.walk(cache)) {
            assertThat(files.filter(f -> f.getFileName().toString().endsWith(".so")))
                    .singleElement()
                    .asString()
                    .contains("-cpu-");
        }
        Map<String, String> users = new HashMap<>(withGpu);
        users.put("RUST_FLAVOR", "cpu");
        assertThat(JavaProcess.said(Tokenizing.class, users))
                .as("what the user sets stays")
                .isEqualTo("null 1");
    }

    @Test
    void aPythonIsAskedOnlyIfTheUserSaysSo() throws Exception {
        String none = folder.resolve("no-python").toString();
        assertThat(said(Map.of("COTERIE_PYTHON", none, "COTERIE_JNI", none))).startsWith("loaded PyTorch");
        assertThat(said(Map.of("COTERIE_PYTHON", none, "COTERIE_TORCH", "python")))
                .startsWith("there is no " + none + " that can be run: pip install torch==");
        assertThat(said(Map.of("COTERIE_TORCH", "mine", "CHECK", "")))
                .isEqualTo("COTERIE_TORCH must be python or bundled, found mine");
    }
}
