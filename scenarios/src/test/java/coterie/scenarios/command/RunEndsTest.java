package coterie.scenarios.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs that end otherwise than they were meant to: training diverges, time or users are over. */
class RunEndsTest {
    private static final String SMALL = """
            name: t
            users: 4
            data: {train_tokens: 300, validation_tokens: 100, test_tokens: 100, shared_tokens: 100}
            training: {iterations: 6, batch_size: 1, context: 32}
            collaboration: {every: 1, trust: {shared_windows: 1}}
            evaluation: {every: 2}
            record: {samples: 0}
            """;
    private static final String[] DIVERGING = {
        "--set", "training.learning_rate=900", "--set", "training.schedule=constant", "--set", "topology={kind: full}"
    };

    @TempDir
    Path folder;

    @RegisterExtension
    private final Terminal terminal = new Terminal();

    private String said() {
        return terminal.said();
    }

    private Path file() throws IOException {
        return Files.writeString(folder.resolve("t.yaml"), SMALL);
    }

    private int run(Path to, String... more) throws IOException {
        List<String> all =
                new ArrayList<>(List.of("run", file().toString(), "--out", to.toString(), "--quiet", "--threads", "1"));
        all.addAll(List.of(more));
        return Main.execute(all.toArray(new String[0]));
    }

    private static String[] and(String[] some, String... more) {
        return Stream.concat(Stream.of(some), Stream.of(more)).toArray(String[]::new);
    }

    private static JsonNode summary(Path run) throws IOException {
        return new ObjectMapper().readTree(run.resolve("summary.json").toFile());
    }

    /** Every file is JSON to the letter: what is not a number is null. */
    private static void valid(Path run) throws IOException {
        try (Stream<Path> all = Files.walk(run)) {
            for (Path p : all.filter(f -> f.toString().matches(".*[.]jsonl?")).toList()) {
                for (String line : p.toString().endsWith("l") ? Files.readAllLines(p) : List.of(Files.readString(p))) {
                    assertThat(line).as(p.toString()).doesNotContain("NaN").doesNotContain("Infinity");
                    new ObjectMapper().readTree(line);
                }
            }
        }
    }

    @Test
    void trainingThatDivergesEndsTheRunAndIsTold() throws IOException {
        Path run = folder.resolve("stop");
        assertThat(run(run, and(DIVERGING, "--set", "tracking=[csv, tensorboard]")))
                .as(said())
                .isEqualTo(1);
        assertThat(said())
                .contains("diverged")
                .contains("at iteration")
                .doesNotContain("NaN")
                .contains("results: ");
        JsonNode s = summary(run);
        assertThat(s.path("status").asText()).isEqualTo("diverged");
        assertThat(s.path("ended_by").asText()).isEqualTo("divergence");
        JsonNode first = s.at("/diverged/0");
        assertThat(first.path("iteration").asInt()).isBetween(1, 6);
        assertThat(Files.readAllLines(run.resolve("events.jsonl")))
                .filteredOn(l -> l.contains("\"event\":\"diverged\""))
                .hasSize(s.path("diverged").size())
                .first()
                .asString()
                .contains("\"user\":" + first.path("user").asInt())
                .contains("\"iteration\":" + first.path("iteration").asInt());
        assertThat(s.at("/perplexity/per_user/" + first.path("user").asInt()).isNull())
                .isTrue();
        assertThat(run.resolve("report.html")).content().contains("\"diverged\"");
        valid(run);
        assertThat(Main.execute("verify", run.toString())).as(said()).isZero();
        assertThat(Main.execute("resume", run.toString())).isEqualTo(2);
        assertThat(said()).contains("would do the same again");
    }

