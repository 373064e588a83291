package coterie.scenarios.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Runs whose users measure the utility of their neighbours. */
class UtilityRunTest {
    private static final String ROWS = """
            name: rows
            users: 4
            model: {learner: softmax}
            data: {source: vectors, path: rows.csv, train_rows: 4, validation_rows: 3, test_rows: 2}
            training: {iterations: 8, batch_size: 2, learning_rate: 0.1}
            collaboration: {strategy: validation-performance, every: 2}
            topology: {kind: full}
            evaluation: {every: 2}
            checkpoints: {every_turns: 2}
            """;
    private static final String TEXT = """
            name: text
            users: 3
            data: {source: 'builtin:romance', train_tokens: 400, validation_tokens: 80}
            training: {iterations: 4, batch_size: 1, context: 16}
            collaboration: {every: 2, trust: {shared_windows: 3, top_k_logits: 5}}
            topology: {kind: full}
            evaluation: {every: 4}
            record: {samples: 0}
            """;
    private static final List<String> OTHERS = List.of("turns", "evaluations", "trust", "messages");

    @RegisterExtension
    private final Terminal terminal = new Terminal();

    @TempDir
    private Path folder;

    @BeforeEach
    void write() throws IOException {
        Files.writeString(folder.resolve("rows.yaml"), ROWS);
        Files.writeString(folder.resolve("text.yaml"), TEXT);
        // FedAvg needs neither validation data nor a shared set.
        Files.writeString(folder.resolve("mean.yaml"), ROWS.replace("validation-performance", "fedavg"));
        Files.writeString(folder.resolve("avg.yaml"), TEXT.replace("{every: 2,", "{strategy: fedavg, every: 2,"));
        StringBuilder rows = new StringBuilder("label,x,y\n");
        for (int k = 0; k < 40; k++) {
            rows.append(k % 2 == 0 ? "even" : "odd")
                    .append(',')
                    .append(k % 2)
                    .append(',')
                    .append(k % 7)
                    .append('\n');
        }
        Files.writeString(folder.resolve("rows.csv"), rows);
    }

    private String coterie(int code, String... line) {
        assertThat(terminal.coterie(line)).as(terminal.said()).isEqualTo(code);
        return terminal.said();
    }

    private Path run(String scenario, String name, String... more) {
        Path run = folder.resolve(name);
        List<String> line = new ArrayList<>(
                List.of("run", folder.resolve(scenario).toString(), "--out", run.toString(), "--quiet"));
        line.addAll(List.of(more));
        coterie(0, line.toArray(String[]::new));
        return run;
    }

    private static JsonNode summary(Path run) throws IOException {
        return new ObjectMapper().readTree(run.resolve("summary.json").toFile());
    }

    private static void assertSameBut(Path run, Path other) throws IOException {
        for (String file : OTHERS) {
            assertThat(other.resolve(file + ".jsonl"))
                    .as(file)
                    .hasBinaryContent(Files.readAllBytes(run.resolve(file + ".jsonl")));
        }
        for (String key : List.of("trace_hash", "forward_passes", "virtual_seconds", "bytes_sent")) {
            assertThat(summary(other).get(key)).as(key).isEqualTo(summary(run).get(key));
        }
    }

