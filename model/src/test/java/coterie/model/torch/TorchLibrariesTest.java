package coterie.model.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which libtorch is used, with installations that have empty files. */
class TorchLibrariesTest {
    private static final JniLibraries JNI = new JniLibraries("2.7.1", List.of("cpu", "cu128"));

    @TempDir
    private Path folder;

    private Path torch;

    @BeforeEach
    void install() throws IOException {
        torch = folder.resolve("site-packages/torch");
        empty(torch.resolve("lib/libtorch.so"));
        empty(torch.resolve("lib/libtorch_cuda.so"));
        empty(folder.resolve("site-packages/nvidia/cublas/lib/libcublas.so.12"));
        empty(folder.resolve("site-packages/nvidia/cublas/include/cublas.h"));
        empty(folder.resolve("site-packages/cusparselt/lib/libcusparseLt.so.0"));
        empty(folder.resolve("system/nvidia/cublas/lib/libcublas.so.12"));
        empty(folder.resolve("system/nvidia/cudnn/lib/libcudnn.so.9"));
    }

    private static Path empty(Path file) throws IOException {
        Files.createDirectories(file.getParent());
        return Files.writeString(file, "");
    }

    private PythonTorch python(String version, String cuda) {
        return new PythonTorch(
                "python3",
                torch,
                version,
                cuda,
                List.of(folder.resolve("site-packages"), folder.resolve("system"), folder.resolve("none")));
    }

    private static TorchLibraries chosen(Map<String, String> variables, boolean gpu, boolean bundled, PythonTorch p) {
        return TorchLibraries.choose(variables::get, gpu, bundled, JNI, name -> {
            if (p == null) {
                throw new TorchUnavailableException(name + " has no PyTorch");
            }
            return p;
        });
    }

    @Test
    void aGpuUsesPythonsUnlessTheOneThatComesAlongHasCuda() {
        PythonTorch p = python("2.7.1+cu126", "12.6");
        TorchLibraries found = chosen(Map.of(), true, false, p);
        assertThat(found.torch()).isEqualTo(torch.resolve("lib/libtorch.so"));
        assertThat(found.version()).isEqualTo("2.7.1");
        assertThat(found.flavor()).as("of the same CUDA 12").isEqualTo("cu128");
        assertThat(found.jni()).as("DJL's own").isNull();
        assertThat(found.cuda()).isTrue();
        assertThat(chosen(Map.of(), true, true, p)).isNull();
        assertThat(chosen(Map.of("COTERIE_TORCH", "bundled"), true, false, p)).isNull();
    }

    @Test
    void theCpuUsesPythonsOnlyIfTheUserSaysSo() {
        PythonTorch p = python("2.7.1+cu128", "12.8");
        assertThat(chosen(Map.of("COTERIE_PYTHON", "python", "COTERIE_JNI", "x"), false, false, p))
                .isNull();
        assertThat(chosen(Map.of("COTERIE_TORCH", "bundled"), false, false, p)).isNull();
        assertThat(chosen(Map.of("COTERIE_TORCH", "python"), false, false, p).flavor())
                .isEqualTo("cu128");
        assertThat(chosen(Map.of("COTERIE_TORCH", "python"), false, true, python("2.7.1+cpu", null))
                        .flavor())
                .isEqualTo("cpu");
        assertThatThrownBy(() -> chosen(Map.of("COTERIE_TORCH", "mine"), false, false, p))
                .isInstanceOf(TorchUnavailableException.class)
                .hasMessage("COTERIE_TORCH must be python or bundled, found mine");
    }

    @Test
    void librariesOfCudaAreTakenFromTheFirstFolderThatHasThem() {
        assertThat(chosen(Map.of(), true, false, python("2.7.1+cu126", "12.6")).others())
                .isEqualTo(Map.of(
                        "libcublas.so.12",
                        folder.resolve("site-packages/nvidia/cublas/lib/libcublas.so.12"),
                        "libcusparseLt.so.0",
                        folder.resolve("site-packages/cusparselt/lib/libcusparseLt.so.0"),
                        "libcudnn.so.9",
                        folder.resolve("system/nvidia/cudnn/lib/libcudnn.so.9")));
    }

    @Test
    void anotherVersionNeedsALibraryOfTheUsers() throws IOException {
        PythonTorch p = python("2.15.0+cu132", "13.2");
        refused(
                Map.of("COTERIE_TORCH", "python"),
                p,
                "PyTorch 2.15.0+cu132 of python3 does not fit, only 2.7.1 does: pip install torch==2.7.1",
                "or name by COTERIE_JNI a libdjl_torch.so that was made for 2.15.0");
        refused(
                Map.of("COTERIE_JNI", folder.resolve("none").toString()),
                p,
                "COTERIE_JNI is " + folder.resolve("none") + ", which is no file");
        Path own = empty(folder.resolve("libdjl_torch.so"));
        TorchLibraries found = chosen(Map.of("COTERIE_JNI", own.toString()), true, false, p);
        assertThat(found.jni()).isEqualTo(own);
        assertThat(found.version()).isEqualTo("2.15.0");
        assertThat(found.flavor()).isEqualTo("cu132");
    }

    @Test
    void whatIsMissingIsSaidWithWhatToInstall() throws IOException {
        String advice = "pip install torch==2.7.1, for instance in a virtual environment, and name its Python by"
                + " COTERIE_PYTHON";
        refused(Map.of(), null, "the libtorch that comes along has no CUDA, and", "has no PyTorch", advice);
        refused(Map.of(), python("2.7.1+cpu", null), "was built without CUDA", advice);
        refused(Map.of(), python("2.7.1+cu118", "11.8"), "it was built for CUDA 11.8", "cpu, cu128", advice);
        Files.delete(torch.resolve("lib/libtorch.so"));
        refused(Map.of(), python("2.7.1+cu126", "12.6"), "has no file " + torch.resolve("lib/libtorch.so"), advice);
    }

    private static void refused(Map<String, String> variables, PythonTorch p, String... words) {
        assertThatThrownBy(() -> chosen(variables, true, false, p))
                .isInstanceOf(TorchUnavailableException.class)
                .satisfies(e -> assertThat(e.getMessage()).contains(words).doesNotContain("\n"));
    }

    @Test
    void theLibrariesThatComeAlongAreThoseOfTheBuild() {
        JniLibraries here = JniLibraries.onClassPath();
        assertThat(here.torch()).matches("\\d+\\.\\d+\\.\\d+");
        assertThat(here.flavors()).contains("cpu");
    }
}
