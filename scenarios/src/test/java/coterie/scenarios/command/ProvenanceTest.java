package coterie.scenarios.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import coterie.scenarios.run.Build;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** {@code provenance} in {@code summary.json}: where results come from, and how to repeat them. */
class ProvenanceTest extends RunFolderFixture {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String MEMORY = "coterie.memory";

    private static JsonNode summary(Path at) throws IOException {
        return JSON.readTree(at.resolve("summary.json").toFile());
    }

    private static JsonNode provenance(Path at) throws IOException {
        JsonNode p = summary(at).path("provenance");
        assertThat(p.isObject()).as(at.toString()).isTrue();
        return p;
    }

    private static void assertWhole(JsonNode p) {
        assertThat(p.path("program").asText()).isEqualTo(Build.version());
        assertThat(p.path("processor").asText()).isNotBlank();
        assertThat(p.path("cores").asInt()).isPositive();
        assertThat(p.path("operating_system").asText()).contains(System.getProperty("os.name"));
        assertThat(p.path("java").asText()).startsWith(Runtime.version().toString());
        assertThat(p.path("seed").asLong()).isEqualTo(1);
        assertThat(p.path("base").asText()).isEqualTo("builtin:tiny");
        assertThat(p.path("base_hash").asText()).matches("sha256:[0-9a-f]{64}");
        assertThat(p.path("data_hash").asText()).matches("sha256:[0-9a-f]{64}");
    }

    @Test
    void aRunSaysWhereItComesFrom() throws IOException {
        Instant before = Instant.now();
        run(
                run,
                "--threads",
                "1",
                "--set",
                "baselines=[local]",
                "--set",
                "collaboration.trust={refresh: every-2-turns}");
        Instant after = Instant.now();
        for (Path one : List.of(run, run.resolve("baselines/local"))) {
            JsonNode p = provenance(one);
            assertWhole(p);
            Instant began = Instant.parse(p.path("began").asText());
            Instant ended = Instant.parse(p.path("ended").asText());
            assertThat(began).isBetween(before.minusSeconds(1), ended);
            assertThat(ended).isBefore(after.plusSeconds(1));
            assertThat(p.path("command").asText())
                    .startsWith("coterie run " + folder.resolve("small.yaml"))
                    .endsWith("--threads 1 --set 'baselines=[local]'"
                            + " --set 'collaboration.trust={refresh: every-2-turns}'");
            assertThat(p.path("devices")).hasSize(1).first().isEqualTo(JSON.valueToTree("cpu"));
            assertThat(p.path("threads").asInt()).isEqualTo(1);
            assertThat(p.path("nodes").asInt(-1)).isZero();
            assertThat(p.path("recomputed")).isEqualTo(BooleanNode.FALSE);
            assertThat(p.path("resumed")).isEmpty();
            assertThat(p.path("inputs")).isEmpty();
            assertThat(one.resolve("report.html"))
                    .content()
                    .contains(p.path("data_hash").asText());
        }
        assertThat(coterie("verify", run.toString())).as(terminal.said()).isZero();
    }

    @Test
    void itsCommandsRepeatTheRun() throws IOException {
        run(run, "--threads", "1");
        List<JsonNode> repeat = new ArrayList<>();
        provenance(run).path("repeat").forEach(repeat::add);
        assertThat(repeat).hasSize(2);
        assertThat(repeat.get(0).asText()).isEqualTo("coterie run " + run + "/scenario.yaml --out repeated");
        Path repetition = folder.resolve("repeated");
        // with less memory than a pass takes
        System.setProperty(MEMORY, "1000");
        try {
            assertThat(coterie("run", run + "/scenario.yaml", "--out", repetition.toString()))
                    .as(said())
                    .isZero();
        } finally {
            System.clearProperty(MEMORY);
        }
        assertThat(provenance(repetition).path("recomputed")).isEqualTo(BooleanNode.TRUE);
        assertThat(summary(repetition).path("trace_hash"))
                .isEqualTo(summary(run).path("trace_hash"));
        for (String key : List.of("base_hash", "data_hash", "inputs")) {
            assertThat(provenance(repetition).path(key))
                    .as(key)
                    .isEqualTo(provenance(run).path(key));
        }
        assertThat(repeat.get(1).asText())
                .isEqualTo("coterie query " + run + " repeated"
                        + " 'SELECT run, strategy, trace_hash, records_hash FROM runs'");
        assertThat(coterie(
                        "query",
                        run.toString(),
                        repetition.toString(),
                        "SELECT trace_hash, provenance.data_hash, provenance.began IS NULL FROM runs"))
                .as(said())
                .isZero();
        assertThat(terminal.out().lines().skip(1).distinct()).hasSize(1);
        assertThat(Files.readString(run.resolve("turns.jsonl")))
                .isEqualTo(Files.readString(repetition.resolve("turns.jsonl")));
    }

