package coterie.scenarios.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Commands with users that learn a softmax regression. */
class SoftmaxRunTest {
    private static final String SCENARIO = """
            name: rows
            users: 2
            model: {learner: softmax}
            data: {source: vectors, path: rows.csv, train_rows: 6, validation_rows: 2, test_rows: 4}
            training: {iterations: 6, batch_size: 2, learning_rate: 0.1}
            collaboration: {strategy: validation-performance, every: 2}
            evaluation: {every: 2}
            checkpoints: {every_turns: 2}
            """;

    @RegisterExtension
    private final Terminal terminal = new Terminal();

    @TempDir
    private Path folder;

    private Path scenario;
    private Path run;

    @BeforeEach
    void write() throws IOException {
        scenario = Files.writeString(folder.resolve("rows.yaml"), SCENARIO);
        StringBuilder rows = new StringBuilder("label,x,y\n");
        for (int k = 0; k < 24; k++) {
            rows.append(k % 2 == 0 ? "even" : "odd")
                    .append(',')
                    .append(k % 2)
                    .append(',')
                    .append(k)
                    .append('\n');
        }
        Files.writeString(folder.resolve("rows.csv"), rows);
        run = folder.resolve("run");
    }

    private String coterie(int code, String... line) {
        assertThat(terminal.coterie(line)).as(terminal.said()).isEqualTo(code);
        return terminal.said();
    }

    private void run(String... more) {
        coterie(
                0,
                List.of(List.of("run", scenario.toString(), "--out", run.toString(), "--quiet"), List.of(more)).stream()
                        .flatMap(List::stream)
                        .toArray(String[]::new));
    }

    @Test
    void aRunHasAccuracyAndModelsAndIsVerified() throws IOException {
        run("--set", "baselines=[local]");
        assertThat(terminal.out()).contains("test accuracy");
        JsonNode summary =
                new ObjectMapper().readTree(run.resolve("summary.json").toFile());
        assertThat(summary.at("/task/name").asText()).isEqualTo("classification");
        assertThat(summary.at("/accuracy/mean").isNumber()).isTrue();
        assertThat(summary.at("/loss/before/0").asDouble()).isEqualTo(Math.log(2));
        assertThat(summary.has("perplexity")).isFalse();
        assertThat(summary.get("engine").asText()).startsWith("Java ");
        assertThat(summary.get("tokens_trained").asLong()).isEqualTo(2 * 6 * 2);
        JsonNode model =
                new ObjectMapper().readTree(run.resolve("models/user-1.json").toFile());
        assertThat(model.get("inputs")).hasToString("[\"x\",\"y\"]");
        assertThat(model.get("classes")).hasToString("[\"even\",\"odd\"]");
        assertThat(model.get("weights").size()).isEqualTo(2);
        assertThat(model.at("/weights/1").size()).isEqualTo(2);
        assertThat(model.get("biases").size()).isEqualTo(2);
        assertThat(coterie(0, "verify", run.toString())).contains("all of them can be true");
        assertThat(coterie(2, "export", run.toString(), "--user", "0"))
                .contains("its users have no adapters; their models are in " + run.resolve("models"));
        Path page = folder.resolve("page.html");
        coterie(0, "report", run.toString(), run.resolve("baselines/local").toString(), "--out", page.toString());
        assertThat(page).content().contains("accuracy");
        Files.writeString(run.resolve("models/user-1.json"), "{}");
        assertThat(coterie(1, "verify", run.toString())).contains("models/user-1.json");
    }

    @Test
    void anInterruptedRunGoesOnToTheSameBytes() throws IOException {
        run();
        byte[] whole = Files.readAllBytes(run.resolve("evaluations.jsonl"));
        byte[] model = Files.readAllBytes(run.resolve("models/user-0.json"));
        Files.delete(run.resolve("summary.json"));
        coterie(0, "resume", run.toString(), "--quiet");
        assertThat(new ObjectMapper()
                        .readTree(run.resolve("summary.json").toFile())
                        .at("/checkpoints/resumed_from")
                        .isTextual())
                .isTrue();
        assertThat(run.resolve("evaluations.jsonl")).hasBinaryContent(whole);
        assertThat(run.resolve("models/user-0.json")).hasBinaryContent(model);
        Files.delete(run.resolve("summary.json"));
        Files.writeString(folder.resolve("rows.csv"), "label,x,y\neven,1,1\nodd,2,2\n");
        assertThat(coterie(2, "resume", run.toString(), "--quiet"))
                .contains("what data.path names has changed since the run began");
    }

    @Test
    void aStudyVariesTheSettingOfTheLearner() throws IOException {
        Path study = Files.writeString(folder.resolve("study.yaml"), """
                scenario: rows.yaml
                grid: {model.l2: [0.0, 0.5]}
                seeds: [1, 2]
                claims: [{name: a penalty hurts, measure: loss.mean, less: [{model.l2: 0.0}, {model.l2: 0.5}]}]
                """);
        String out = folder.resolve("out").toString();
        assertThat(coterie(0, "study", study.toString(), "--out", out, "--claims-only"))
                .contains("unclear (too few seeds)  a penalty hurts");
        assertThat(coterie(0, "study", study.toString(), "--out", out, "--quiet"))
                .contains("a penalty hurts  0.0 < 0.5  loss.mean");
        assertThat(folder.resolve("out/study/claims.csv")).content().contains("a penalty hurts");
        assertThat(folder.resolve("out/study/table.md")).content().contains("accuracy", "0.5");
    }