    @ParameterizedTest
    @CsvSource({
        "prediction-similarity,full,asynchronous",
        "model-similarity,ring,synchronous",
        "validation-performance,full,asynchronous",
        "fedavg,ring,synchronous",
        "local,ring,asynchronous",
        "ad-psgd,ring,asynchronous",
        "gossip,full,asynchronous",
        "swift,ring,asynchronous",
        "fedbuff,star,asynchronous"
    })
    void orEndsThatUserAloneWhateverTheStrategy(String strategy, String graph, String mode) throws IOException {
        Path run = folder.resolve("continue");
        int code = run(
                run,
                "--set",
                "training.learning_rate=900",
                "--set",
                "training.schedule=constant",
                "--set",
                "training.on_divergence=continue",
                "--set",
                "collaboration.strategy=" + strategy,
                "--set",
                "topology={kind: " + graph + "}",
                "--set",
                "time.mode=" + mode,
                "--set",
                "collaboration.protocol.buffer=2",
                "--set",
                "training.iterations=8");
        JsonNode s = summary(run);
        assertThat(s.path("status").asText()).as(said()).isEqualTo("diverged");
        int users = strategy.equals("fedbuff") ? 3 : 4;
        boolean all = s.path("ended_by").asText().equals("divergence");
        assertThat(all).isEqualTo(s.path("diverged").size() >= users);
        assertThat(code).as(said()).isEqualTo(all ? 1 : 0);
        assertThat(said()).doesNotContain("NaN");
        valid(run);
        assertThat(Main.execute("verify", run.toString())).as(said()).isZero();
    }

    @Test
    void aBaselineThatDivergesIsShownAsSuchAndTheOthersAreCompared() throws IOException {
        Path run = folder.resolve("baselines");
        assertThat(run(run, and(DIVERGING, "--set", "baselines=[local, fedavg]")))
                .as(said())
                .isEqualTo(1);
        for (String b : new String[] {"local", "fedavg"}) {
            assertThat(summary(run.resolve("baselines").resolve(b))
                            .path("status")
                            .asText())
                    .isEqualTo("diverged");
        }
        assertThat(said().lines().filter(l -> l.matches("(prediction-similarity|local|fedavg) +diverged .*")))
                .hasSize(3);
    }

