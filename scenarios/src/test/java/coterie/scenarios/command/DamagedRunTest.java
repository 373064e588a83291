package coterie.scenarios.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * The folder of a run that a full disk, another program or a person has damaged: commands name the file, in one line.
 */
class DamagedRunTest {
    private static final String SMALL = """
            name: small
            users: 3
            data: {source: 'builtin:romance', train_tokens: 200, validation_tokens: 50, test_tokens: 100,
              shared_tokens: 50}
            training: {iterations: 2, batch_size: 1, context: 16}
            collaboration: {strategy: fedavg, every: 1}
            record: {samples: 0}
            """;

    @TempDir
    Path folder;

    @RegisterExtension
    private final Terminal terminal = new Terminal();

    private void refused(Path file, String... command) {
        assertThat(terminal.coterie(command))
                .as(String.join(" ", command) + ": " + terminal.err())
                .isEqualTo(2);
        String said = terminal.err();
        assertThat(said.lines()).as(said).hasSize(1);
        assertThat(said).contains(file.toString()).doesNotContain("Exception", "java.", "fasterxml", "Source:");
    }

    @Test
    void aDamagedFileIsNamed() throws IOException {
        Path run = folder.resolve("run");
        Path scenario = Files.writeString(folder.resolve("small.yaml"), SMALL);
        assertThat(Main.execute("run", scenario.toString(), "--quiet", "--out", run.toString()))
                .as(terminal.err())
                .isZero();
        Path summary = run.resolve("summary.json");
        String whole = Files.readString(summary);
        for (String damaged : new String[] {"", "null", "[]", whole.substring(0, whole.length() / 2), whole + whole}) {
            Files.writeString(summary, damaged);
            refused(summary, "verify", run.toString());
            refused(summary, "report", run.toString());
            refused(summary, "resume", run.toString());
        }
        Files.writeString(summary, whole.replaceFirst("\"turns\" *: *\\d+", "\"turns\": \"six\""));
        refused(summary, "verify", run.toString());
        Files.writeString(summary, whole);
        Path users = run.resolve("users.json");
        String cast = Files.readString(users);
        for (String damaged : new String[] {"", "null", "{}", cast.substring(0, 20)}) {
            Files.writeString(users, damaged);
            refused(users, "report", run.toString());
        }
        Files.writeString(users, cast);
        Path turns = run.resolve("turns.jsonl");
        byte[] good = Files.readAllBytes(turns);
        Files.write(turns, new byte[] {(byte) 0xff, 0, 1, 2});
        refused(turns, "verify", run.toString());
        refused(turns, "report", run.toString());
        Files.writeString(
                turns, new String(good, StandardCharsets.UTF_8).replaceFirst("\"user\" *: *0", "\"user\":99"));
        refused(run, "report", run.toString());
        Files.writeString(turns, "null\n" + new String(good, StandardCharsets.UTF_8));
        assertThat(Main.execute("verify", run.toString()))
                .as("a line that is no record cannot be true")
                .isEqualTo(1);
        refused(run, "report", run.toString());
        Files.write(turns, good);
        assertThat(Main.execute("verify", run.toString())).as(terminal.err()).isZero();
    }
}
