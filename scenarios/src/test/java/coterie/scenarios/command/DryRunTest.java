package coterie.scenarios.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** {@code coterie run --dry-run}: what a run would take. */
class DryRunTest extends CommandLineFixture {
    private static final String MEMORY = "coterie.memory";

    private List<Path> there() throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.sorted().toList();
        }
    }

    @Test
    void theTableIsPrintedAndNothingIsWritten() throws IOException {
        Path scenario = file(SMALL);
        List<Path> before = there();
        Path out = folder.resolve("out");
        assertThat(terminal.coterie(
                        "run",
                        scenario.toString(),
                        "--dry-run",
                        "--out",
                        out.toString(),
                        "--set",
                        "collaboration.strategy=fedavg",
                        "--set",
                        "participation.probability=1",
                        "--set",
                        "baselines=[local]"))
                .as(terminal.err())
                .isZero();
        assertThat(there()).isEqualTo(before);
        List<String> lines = terminal.out().lines().toList();
        assertThat(lines.get(0)).matches("strategy +time +virtual time +messages +MB sent +MB on disk");
        // 4 users on a ring send to 2 neighbours after each of 3 turns.
        assertThat(lines.get(1)).matches("fedavg +[0-9.]+ (s|min) +.* +24 +[0-9.]+ +[0-9.]+");
        assertThat(lines.get(2)).matches("local +[0-9.]+ (s|min) +.* +0 +0[.]0 +[0-9.]+");
        assertThat(lines.get(3)).matches("time: +about [0-9.]+ (s|min) in all, [0-9.]+ (s|min) of it for loading");
        assertThat(lines.get(4)).matches("memory: [0-9.]+ GB of [0-9.]+ GB, as the trials took");
        assertThat(lines.get(5)).matches("disk: +[0-9.]+ MB, [0-9.]+ MB of them checkpoints; [0-9]+ GB are free");
    }

    /** The memory that is assumed to be free does not suffice for a pass. */
    @Test
    void recomputedActivationsAreTold() throws IOException {
        System.setProperty(MEMORY, "1000");
        try {
            assertThat(terminal.coterie("run", file(SMALL).toString(), "--dry-run"))
                    .as(terminal.err())
                    .isZero();
        } finally {
            System.clearProperty(MEMORY);
        }
        assertThat(terminal.out().lines())
                .containsOnlyOnce("memory: activations are recomputed, since a user's pass does not fit otherwise");
    }

    @Test
    void aWrongScenarioIsRefusedWithAllMistakes() throws IOException {
        Path scenario = file("users: 0\ntime: {loss: 2}\n");
        assertThat(terminal.coterie("run", scenario.toString(), "--dry-run")).isEqualTo(2);
        assertThat(terminal.err().lines()).hasSize(2);
        assertThat(terminal.coterie("run", file(SMALL).toString(), "--dry-run", "--nodes", "2"))
                .isEqualTo(2);
        assertThat(terminal.err()).contains("--dry-run measures this process; leave out --live, --nodes");
    }
}
