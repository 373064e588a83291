package coterie.scenarios.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** {@code coterie study}: what it runs, its tables, and mistakes in its file. */
class StudyCommandTest extends CommandLineFixture {
    @Test
    void aStudyRunsWhatIsMissingAndMakesTablesAndQueriesReadThem() throws IOException {
        file(SMALL);
        Path study = folder.resolve("pace.yaml");
        Files.writeString(study, """
                scenario: small.yaml
                grid:
                  collaboration.strategy: [local, fedavg]
                  training.learning_rate: [0.002, 0.001]
                seeds: [1, 2]
                baseline: local, 0.002
                """);
        Path out = folder.resolve("out");
        assertThat(Main.execute("study", study.toString(), "--out", out.toString(), "--dry-run"))
                .isZero();
        assertThat(terminal.out()).contains("8 runs, 8 to do");
        assertThat(Main.execute("study", study.toString(), "--out", out.toString(), "--quiet", "--jobs", "2"))
                .as(terminal.err())
                .isZero();
        List<String> csv = Files.readAllLines(out.resolve("pace/table.csv"));
        assertThat(csv).hasSize(5);
        assertThat(csv.get(0))
                .isEqualTo("collaboration.strategy,training.learning_rate,n,mean,standard_deviation,"
                        + "difference,confidence_95,never_reached,unpaired");
        assertThat(csv.get(1)).startsWith("local,0.002,2,").endsWith(",,,0,0");
        assertThat(csv.get(4))
                .startsWith("fedavg,0.001,2,")
                .doesNotContain(",,")
                .endsWith(",0,0");
        for (String t : List.of("table.txt", "table.md", "table.tex")) {
            assertThat(out.resolve("pace").resolve(t)).content().contains("fedavg");
        }
        // Runs that have ended are not repeated, and the table stays the same.
        long newest = newest(out);
        terminal.clear();
        assertThat(Main.execute("study", study.toString(), "--out", out.toString(), "--quiet"))
                .isZero();
        assertThat(newest(out)).isEqualTo(newest);
        assertThat(Files.readAllLines(out.resolve("pace/table.csv"))).isEqualTo(csv);

        terminal.clear();
        assertThat(Main.execute(
                        "query",
                        out.toString(),
                        "SELECT strategy, count(*) AS n FROM runs GROUP BY strategy ORDER BY strategy"))
                .as(terminal.err())
                .isZero();
        assertThat(terminal.out()).isEqualTo("strategy  n\nfedavg    4\nlocal     4\n");
        Path parquet = folder.resolve("turns.parquet");
        assertThat(Main.execute(
                        "query",
                        out.toString(),
                        "SELECT * FROM turns;",
                        "--format",
                        "parquet",
                        "--out",
                        parquet.toString()))
                .as(terminal.err())
                .isZero();
        assertThat(Files.readAllBytes(parquet)).startsWith('P', 'A', 'R', '1');
        terminal.clear();
        assertThat(Main.execute("query", out.toString(), "SELECT nothing FROM runs"))
                .isEqualTo(2);
        assertThat(terminal.err()).contains("nothing").doesNotContain("\tat ");
    }

