package coterie.model.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LibtorchLoaderTest {
    @TempDir
    private Path folder;

    @Test
    void aMissingFileIsReadFromTheLoadersMessageInAnyLanguage() {
        assertThat(LibtorchLoader.missing(
                        "/a/libtorch.so: libcudart.so.12: cannot open shared object file: No such file or directory"))
                .isEqualTo("libcudart.so.12");
        assertThat(LibtorchLoader.missing(
                        "/a b/libtorch.so: libcupti.so.12: Kann die Shared-Object-Datei nicht öffnen: Datei fehlt"))
                .isEqualTo("libcupti.so.12");
        assertThat(LibtorchLoader.missing("/a/libtorch.so: undefined symbol: x"))
                .isEmpty();
        assertThat(LibtorchLoader.missing(null)).isEmpty();
    }

    @Test
    void librariesOfOtherFoldersAreLoadedBeforeTheOneThatNeedsThem() throws Exception {
        Path second = CompiledLibrary.compile(
                folder.resolve("second/libcoterie_second.so.2"),
                "int second() { return 2; }",
                "-Wl,-soname,libcoterie_second.so.2");
        Path first = CompiledLibrary.compile(
                folder.resolve("first/libcoterie_first.so.1"),
                "int second(); int first() { return second(); }",
                "-Wl,-soname,libcoterie_first.so.1",
                second.toString());
        Path library = CompiledLibrary.compile(
                folder.resolve("libcoterie_needs.so"),
                "int first(); int needs() { return first(); }",
                first.toString(),
                "-Wl,-rpath-link," + second.getParent());
        Map<String, Path> none = new HashMap<>();
        assertThatThrownBy(() -> LibtorchLoader.load(library, none))
                .isInstanceOf(UnsatisfiedLinkError.class)
                .hasMessageContaining("libcoterie_first.so.1");
        Map<String, Path> others = new HashMap<>(
                Map.of("libcoterie_first.so.1", first, "libcoterie_second.so.2", second, "libother.so", folder));
        LibtorchLoader.load(library, others);
        assertThat(others).as("loaded only if it is needed").containsOnlyKeys("libother.so");
        assertThat(Files.readString(Path.of("/proc/self/maps")))
                .contains(library.toString(), first.toString(), second.toString());
    }

    private TorchLibraries libraries(String jni) throws IOException, InterruptedException {
        Path torch = CompiledLibrary.compile(folder.resolve("libtorch.so"), "int coterie_torch() { return 1; }");
        Path own = CompiledLibrary.compile(folder.resolve("own.so"), jni, torch.toString());
        return new TorchLibraries("PyTorch", torch, own, "9.9.9", "cu999", true, Map.of());
    }

    @Test
    void djlSeesLinksToLibtorchAndTheUsersLibraryAndNothingElse() throws Exception {
        TorchLibraries libraries = libraries("int coterie_torch(); int own() { return coterie_torch(); }");
        Path seen = LibtorchLoader.load(libraries, () -> {
            Path shown = Path.of(System.getProperty("PYTORCH_LIBRARY_PATH"));
            assertThat(System.getProperty("PYTORCH_VERSION")).isEqualTo("9.9.9");
            assertThat(System.getProperty("PYTORCH_FLAVOR")).isEqualTo("cu999");
            assertThat(shown.resolve("libtorch.so").toFile()).exists();
            assertThat(shown.resolve("libdjl_torch.so").toFile()).exists();
            assertThat(shown.toFile().list()).hasSize(2);
            return shown;
        });
        assertThat(seen).doesNotExist();
        assertThat(System.getProperties())
                .doesNotContainKeys("PYTORCH_LIBRARY_PATH", "PYTORCH_VERSION", "PYTORCH_FLAVOR");
        assertThat(libraries.torch()).exists();
    }

    @Test
    void aLibraryMadeForAnotherLibtorchIsRefusedBeforeItIsCalled() throws Exception {
        TorchLibraries libraries = libraries("int coterie_gone(); int own() { return coterie_gone(); }");
        assertThatThrownBy(() -> LibtorchLoader.load(libraries, () -> "called"))
                .isInstanceOf(TorchUnavailableException.class)
                .hasMessage("COTERIE_JNI is " + libraries.jni()
                        + ", which was not made for libtorch 9.9.9: undefined symbol: coterie_gone");
    }
}