    @Test
    void aResumedRunNamesEachProcess() throws IOException {
        interrupted("--threads", "1");
        assertThat(coterie("resume", run.toString(), "--quiet", "--threads", "2"))
                .as(said())
                .isZero();
        JsonNode p = provenance(run);
        assertWhole(p);
        assertThat(p.path("command").asText()).startsWith("coterie run ");
        assertThat(p.path("threads").asInt()).isEqualTo(1);
        assertThat(p.path("resumed")).hasSize(1);
        JsonNode second = p.path("resumed").get(0);
        assertThat(second.path("command").asText()).isEqualTo("coterie resume " + run + " --quiet --threads 2");
        assertThat(second.path("threads").asInt()).isEqualTo(2);
        assertThat(Instant.parse(second.path("began").asText()))
                .isAfterOrEqualTo(Instant.parse(p.path("began").asText()));
        assertThat(coterie("verify", run.toString())).as(terminal.said()).isZero();
    }

    /** Its {@code run.json} does not say by which process it began. */
    @Test
    void aRunOfAnEarlierVersionSaysWhatIsKnown() throws IOException {
        interrupted();
        Path file = run.resolve("run.json");
        ObjectNode n = (ObjectNode) JSON.readTree(file.toFile());
        assertThat(n.remove("process")).isNotNull();
        Files.writeString(file, n.toString());
        assertThat(coterie("resume", run.toString(), "--quiet")).as(said()).isZero();
        JsonNode p = provenance(run);
        assertThat(p.path("began").isNull()).isTrue();
        assertThat(p.has("command")).isFalse();
        assertThat(p.path("resumed")).hasSize(1);
        assertThat(coterie("report", run.toString())).as(said()).isZero();
    }

    @Test
    void nodesReadTheSameData() throws IOException {
        run(run, "--threads", "1");
        Path over = folder.resolve("over");
        run(over, "--nodes", "2", "--threads", "2");
        JsonNode p = provenance(over);
        assertWhole(p);
        assertThat(p.path("nodes").asInt()).isEqualTo(2);
        assertThat(p.path("recomputed").isNull()).as("the nodes know").isTrue();
        assertThat(p.path("threads").asInt()).isEqualTo(2);
        for (String key : List.of("base_hash", "data_hash")) {
            assertThat(p.path(key)).as(key).isEqualTo(provenance(run).path(key));
        }
    }

    @Test
    void filesHaveTheirHashes() throws IOException {
        Path graph = Files.writeString(folder.resolve("edges.csv"), "0,1\n1,0\n");
        run(run, "--set", "topology={kind: file, path: " + graph + "}");
        JsonNode inputs = provenance(run).path("inputs");
        assertThat(inputs).hasSize(1);
        assertThat(inputs.get(0).path("setting").asText()).isEqualTo("topology.path");
        assertThat(inputs.get(0).path("hash").asText())
                .matches("sha256:[0-9a-f]{64}")
                .isEqualTo(JSON.readTree(run.resolve("run.json").toFile())
                        .at("/inputs/topology.path")
                        .asText());
        run(folder.resolve("other"));
        assertThat(coterie("query", folder.toString(), "SELECT len(provenance.inputs) AS n FROM runs ORDER BY n"))
                .as(said())
                .isZero();
        assertThat(terminal.out()).isEqualTo("n\n0\n1\n");
    }

    @Test
    void aStudysRunsHaveIt() throws IOException {
        Files.writeString(folder.resolve("small.yaml"), SMALL);
        Path study =
                Files.writeString(folder.resolve("s.yaml"), "scenario: small.yaml\nseeds: [1]\ngrid: {users: [2]}\n");
        Path all = folder.resolve("study");
        assertThat(coterie("study", study.toString(), "--out", all.toString(), "--quiet"))
                .as(said())
                .isZero();
        try (Stream<Path> runs = Files.list(all.resolve("runs"))) {
            JsonNode p = provenance(runs.findFirst().orElseThrow());
            assertWhole(p);
            assertThat(p.path("command").asText()).isEqualTo("coterie study " + study + " --out " + all + " --quiet");
        }
    }
}