    private static long newest(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder.resolve("runs"))) {
            return all.mapToLong(p -> p.toFile().lastModified()).max().orElseThrow();
        }
    }

    @Test
    void aSweepIsAStudyWithoutAFile() throws IOException {
        Path scenario = file(SMALL);
        Path out = folder.resolve("out");
        String[] sweep = {
            "run",
            scenario.toString(),
            "--sweep",
            "collaboration.strategy=local,fedavg",
            "--sweep",
            "training.learning_rate=0.002, 0.001",
            "--seeds",
            "1..2",
            "--out",
            out.toString(),
            "--quiet"
        };
        assertThat(Main.execute(sweep)).as(terminal.err()).isZero();
        String name = terminal.out()
                .lines()
                .filter(l -> l.startsWith("tables and report: "))
                .map(l -> Path.of(l.substring(l.lastIndexOf(' ') + 1))
                        .getFileName()
                        .toString())
                .findFirst()
                .orElseThrow();
        assertThat(name).endsWith("-collaboration.strategy-training.learning_rate");
        List<String> csv = Files.readAllLines(out.resolve(name).resolve("table.csv"));
        assertThat(csv).hasSize(5);

        long newest = newest(out);
        assertThat(Main.execute(sweep)).isZero();
        Path study = Files.writeString(folder.resolve("same.yaml"), """
                scenario: small.yaml
                grid:
                  collaboration.strategy: [local, fedavg]
                  training.learning_rate: [0.002, 0.001]
                seeds: [1, 2]
                """);
        terminal.clear();
        assertThat(Main.execute("study", study.toString(), "--out", out.toString(), "--dry-run"))
                .isZero();
        assertThat(terminal.out()).contains("8 runs, 0 to do");
        assertThat(Main.execute("study", study.toString(), "--out", out.toString(), "--quiet"))
                .isZero();
        assertThat(newest(out)).isEqualTo(newest);
        assertThat(Files.readAllLines(out.resolve("same/table.csv"))).isEqualTo(csv);
    }

    @Test
    void seedsAloneRepeatTheScenario() throws IOException {
        Path scenario = file("name: tiny\n" + SMALL.replaceFirst("name: .*\n", ""));
        Path out = folder.resolve("out");
        assertThat(Main.execute(
                        "run",
                        scenario.toString(),
                        "--seeds",
                        "3,5..6",
                        "--set",
                        "training.iterations=1",
                        "--out",
                        out.toString(),
                        "--quiet"))
                .as(terminal.err())
                .isZero();
        assertThat(Files.readAllLines(out.resolve("tiny-seeds/table.csv")).get(1))
                .startsWith("tiny,3,");
        assertThat(Files.readAllLines(out.resolve("tiny-seeds/runs.csv"))).hasSize(4);
    }

    @Test
    void mistakesInASweepAreToldBeforeAnythingRuns() throws IOException {
        Path scenario = file(SMALL);
        for (String[] wrong : new String[][] {
            {"--sweep", "time.loss=0,2", "variant \"2\"", "--sweep time.loss=0,2: time.loss: loss must lie in"},
            {"--sweep", "time.loss", "--sweep time.loss: must be key.path=value,value"},
            {"--sweep", "time.loss=", "--sweep time.loss=: grid.time.loss: must be a list of values"},
            {"--sweep", "time.loss=0,[", "--sweep time.loss=0,[: not valid YAML"},
            {"--sweep", "seed=1,2", "--sweep seed=1,2: --seeds says which seeds"},
            {"--sweep", "time.lss=0,0.1", "--sweep time.lss=0,0.1: time.lss: unknown key"},
            {"--seeds", "1..x", "--seeds 1..x: seeds: must be whole numbers"},
            {"--seeds", "1,1", "--seeds 1,1: seeds: 1 stands there twice"}
        }) {
            terminal.clear();
            Path out = folder.resolve("out");
            assertThat(Main.execute("run", scenario.toString(), wrong[0], wrong[1], "--out", out.toString()))
                    .as(wrong[1])
                    .isEqualTo(2);
            assertThat(terminal.err()).contains(wrong[2]).contains(wrong[wrong.length - 1]);
        }
        for (List<String> more : List.of(List.of("--live"), List.of("--nodes", "2"), List.of("--seed", "3"))) {
            List<String> all = new ArrayList<>(List.of("run", scenario.toString(), "--seeds", "1..2"));
            all.addAll(more);
            terminal.clear();
            assertThat(Main.execute(all.toArray(String[]::new))).isEqualTo(2);
            assertThat(terminal.err()).contains(more.get(0));
        }
        assertThat(folder.resolve("out")).doesNotExist();
    }

    @Test
    void mistakesInAStudyAreToldBeforeAnythingRuns() throws IOException {
        file(SMALL);
        for (String[] wrong : new String[][] {
            {"scenario: small.yaml\ngrid: {training.iterations: [1, -1]}", "variant \"-1\"", "iterations"},
            {"scenario: small.yaml\ngird: {a: [1]}", "gird: unknown key", "grid"},
            {"scenario: small.yaml\n", "needs a grid", ""},
            {"scenario: other.yaml\ngrid: {users: [1]}", "other.yaml", "no such file"},
            {"scenario: small.yaml\ngrid: {users: [2]}\nbaseline: 3", "baseline: there is no variant 3;", "\"2\""}
        }) {
            Path study = folder.resolve("wrong.yaml");
            Files.writeString(study, wrong[0]);
            terminal.clear();
            assertThat(Main.execute(
                            "study",
                            study.toString(),
                            "--out",
                            folder.resolve("out").toString()))
                    .isEqualTo(2);
            assertThat(terminal.err()).contains(wrong[1]).contains(wrong[2]).doesNotContain("\tat ");
        }
        assertThat(folder.resolve("out")).doesNotExist();
    }
}
