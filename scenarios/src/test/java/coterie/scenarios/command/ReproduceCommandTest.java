package coterie.scenarios.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** {@code coterie reproduce} with two studies of users that learn a softmax regression. */
class ReproduceCommandTest {
    private static final String SCENARIO = """
            name: rows
            users: 2
            model: {learner: softmax}
            data: {source: vectors, path: rows.csv, train_rows: 6, validation_rows: 2, test_rows: 4}
            training: {iterations: 8, batch_size: 2, learning_rate: 0.1}
            collaboration: {strategy: local, every: 2}
            evaluation: {every: 4}
            checkpoints: {every_minutes: 0}
            """;
    private static final String LENGTH = """
            question: Does longer training help?
            scenario: base/rows.yaml
            grid: {training.iterations: [1, 8]}
            seeds: [1, 2, 3]
            measure: loss.mean
            claims:
              - {name: longer is better, from: 'a book: 0.7 > 0.5', falling: training.iterations}
            full: {seeds: [1, 2], set: {training.learning_rate: 0.2}}
            """;
    private static final String MIXING = """
            question: Does mixing cost bytes?
            scenario: base/rows.yaml
            grid: {collaboration.strategy: [local, fedavg]}
            seeds: [1, 2, 3]
            measure: loss.mean
            claims:
              - {name: mixing sends, measure: bytes_sent.total, less: [local, fedavg]}
              - {name: mixing is free, measure: bytes_sent.total, greater: [local, fedavg]}
            full: {seeds: [1, 2]}
            """;

    @RegisterExtension
    private final Terminal terminal = new Terminal();

    @TempDir
    private Path folder;

    private Path out;

    @BeforeEach
    void write() throws IOException {
        Path mini = folder.resolve("suites/mini");
        Path base = Files.createDirectories(mini.resolve("base"));
        Files.writeString(mini.resolve("README.md"), """
                # mini

                What a book claims of rows
                and of bytes.

                Time: seconds.
                """);
        Files.writeString(mini.resolve("length.yaml"), LENGTH);
        Files.writeString(mini.resolve("mixing.yaml"), MIXING);
        Files.writeString(base.resolve("rows.yaml"), SCENARIO);
        StringBuilder rows = new StringBuilder("label,x,y\n");
        for (int k = 0; k < 24; k++) {
            rows.append(k % 2 == 0 ? "even," : "odd,")
                    .append(k % 2)
                    .append(',')
                    .append(k % 5)
                    .append('\n');
        }
        Files.writeString(base.resolve("rows.csv"), rows);
        out = folder.resolve("out");
    }

    private String reproduce(int code, String... more) {
        List<String> words = new ArrayList<>(List.of("reproduce"));
        words.addAll(List.of(more));
        words.addAll(List.of("--suites", folder.resolve("suites").toString(), "--out", out.toString(), "--quiet"));
        assertThat(terminal.coterie(words.toArray(String[]::new)))
                .as(terminal.said())
                .isEqualTo(code);
        return terminal.said();
    }

    private static long newest(Path runs) throws IOException {
        try (Stream<Path> all = Files.walk(runs)) {
            return all.mapToLong(p -> p.toFile().lastModified()).max().orElseThrow();
        }
    }

    @Test
    void aSuiteIsRunOnceAndJudged() throws IOException {
        assertThat(reproduce(0, "mini", "--jobs", "2"))
                .contains("length: 6 runs, 6 to do, 2 at once: about 1 min")
                .as("both train alone for eight iterations")
                .contains("mixing: 6 runs, 3 to do", "all: 9 runs to do, about")
                .contains("claims: holds 2, fails 1, unclear 0, not reached 0");
        Path mini = out.resolve("mini");
        assertThat(mini.resolve("claims.md"))
                .content()
                .startsWith(
                        "# Claims: mini\n\nWhat a book claims of rows and of bytes. `./coterie reproduce mini` (version ")
                .contains(") made 9 runs in ", ", cores: ")
                .contains("\n## length\n\nDoes longer training help?\n\n", "suites/mini/length.yaml`, runs: 6, ")
                .contains("| **holds** | longer is better | falls with training.iterations | loss.mean | ")
                .contains("| fails | mixing is free |")
                .doesNotContain(folder.toString());
        assertThat(Files.readAllLines(mini.resolve("claims.csv"))).hasSize(4);
        for (String name : List.of("claims.txt", "claims.tex", "claims.html")) {
            assertThat(mini.resolve(name)).content().contains("longer is better");
        }
        assertThat(mini.resolve("mixing/claims.txt")).content().contains("mixing sends");

        // Nothing is run again, and the verdicts stay the same.
        long ran = newest(mini.resolve("runs"));
        String table = Files.readString(mini.resolve("claims.md"));
        assertThat(reproduce(0, "mini")).contains("all: 0 runs to do");
        Files.delete(mini.resolve("claims.md"));
        reproduce(0, "mini", "--claims-only");
        assertThat(newest(mini.resolve("runs"))).isEqualTo(ran);
        assertThat(mini.resolve("claims.md")).content().isEqualTo(table);

        Path figures = folder.resolve("figures");
        assertThat(terminal.coterie("report", mini.resolve("length").toString(), "--figures", figures.toString()))
                .as(terminal.said())
                .isZero();
        assertThat(figures.resolve("effects.svg")).content().contains(">longer is better<");
        assertThat(figures.resolve("curves.svg")).exists();
    }

    @Test
    void theFullSizeHasItsOwnFolderAndSettings() throws IOException {
        assertThat(reproduce(0, "mini", "--full", "--dry-run")).contains("length: 4 runs, 4 to do", "all: 8 runs");
        assertThat(out).doesNotExist();
        reproduce(0, "mini", "--full", "--set", "training.batch_size=3");
        assertThat(out.resolve("mini-full/claims.md"))
                .content()
                .contains("`./coterie reproduce mini --full --set training.batch_size=3` (version ", ", runs: 4, ");
        assertThat(out.resolve("mini")).doesNotExist();
    }

    @Test
    void withoutANameSuitesAreListed() {
        assertThat(reproduce(0))
                .contains("mini: claims: 3, studies: 2. Time: seconds.\n  What a book claims of rows and of bytes.\n")
                .contains("  mixing  claims:  2  Does mixing cost bytes?");
    }

    @Test
    void mistakesAreToldBeforeAnythingRuns() throws IOException {
        assertThat(reproduce(2, "maxi")).contains("there is no suite \"maxi\"", "there are: mini");
        assertThat(reproduce(2, "mini", "--claims-only")).contains("no run of the suite has ended");
        assertThat(reproduce(2, "mini", "--claims-only", "--dry-run")).contains("does not go with");
        Path study = folder.resolve("suites/mini/mixing.yaml");
        Files.writeString(study, MIXING.replaceAll("(?s)claims:.*\\]}\n", ""));
        assertThat(reproduce(2, "mini")).contains("mixing.yaml", "claims");
        Files.writeString(study, MIXING.replaceAll("full: .*", ""));
        assertThat(reproduce(2, "mini", "--full")).contains("mixing.yaml", "no full size");
        assertThat(out.resolve("mini/runs")).doesNotExist();
    }
}