    @Test
    void dataShowsRowsAndLabels() {
        assertThat(coterie(0, "data", scenario.toString()))
                .contains("2 users, vectors of 2 numbers, 2 labels", "even 100 %; even 100 %", "odd 100 %");
    }

    @Test
    void groupsAreShownInEveryResult() throws IOException {
        String groups = "groups=[{name: phones, ids: [1], participation: {model: cohort, share: 1}, "
                + "time: {compute: {model: constant, seconds: 300}, bandwidth: {model: constant}},"
                + " data: {mixture: {even: 1}, train_rows: 3}}]";
        String rows = "data={train_rows: 4, validation_rows: 1, test_rows: 1}";
        assertThat(coterie(0, "data", scenario.toString(), "--set", groups, "--set", rows))
                .contains("group      train", "    0 others", "    1 phones         3")
                .contains("even 100 %; even 100 %");
        run("--set", groups, "--set", rows);
        JsonNode users = new ObjectMapper().readTree(run.resolve("users.json").toFile());
        assertThat(users.get("groups")).hasToString("[\"phones\",\"others\"]");
        assertThat(users.at("/users/1/group").asText()).isEqualTo("phones");
        assertThat(users.at("/users/1/train_tokens").asInt()).isEqualTo(3);
        JsonNode summary =
                new ObjectMapper().readTree(run.resolve("summary.json").toFile());
        for (int u = 0; u < 2; u++) {
            JsonNode group = summary.at("/groups/" + (u == 0 ? "others" : "phones"));
            assertThat(group.get("users").asInt()).isEqualTo(1);
            assertThat(group.get("turns").asInt()).isEqualTo(3);
            assertThat(group.at("/accuracy/mean")).isEqualTo(summary.at("/accuracy/per_user/" + u));
            assertThat(group.get("participation").asDouble()).isEqualTo(1);
        }
        assertThat(summary.at("/groups/phones/mean_versions").asDouble())
                .as("the others are far ahead")
                .isZero();
        assertThat(run.resolve("report.html")).content().contains("\"groups\":[\"phones\",\"others\"]");
        assertThat(coterie(0, "verify", run.toString())).contains("all of them can be true");
        String sql = "SELECT \"group\", max(iteration) AS n FROM evaluations JOIN users USING (run, user)"
                + " GROUP BY ALL ORDER BY 1";
        assertThat(coterie(0, "query", run.toString(), sql).lines().map(String::strip))
                .contains("others  6", "phones  6");
        Files.writeString(
                run.resolve("users.json"),
                Files.readString(run.resolve("users.json")).replace("\"group\":\"phones\"", "\"group\":\"tablets\""));
        assertThat(coterie(2, "report", run.toString()))
                .contains("users.1.group must be one of phones, others, found tablets");
    }

    @Test
    void aScenarioToBeginWithCanBeOfThisKind() {
        Path mine = folder.resolve("mine.yaml");
        coterie(
                0,
                "init",
                mine.toString(),
                "--set",
                "model.learner=softmax",
                "--set",
                "model.l2=0.1",
                "--set",
                "collaboration.strategy=fedavg",
                "--set",
                "data.source=vectors",
                "--set",
                "data.path=rows.csv",
                "--set",
                "data.label=kind");
        assertThat(mine).content().contains("learner: softmax", "l2: 0.1", "label: kind");
    }

    @Test
    void whatARunWouldRefuseIsRefusedBefore() {
        for (List<String> mistake : List.of(
                List.of("data.train_rows=9", "rows.yaml:4: data.path: category even has 12 rows, the users need 15"),
                List.of("data.label=kind", "rows.csv:1: must have a column kind of labels"),
                List.of("data.path=gone.csv", "data.path: gone.csv: there is no such file"),
                List.of(
                        "data={heterogeneity: mixtures, mixtures: [{even: 1}, {both: 1}]}",
                        "data.mixtures.1: there is no category both; there are even, odd"))) {
            for (String command : List.of("validate", "run")) {
                String said = command.equals("run")
                        ? coterie(2, "run", scenario.toString(), "--out", run.toString(), "--set", mistake.get(0))
                        : coterie(2, "validate", scenario.toString(), "--set", mistake.get(0));
                assertThat(said).contains(mistake.get(1));
            }
        }
        coterie(0, "validate", scenario.toString(), "--elsewhere", "--set", "data.path=gone.csv");
    }

    @Test
    void itComputesOnTheCpuOnly() {
        assertThat(coterie(2, "run", scenario.toString(), "--out", run.toString(), "--device", "cuda:0"))
                .contains("--device: model.learner softmax computes on the CPU, found cuda:0, allowed: cpu");
        assertThat(coterie(0, "run", scenario.toString(), "--out", run.toString(), "--device", "auto"))
                .contains("coterie: --device auto: computing on the CPU, since not every learner here can use a GPU\n");
    }
}
