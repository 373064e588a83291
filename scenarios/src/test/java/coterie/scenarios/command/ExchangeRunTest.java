package coterie.scenarios.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Results of a run that exchanges updates. */
class ExchangeRunTest {
    private static final String SCENARIO = """
            name: updates
            users: 4
            data: {source: 'builtin:romance', train_tokens: 200, validation_tokens: 50, test_tokens: 100,
              shared_tokens: 50}
            training: {iterations: 12, batch_size: 1, context: 16}
            collaboration: {strategy: model-similarity, exchange: updates, every: 1, trust: {shared_windows: 1}}
            topology: {kind: full}
            time: {compute: {model: lognormal, mean_seconds: 10, sigma: 0.8},
              latency: {model: uniform, min_ms: 0, max_ms: 60000},
              loss: 0.1, duplication: 0.3}
            evaluation: {every: 12}
            record: {samples: 0}
            checkpoints: {every_turns: 9}
            baselines: [fedavg, validation-performance, prediction-similarity]
            """;
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private static Path folder;

    private static Path run;

    @RegisterExtension
    private final Terminal terminal = new Terminal();

    @BeforeAll
    static void once() throws IOException {
        Path scenario = Files.writeString(folder.resolve("updates.yaml"), SCENARIO);
        run = folder.resolve("run");
        assertThat(Main.execute("run", scenario.toString(), "--quiet", "--threads", "2", "--out", run.toString()))
                .isZero();
    }

    private static Path of(String strategy) {
        return strategy.equals("model-similarity")
                ? run
                : run.resolve("baselines").resolve(strategy);
    }

    private static List<ObjectNode> lines(Path file) throws IOException {
        List<ObjectNode> all = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            all.add((ObjectNode) JSON.readTree(line));
        }
        return all;
    }

    @Test
    void strategiesThatLookAtParametersSendThemAsWell() throws IOException {
        Map<String, Double> each = new HashMap<>();
        for (String strategy :
                List.of("model-similarity", "validation-performance", "fedavg", "prediction-similarity")) {
            long bytes = 0;
            long messages = 0;
            for (JsonNode turn : lines(of(strategy).resolve("turns.jsonl"))) {
                bytes += turn.get("parameter_bytes").asLong();
                messages += turn.get("messages_sent").asLong();
            }
            each.put(strategy, bytes / (double) messages);
            boolean looks = strategy.equals("model-similarity") || strategy.equals("validation-performance");
            for (JsonNode row : lines(of(strategy).resolve("trust.jsonl"))) {
                assertThat(row.get("distance").isNumber())
                        .as("%s: %s", strategy, row)
                        .isEqualTo(looks && row.get("row").size() > 1);
            }
        }
        assertThat(each.get("model-similarity")).isEqualTo(2 * each.get("fedavg"));
        assertThat(each.get("validation-performance")).isEqualTo(2 * each.get("fedavg"));
        assertThat(each.get("prediction-similarity")).isEqualTo(each.get("fedavg"));
    }

    @Test
    void everyUpdateIsMixedOnceAndVerifyKnowsIt() throws IOException {
        assertThat(terminal.coterie("verify", run.toString()))
                .as(terminal.out())
                .isZero();
        Path trust = of("fedavg").resolve("trust.jsonl");
        List<ObjectNode> rows = lines(trust);
        Set<String> mixed = new HashSet<>();
        int several = 0;
        for (ObjectNode row : rows) {
            for (var sender : row.get("updates").properties()) {
                several += sender.getValue().size() > 1 ? 1 : 0;
                for (JsonNode turn : sender.getValue()) {
                    assertThat(mixed.add(row.get("user") + " " + sender.getKey() + " " + turn))
                            .as("%s, for the first time", row)
                            .isTrue();
                }
            }
        }
        assertThat(several).as("entries of several updates").isPositive();

        // The first update that a user mixed of another, once more at its last mixing of that other.
        String before = Files.readString(trust);
        ObjectNode first =
                rows.stream().filter(r -> r.get("row").size() > 1).findFirst().orElseThrow();
        String other = first.get("row").properties().stream()
                .map(Map.Entry::getKey)
                .filter(k -> !k.equals(first.get("user").asText()))
                .findFirst()
                .orElseThrow();
        ObjectNode last = rows.stream()
                .filter(r ->
                        r.get("user").equals(first.get("user")) && r.get("row").has(other))
                .reduce((a, b) -> b)
                .orElseThrow();
        ArrayNode turns = (ArrayNode) last.get("updates").get(other);
        turns.insert(0, first.get("updates").get(other).get(0).asInt());
        Files.write(trust, rows.stream().map(ObjectNode::toString).toList());
        try {
            assertThat(terminal.coterie("verify", of("fedavg").toString())).isEqualTo(1);
            assertThat(terminal.out()).contains("was mixed before, at the end of turn " + first.get("turn"));
        } finally {
            Files.writeString(trust, before);
        }
    }
}
