package coterie.scenarios.results;

import static org.assertj.core.api.Assertions.assertThat;

import coterie.actors.event.Observation;
import coterie.model.aggregation.Influence;
import coterie.model.task.Task;
import coterie.model.trust.TrustRow;
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

    private static Observation.Mixed mixed(double seconds, int user, Influence influence, double... weights) {
        TrustRow row =
                TrustRow.given(0, new int[] {0, 1, 2}, weights, new int[3]).with(influence);
        return new Observation.Mixed(seconds, user, 0, row, new int[3], new double[3], new double[3]);
    }

    @Test
    void trustInAttackersIsATable() throws Exception {
        String attack = "users: 3\nadversaries: [{ids: [2], attack: {kind: sign-flip}, from_seconds: 5}]\n";
        Path krum = run("krum", attack + "collaboration: {aggregation: {rule: krum}}\n", "{\"v\": 1}");
        Path median = run("median", attack + "collaboration: {aggregation: {rule: median}}\n", "{\"v\": 2}");
        run("honest", "users: 3\n", "{\"v\": 3}");
        for (Path run : List.of(krum, median)) {
            Influence influence = run.equals(krum) ? new Influence(new double[] {1, 0, 0}) : null;
            try (Recorder to = new Recorder(run, Task.LANGUAGE_MODELLING, (u, phase) -> "", false, false, null, 0)) {
                to.observed(mixed(2, 0, influence, 0, 0, 1));
                to.observed(mixed(8, 0, influence, 0.5, 0.25, 0.25));
                to.observed(mixed(9, 2, influence, 0, 0, 1));
            }
        }
        assertThat(asked("SELECT v, virtual_seconds AS seen, \"user\" AS who, weight, influence, auc, rank"
                        + " FROM trust_in_attackers JOIN runs USING (run) ORDER BY v"))
                .as("the row of an honest user during the attack")
                .containsExactly(
                        "v  seen  who  weight  influence  auc  rank",
                        "1  8.0   0    0.25    0.0        0.5  1.5",
                        "2  8.0   0    0.25    null       0.5  1.5");
    }

    @Test
    void rowsWithUsersThatARunDoesNotHaveAreLeftOut() throws Exception {
        Path run = run("a", "users: 3\nadversaries: [{ids: [2], attack: {kind: sign-flip}}]\n", "{\"v\": 1}");
        TrustRow damaged = TrustRow.given(0, new int[] {0, 7}, new double[] {0.5, 0.5}, new int[2]);
        try (Recorder to = new Recorder(run, Task.LANGUAGE_MODELLING, (u, phase) -> "", false, false, null, 0)) {
            to.observed(new Observation.Mixed(2, 0, 0, damaged, new int[2], new double[2], new double[2]));
            to.observed(mixed(8, 0, null, 0.5, 0.25, 0.25));
        }
        assertThat(asked("SELECT virtual_seconds AS seen FROM trust_in_attackers"))
                .containsExactly("seen", "8.0");
    }

    @Test
    void withoutAttackersTheirTableIsEmpty() throws Exception {
        run("a", "seed: 1", "{\"v\": 1}");
        assertThat(asked("SELECT count(*) AS n FROM trust_in_attackers")).containsExactly("n", "0");
    }

    @Test
    void withoutStudiesVariantsAreEmpty() throws Exception {
        run("a", "seed: 1", "{\"v\": 1}");
        assertThat(asked("SELECT count(*) AS n FROM variants")).containsExactly("n", "0");
    }
}