    @Test
    void aCellOfAStudyThatDivergesIsNoNumber() throws IOException {
        Path study = Files.writeString(folder.resolve("study.yaml"), """
                name: rates
                scenario: %s
                grid: {training.learning_rate: [0.002, 900]}
                seeds: [1]
                measure: perplexity.mean
                """.formatted(file()));
        String[] command = {
            "study",
            study.toString(),
            "--out",
            folder.resolve("studies").toString(),
            "--quiet",
            "--jobs",
            "1",
            "--threads",
            "1",
            "--set",
            "training.schedule=constant"
        };
        assertThat(Main.execute(command)).as(said()).isZero();
        assertThat(said())
                .containsPattern("900 +diverged")
                .contains("diverged: ")
                .doesNotContain("NaN");
        try (Stream<Path> runs = Files.list(folder.resolve("studies/runs"))) {
            List<Path> all = runs.toList();
            List<Long> times = new ArrayList<>();
            for (Path r : all) {
                times.add(Files.getLastModifiedTime(r.resolve("summary.json")).toMillis());
            }
            assertThat(Main.execute(command)).as(said()).isZero();
            for (int k = 0; k < all.size(); k++) {
                assertThat(Files.getLastModifiedTime(all.get(k).resolve("summary.json"))
                                .toMillis())
                        .as("what has diverged is not done again")
                        .isEqualTo(times.get(k));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"virtual_seconds", "target.virtual_seconds", "target.iterations", "bytes_sent.total"})
    void aTargetThatIsNeverReachedIsNoNumber(String measure) throws IOException {
        Path study = Files.writeString(folder.resolve("study.yaml"), """
                name: targets
                scenario: %s
                set: {evaluation: {every: 1}}
                grid: {evaluation.target_perplexity: [1.01, 1000000]}
                measure: %s
                baseline: 1000000
                """.formatted(file(), measure));
        Path out = folder.resolve("studies");
        assertThat(Main.execute(
                        "study", study.toString(), "--out", out.toString(), "--quiet", "--jobs", "1", "--threads", "1"))
                .as(said())
                .isZero();
        assertThat(said())
                .containsPattern("1[.]01 +NA +0 +NA")
                .containsPattern("1000000 +[0-9.]+ [*] +1 ")
                .doesNotContain("NaN")
                .doesNotContain("Infinity");
        assertThat(out.resolve("targets/table.csv")).content().contains("1.01,0,NA,,NA,");
        assertThat(out.resolve("targets/report.html"))
                .content()
                .contains("\"lost\":\"NA\"")
                .contains("\"incomparable\":true");
        try (Stream<Path> runs = Files.list(out.resolve("runs"))) {
            for (Path run : runs.toList()) {
                JsonNode target = summary(run).path("target");
                assertThat(target.path("reached").asBoolean())
                        .isEqualTo(target.path("perplexity").asDouble() > 2);
                assertThat(target.path("virtual_seconds").isNull())
                        .isNotEqualTo(target.path("reached").asBoolean());
                if (target.path("reached").asBoolean()) {
                    assertThat(target.path("virtual_seconds").asDouble())
                            .as("users are evaluated before they begin")
                            .isZero();
                    assertThat(target.path("iterations").asDouble()).isZero();
                }
                assertThat(target.path("iterations").isNull())
                        .isNotEqualTo(target.path("reached").asBoolean());
            }
        }
    }

    @Test
    void turnsThatTakeLongerThanThereIsTimeEndTheRunThere() throws IOException {
        Path run = folder.resolve("long");
        assertThat(run(run, "--set", "time.compute={model: constant, seconds: 20000000}"))
                .as(said())
                .isZero();
        assertThat(summary(run).path("ended_by").asText()).isEqualTo("time");
        assertThat(summary(run).path("virtual_seconds").asDouble()).isEqualTo(3e7);
        assertThat(summary(run).path("turns").asInt()).isEqualTo(4);
        assertThat(Main.execute("verify", run.toString())).as(said()).isZero();
    }

    @Test
    void aRunWithoutUsersLeftSaysSo() throws IOException {
        Path run = folder.resolve("gone");
        assertThat(run(
                        run,
                        "--set",
                        "faults.crashes=[{user: 0, at_seconds: 40}, {user: 1, at_seconds: 41}, {user: "
                                + "2, at_seconds: 42}, {user: 3, at_seconds: 43}]"))
                .as(said())
                .isZero();
        assertThat(summary(run).path("status").asText()).isEqualTo("gone");
        assertThat(summary(run).path("ended_by").asText()).isEqualTo("gone");
        assertThat(summary(run).path("virtual_seconds").asDouble()).isEqualTo(43);
        assertThat(said()).contains("no user is left");
        assertThat(Main.execute("verify", run.toString())).as(said()).isZero();
        assertThat(Main.execute("resume", run.toString())).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "time.latency={model: lognormal, sigma: 60} | time.latency.sigma | at most 10",
                "time.latency={model: constant, ms: 1.0e12} | time.latency.ms | at most 30000000000",
                "time.reordering_ms=1.0e11 | reordering_ms | at most 30000000000",
                "time.compute={model: lognormal, mean_seconds: 1.0e300} | time.compute.mean_seconds | at most 30000000",
                "time.compute={model: constant, seconds: 1.0e12} | time.compute.seconds | at most 30000000",
                "faults.crashes=[{user: 0, at_seconds: 1000000000000}] | faults.crashes.0.at_seconds | at "
                        + "most 30000000",
                "time.partitions=[{from_seconds: 1.0e12, until_seconds: 2.0e12, groups: [[0, 1], [2, 3]]}] | "
                        + "time.partitions.0.from_seconds | at most 30000000",
                "faults.crashes_per_hour=1000000 | crashes_per_hour | at most 3600",
                "faults.down_seconds=1.0e12 | down_seconds | at most 30000000",
                "participation={model: sessions, sigma: 1.0e9} | sigma | at most 4",
                "participation={model: diurnal, slot_minutes: 1.0e-300} | slot_minutes | at least 0.01"
            })
    void timesAndRatesThatMakeNoSenseAreRefusedByTheirKeys(String setting, String key, String bound)
            throws IOException {
        assertThat(Main.execute("validate", file().toString(), "--set", setting))
                .as(said())
                .isEqualTo(2);
        assertThat(said()).contains(key).contains(bound).hasLineCount(1);
    }

    @Test
    void aLatencyBeyondTheEndOfTimeIsToldWithItsLine() throws IOException {
        Files.writeString(folder.resolve("t.csv"), "0,10\n1000000000000,0\n");
        assertThat(Main.execute(
                        "validate",
                        file().toString(),
                        "--set",
                        "time.latency={model: matrix, path: " + folder.resolve("t.csv") + "}"))
                .isEqualTo(2);
        assertThat(said()).contains("t.csv:2: ").contains("time.latency: ").contains("between 0 and 30000000000");
    }
}
