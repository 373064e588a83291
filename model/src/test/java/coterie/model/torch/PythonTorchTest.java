package coterie.model.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pythons that are scripts, and packages without content. */
class PythonTorchTest {
    @TempDir
    private Path folder;

    private String python(String script) throws IOException {
        Path file = Files.writeString(folder.resolve("python"), "#!/bin/sh\n" + script + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        return file.toString();
    }

    private Path torch(String version) throws IOException {
        Path torch = Files.createDirectories(folder.resolve("packages of mine/torch"));
        Files.writeString(torch.resolve("version.py"), version);
        return torch;
    }

    @Test
    void aPyTorchIsFoundByWhatPythonSays() throws IOException {
        Path torch = torch("""
                from typing import Optional
                __all__ = ['__version__', 'cuda']
                __version__ = '2.7.1+cu126'
                cuda: Optional[str] = '12.6'
                """);
        String python = python("echo hello from a start file; echo 'torch:" + torch + "'; echo 'packages:"
                + torch.getParent() + "'; echo packages:/usr/lib");
        PythonTorch found = PythonTorch.find(python);
        assertThat(found.folder()).isEqualTo(torch);
        assertThat(found.version()).isEqualTo("2.7.1+cu126");
        assertThat(found.release()).isEqualTo("2.7.1");
        assertThat(found.cuda()).isEqualTo("12.6");
        assertThat(found.packages()).containsExactly(torch.getParent(), Path.of("/usr/lib"));
        assertThat(found.inWords()).isEqualTo("PyTorch 2.7.1+cu126 of " + python);
    }

    @Test
    void oneWithoutCudaSaysSo() throws IOException {
        Path torch = torch("__version__ = \"2.7.1+cpu\"\ncuda: Optional[str] = None\nhip = '6.3'\n");
        assertThat(PythonTorch.find(python("echo 'torch:" + torch + "'")).cuda())
                .isNull();
    }

    @Test
    void everyFailureIsOneLine() throws IOException {
        refused(folder.resolve("none").toString(), "there is no " + folder.resolve("none") + " that can be run");
        refused(python("echo packages:/usr/lib"), " has no PyTorch");
        refused(python("echo trace; echo 'SyntaxError: old' >&2; exit 1"), " failed: SyntaxError: old");
        refused(python("echo torch:" + folder), "cannot read " + folder.resolve("version.py"));
        Path torch = torch("nothing\n");
        refused(python("echo 'torch:" + torch + "'"), " names no version");
        String slow = python("exec sleep 60");
        assertThatThrownBy(() -> PythonTorch.find(slow, Duration.ofMillis(100)))
                .isInstanceOf(TorchUnavailableException.class)
                .hasMessageContaining("did not answer within 0 s");
    }

    private static void refused(String python, String why) {
        assertThatThrownBy(() -> PythonTorch.find(python))
                .isInstanceOf(TorchUnavailableException.class)
                .hasMessageContaining(why)
                .satisfies(e -> assertThat(e.getMessage().lines()).hasSize(1));
    }
}
