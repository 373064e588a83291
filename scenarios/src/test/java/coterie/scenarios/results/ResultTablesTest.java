package coterie.scenarios.results;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Settings and variants of runs in SQL. */
class ResultTablesTest {
    @TempDir
    private Path folder;

    private Path run(String name, String scenario, String summary) throws IOException {
        Path run = Files.createDirectories(folder.resolve(name));
        Files.writeString(run.resolve("scenario.yaml"), scenario);
        Files.writeString(run.resolve("summary.json"), summary);
        return run;
    }

    private List<String> asked(String sql) throws SQLException {
        try (ResultTables tables = new ResultTables(List.of(folder))) {
            return tables.table(sql).lines().map(String::strip).toList();
        }
    }

    @Test
    void settingsAreFieldsOfAStruct() throws Exception {
        run("a", "time: {loss: 0.1}\ntopology: {kind: ring}\nbaselines: [local]\n", "{\"scenario\": \"x\", \"v\": 1}");
        run("b", "time: {loss: 0.3}\ntopology: {kind: k-regular, degree: 4}\n", "{\"scenario\": \"x\", \"v\": 2}");
        run("b/baselines/local", "time: {loss: 0.3}\n", "{\"scenario\": \"x\", \"v\": 3}");
        for (int k = 0; k < 30; k++) {
            run("c" + k, "time: {loss: 0}\n", "{\"scenario\": \"y\", \"v\": 4}");
        }
        assertThat(asked("SELECT v FROM runs WHERE settings.time.loss > 0.2 ORDER BY v"))
                .containsExactly("v", "2", "3");
        assertThat(asked("SELECT settings.topology.degree AS d FROM runs WHERE v < 3 ORDER BY v"))
                .as("a setting that few runs have")
                .containsExactly("d", "null", "4");
        assertThat(asked("SELECT scenario, count(*) AS n FROM runs GROUP BY scenario ORDER BY n"))
                .as("the column of that name stays")
                .containsExactly("scenario  n", "x         3", "y         30");
    }

    @Test
    void aRunWithADamagedScenarioKeepsItsResults() throws Exception {
        run("a", "time: {loss: 0.1", "{\"v\": 1}");
        assertThat(asked("SELECT v, settings IS NULL AS none FROM runs")).containsExactly("v  none", "1  true");
        run("b", "time: {loss: 0.1}", "{\"v\": 2}");
        assertThat(asked("SELECT v, settings.time.loss AS loss FROM runs ORDER BY v"))
                .containsExactly("v  loss", "1  null", "2  0.1");
    }

    @Test
    void runsOfStudiesHaveVariants() throws Exception {
        Path one = run("kept/runs/abc-1", "seed: 1", "{\"v\": 1}");
        run("kept/runs/abd-1", "seed: 1", "{\"v\": 2}");
        run("alone", "seed: 1", "{\"v\": 3}");
        Path study = Files.createDirectories(folder.resolve("kept/loss"));
        // The study ran in a folder that was moved since.
        Files.writeString(
                study.resolve("runs.csv"),
                "folder,seed,variant\nold/runs/abc-1,1,\"loss 0.1, \"\"a\"\"\"\nold/runs/abd-1,1,\"loss 0.3\"\n");
        Path other = Files.createDirectories(folder.resolve("kept/other"));
        Files.writeString(other.resolve("runs.csv"), "folder,seed,variant\nold/runs/abc-1,1,\"base\"\n");
        assertThat(asked("SELECT study, variant, v FROM runs JOIN variants USING (run) ORDER BY study, v"))
                .containsExactly(
                        "study  variant        v",
                        "loss   loss 0.1, \"a\"  1",
                        "loss   loss 0.3       2",
                        "other  base           1");
        assertThat(asked("SELECT run FROM variants WHERE study = 'other'")).containsExactly("run", one.toString());
    }

    @Test
    void withoutStudiesVariantsAreEmpty() throws Exception {
        run("a", "seed: 1", "{\"v\": 1}");
        assertThat(asked("SELECT count(*) AS n FROM variants")).containsExactly("n", "0");
    }
}
