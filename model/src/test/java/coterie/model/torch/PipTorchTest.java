package coterie.model.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A PyTorch that pip installed computes here, if {@code COTERIE_PYTHON} (or python3) has one that fits. */
@Tag("slow")
class PipTorchTest {
    /** Multiplies, and prints the libraries of libtorch that are loaded. */
    static final class Multiplying {
        private Multiplying() {}

        public static void main(String[] none) throws IOException {
            double speed;
            try (MatrixPeak peak = new MatrixPeak("cpu", 1)) {
                speed = peak.gigaflops();
            }
            try (Stream<String> maps = Files.lines(Path.of("/proc/self/maps"))) {
                System.out.println(maps.map(l -> l.replaceFirst("^[^/]*", ""))
                                .filter(f -> f.contains("torch") || f.contains("caffe2"))
                                .collect(Collectors.toCollection(TreeSet::new))
                        + (speed > 0 ? " multiplied" : ""));
            }
        }
    }

    @Test
    void itsLibrariesAreLoadedAndNoOthers() throws Exception {
        PythonTorch python;
        try {
            python = PythonTorch.find(NativeLibraries.variable(PythonTorch.PYTHON));
            TorchLibraries.of(python, JniLibraries.onClassPath(), null);
        } catch (TorchUnavailableException e) {
            abort(e.getMessage());
            return;
        }
        String said = JavaProcess.said(
                Multiplying.class,
                Map.of("COTERIE_TORCH", "python", "COTERIE_PYTHON", Objects.toString(python.python())));
        assertThat(said)
                .contains(python.libraries()
                        .resolve("libtorch_cpu.so")
                        .toRealPath()
                        .toString())
                .doesNotContain("libtorch_python", "libcaffe2_nvrtc", "libshm", "pytorch-native", "cpu-linux")
                .endsWith(" multiplied");
    }
}