    @Test
    void measuringChangesNothingAndIsTheSameAgain() throws IOException {
        Path off = run("rows.yaml", "off", "--set", "record.utility=0");
        assertThat(off.resolve("utility.jsonl")).doesNotExist();
        assertThat(summary(off).has("utility_correlation")).isFalse();
        Path on = run("rows.yaml", "on", "--set", "record.utility=2", "--set", "tracking=csv", "--threads", "1");
        assertSameBut(off, on);
        List<String> lines = Files.readAllLines(on.resolve("utility.jsonl"));
        // After turns 1 and 3 of 4, 4 users measure those whose snapshots have come.
        assertThat(lines)
                .hasSizeBetween(8, 24)
                .allSatisfy(l -> assertThat(l)
                        .contains("\"turn\":", "\"utility\":", "\"validation_loss\":-", "\"symmetric_kl\":")
                        .doesNotContain("weight_cosine", "change_cosine"));
        assertThat(new ObjectMapper().readTree(lines.get(0)).get("turn").asInt())
                .isEqualTo(1);
        JsonNode summary = summary(on);
        assertThat(summary.at("/utility/measurements").asInt()).isEqualTo(lines.size());
        assertThat(summary.at("/utility_correlation/validation_loss").isNumber())
                .isTrue();
        assertThat(summary.at("/records/utility").asText()).startsWith("sha256:");
        assertThat(on.resolve("tables/utility.csv")).content().contains("neighbour");
        assertThat(coterie(0, "verify", on.toString())).contains("all of them can be true");
        assertThat(coterie(0, "query", on.toString(), "SELECT count(*) AS n FROM utility WHERE utility > -9"))
                .contains(String.valueOf(lines.size()));
        byte[] whole = Files.readAllBytes(on.resolve("utility.jsonl"));
        Path two = run("rows.yaml", "two", "--set", "record.utility=2", "--threads", "2");
        assertThat(two.resolve("utility.jsonl")).hasBinaryContent(whole);
        Files.delete(on.resolve("summary.json"));
        coterie(0, "resume", on.toString(), "--quiet");
        assertThat(summary(on).at("/checkpoints/resumed_from").isTextual()).isTrue();
        assertThat(on.resolve("utility.jsonl")).hasBinaryContent(whole);
        assertThat(summary(on).get("utility_correlation")).isEqualTo(summary.get("utility_correlation"));
        coterie(
                0,
                "report",
                on.toString(),
                "--figures",
                folder.resolve("figures").toString());
        assertThat(folder.resolve("figures/utility.svg")).content().contains("Utility");
        assertThat(folder.resolve("figures/utility-correlation.svg")).exists();

        Files.write(on.resolve("utility.jsonl"), lines.subList(1, lines.size()));
        assertThat(coterie(1, "verify", on.toString()))
                .contains(
                        "utility.jsonl: has",
                        "no line of utility.jsonl says what it measured",
                        "utility.jsonl make it");
        Files.delete(on.resolve("utility.jsonl"));
        assertThat(coterie(1, "verify", on.toString())).contains("record.utility of scenario.yaml is 2");
    }

    @Test
    void usersWithAdaptersMeasureAllEvidence() throws IOException {
        Path off = run("text.yaml", "off");
        Path on = run("text.yaml", "on", "--set", "record.utility=1", "--threads", "2");
        assertSameBut(off, on);
        assertThat(Files.readAllLines(on.resolve("utility.jsonl")))
                .isNotEmpty()
                .allSatisfy(l -> assertThat(l).contains("weight_cosine", "logit_l1", "change_cosine"));
        assertThat(coterie(0, "verify", on.toString())).contains("all of them can be true");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            rows.yaml | collaboration.strategy=gossip  | record.utility: is measured when users mix by trust
            rows.yaml | collaboration.exchange=updates | record.utility: needs the parameters of neighbours
            rows.yaml | record.utility=-1              | utility must not be negative, found -1
            rows.yaml | record.utility_epsilon=0       | utility_epsilon must be greater than 0 and at most 1
            mean.yaml | data.validation_rows=0         | must be at least 1 for record.utility, found 0
            text.yaml | data.validation_tokens=0       | (training.context + 1) for record.utility, found 0
            avg.yaml  | data.shared_tokens=0           | data.shared_tokens: record.utility compares predictions
            """)
    void whatHasNoMeaningIsRefused(String scenario, String set, String message) {
        assertThat(coterie(
                        2, "validate", folder.resolve(scenario).toString(), "--set", "record.utility=2", "--set", set))
                .contains(message);
    }
}
