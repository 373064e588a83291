package coterie.scenarios.command;

import static org.assertj.core.api.Assertions.assertThat;

import coterie.scenarios.config.ComponentRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Help as people ask for it, and completion in a shell. */
class HelpTest {
    @RegisterExtension
    final Terminal terminal = new Terminal();

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"help run", "run -h", "run --help"})
    void helpOfACommandShowsItsOptions(String typed) {
        assertThat(terminal.coterie(typed.split(" "))).isZero();
        assertThat(terminal.out()).contains("coterie run", "--sweep=KEY=VALUE,...");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "help", "-h", "--help"})
    void helpListsCommands(String typed) {
        assertThat(terminal.coterie(typed.isEmpty() ? new String[0] : new String[] {typed}))
                .isZero();
        assertThat(terminal.out()).contains("Run a scenario; results go into a folder.");
    }

    @Test
    void helpOfListNamesAllThatCanBeListed() {
        assertThat(terminal.coterie("help", "list")).isZero();
        String help = terminal.out().replaceAll("\\s+", " ");
        assertThat(ComponentRegistry.all()).allSatisfy(c -> assertThat(help).contains(c.section()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"--version", "-V"})
    void versionIsShown(String typed) {
        assertThat(terminal.coterie(typed)).isZero();
        assertThat(terminal.out()).matches("coterie \\d+\\.\\d+\\.\\d+(-SNAPSHOT)?\\s*");
    }

    @Test
    void bashCompletesCommandsAndOptions() throws IOException, InterruptedException {
        assertThat(terminal.coterie("completion", "bash")).isZero();
        Path script = Files.writeString(folder.resolve("completion"), terminal.out());
        assertThat(completed(script, "coterie", "stu")).isEqualTo("study");
        assertThat(completed(script, "coterie", "run", "--ov")).isEqualTo("--overwrite");
    }

    @Test
    void zshHasAScriptAndOtherShellsHaveNone() {
        assertThat(terminal.coterie("completion", "zsh")).isZero();
        assertThat(terminal.out()).contains("bashcompinit");
        assertThat(terminal.coterie("completion", "fish")).isEqualTo(2);
        assertThat(terminal.err()).contains("fish");
    }

    /** What bash offers for the last of these words. */
    private static String completed(Path script, String... words) throws IOException, InterruptedException {
        Process p = new ProcessBuilder(
                        "bash",
                        "-c",
                        "source " + script + "; COMP_WORDS=(" + String.join(" ", words) + "); COMP_CWORD="
                                + (words.length - 1) + "; _complete_coterie; echo \"${COMPREPLY[@]}\"")
                // Outside of a completion, bash says that it is not completing.
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String said = new String(p.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(p.waitFor()).as(said).isZero();
        return said.strip();
    }
}
