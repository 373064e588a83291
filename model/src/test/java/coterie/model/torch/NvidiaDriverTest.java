package coterie.model.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Machines with and without a driver; a driver is a library that only answers. */
class NvidiaDriverTest {
    @TempDir
    private Path folder;

    /** Prints what the driver says. */
    static final class Asking {
        private Asking() {}

        public static void main(String[] none) {
            NvidiaDriver driver = NvidiaDriver.ask();
            driver.gpus()
                    .forEach(g -> System.out.print(g + " " + g.device() + " " + g.multipliesBfloat16() + " "
                            + driver.free(g) + " CUDA " + driver.cudaVersion() + "; "));
            System.out.println(driver.problem());
        }
    }

    /** Opens a GPU, then the CPU; prints why not. */
    static final class Opening {
        private Opening() {}

        public static void main(String[] names) {
            for (String name : names) {
                try (ComputeDevice device = ComputeDevice.of(name)) {
                    System.out.print(device.name() + "; ");
                } catch (IllegalArgumentException e) {
                    System.out.print(e.getMessage() + "; ");
                }
            }
            System.out.println(Torch.version());
        }
    }

    @Test
    void itsGpusAreThoseOfTheDriver() throws Exception {
        CompiledLibrary.driver(folder);
        assertThat(JavaProcess.said(Asking.class, Map.of("LD_LIBRARY_PATH", folder.toString())))
                .isEqualTo("Gpu[index=0, name=Some GPU, bytes=80000000000, major=9, minor=0] cuda:0 true 70000000000"
                        + " CUDA 12.8; null");
    }

    @Test
    void aGpuThatIsNotThereOrHasNoLibtorchIsRefusedAndTheCpuStays() throws Exception {
        CompiledLibrary.driver(folder);
        String none = folder.resolve("no-python").toString();
        assertThat(JavaProcess.said(
                        Opening.class,
                        Map.of("LD_LIBRARY_PATH", folder.toString(), "COTERIE_PYTHON", none),
                        "cuda:1",
                        "cuda:0",
                        "cpu"))
                .contains("device cuda:1: there is no such GPU here; those that can be used: cuda:0")
                .contains("device cuda:0: the libtorch that comes along has no CUDA, and there is no " + none)
                .contains("pip install torch==")
                .contains("; cpu; PyTorch ");
    }

    @Test
    void withoutADriverThereIsAReason() throws Exception {
        NvidiaDriver driver = NvidiaDriver.ask();
        assumeTrue(driver.gpus().isEmpty(), "this machine has a GPU");
        assertThat(driver.problem()).isNotEmpty().doesNotContain("\n");
        assertThat(driver.cudaVersion()).isNull();
    }

    @Test
    void modelsAreReadFromTheKernelsPart() throws Exception {
        Path gpu = Files.createDirectories(folder.resolve("gpus/0000:1a:00.0"));
        Files.writeString(gpu.resolve("information"), "Model: \t\t NVIDIA H200\nIRQ:   \t\t 5\n");
        assertThat(NvidiaDriver.listed(folder.resolve("gpus"))).containsExactly("NVIDIA H200");
        assertThat(NvidiaDriver.listed(folder.resolve("none"))).isEmpty();
    }
}
