package coterie.scenarios.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import coterie.model.adapter.PeftFiles;
import coterie.model.base.PretrainedGpt2;
import coterie.scenarios.config.ScenarioReader;
import coterie.scenarios.config.Strategy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The command line as its users have it, on small scenarios. */
class CommandLineTest {
    private static final String SMALL = """
            name: small
            users: 4
            data: {source: 'builtin:romance', arrangement: grouped, train_tokens: 600, validation_tokens: 200, test_tokens: 200, shared_tokens: 300}
            training: {iterations: 6, batch_size: 2, context: 32}
            collaboration: {every: 2, trust: {shared_windows: 2, top_k_logits: 10}}
            time: {loss: 0.2}
            participation: {model: bernoulli, probability: 0.8}
            evaluation: {every: 2}
            record: {samples: 0}
            """;

    @TempDir
    Path folder;

    @RegisterExtension
    private final Terminal terminal = new Terminal();

    private Path file(String text) throws IOException {
        Path f = folder.resolve("small.yaml");
        Files.writeString(f, text);
        return f;
    }

    private JsonNode summary(Path run) throws IOException {
        return new ObjectMapper().readTree(run.resolve("summary.json").toFile());
    }

    private static List<JsonNode> lines(Path file) throws IOException {
        List<JsonNode> all = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            all.add(new ObjectMapper().readTree(line));
        }
        return all;
    }

    @Test
    void usersWriteSomethingToBeLookedAt() throws IOException {
        Path run = folder.resolve("samples");
        assertThat(Main.execute(
                        "run", file(SMALL).toString(), "--out", run.toString(), "--quiet", "--set", "record.samples=2"))
                .as(terminal.err())
                .isZero();
        JsonNode samples =
                new ObjectMapper().readTree(run.resolve("samples.json").toFile());
        assertThat(samples).hasSize(2);
        assertThat(samples.get(0).get("category")).isNotEqualTo(samples.get(1).get("category"));
        assertThat(samples.get(0).get("beginning").asText()).isNotBlank();
        assertThat(samples.get(0).get("before").asText()).isNotBlank();
        assertThat(run.resolve("report.html")).content().contains("\"samples\":[{\"user\":0");
        String page = Files.readString(run.resolve("report.html"));
        int at = page.indexOf("{", page.indexOf("application/json"));
        JsonNode wall = new ObjectMapper()
                .readTree(page.substring(at, page.indexOf("</script>", at)))
                .at("/report/wall");
        assertThat(wall.path("wall").size())
                .as("wall time is known along the way, not only at the end")
                .isGreaterThan(2);
    }

    @Test
    void aRunInABadWorldCanBeVerifiedAndADoctoredOneIsFoundOut() throws IOException {
        Path run = folder.resolve("bad-world");
        int code = Main.execute(
                "run",
                file(SMALL).toString(),
                "--out",
                run.toString(),
                "--quiet",
                "--set",
                "topology={kind: stochastic-block, between: 0.9}",
                "--set",
                "time.bandwidth={model: constant, up_mbps: 1, down_mbps: 2}",
                "--set",
                "time.duplication=0.2",
                "--set",
                "time.reordering=0.2",
                "--set",
                "faults={crashes: [{user: 1, at_seconds: 40, down_seconds: 20}], crashes_per_hour: 10}",
                "--set",
                "participation={model: sessions, mean_seconds: 60, online: 0.8, idle: sleep, mail: lose}",
                "--set",
                "collaboration.trust.refresh=budget-1",
                "--set",
                "collaboration.strategy=validation-performance");
        assertThat(code).as(terminal.err()).isZero();
        assertThat(summary(run).get("crashes").asInt()).isPositive();
        assertThat(summary(run).at("/staleness/information_seconds/p90").asDouble())
                .isPositive();
        assertThat(summary(run).get("forward_passes").asLong()).isPositive();
        assertThat(lines(run.resolve("events.jsonl")))
                .extracting(n -> n.get("event").asText())
                .contains("crashed", "restarted");
        assertThat(Main.execute("verify", run.toString())).as(terminal.out()).isZero();
        Path trust = run.resolve("trust.jsonl");
        Files.writeString(
                trust, Files.readString(trust).replaceFirst("\"row\":\\{\"(\\d)\":[0-9.]+", "\"row\":{\"$1\":0.123"));
        assertThat(Main.execute("verify", run.toString())).isEqualTo(1);
        assertThat(terminal.out()).contains("cannot be true").contains("the row sums to");
        assertThat(Main.execute("verify", folder.toString())).isEqualTo(2);
    }

    @Test
    void protocolsWithoutTrustRunTooAndATargetOrATimeEndsARun() throws IOException {
        String[][] all = {{"ad-psgd", "ring"}, {"gossip", "full"}, {"swift", "ring"}, {"fedbuff", "star"}};
        for (String[] p : all) {
            Path run = folder.resolve(p[0]);
            assertThat(Main.execute(
                            "run",
                            file(SMALL).toString(),
                            "--out",
                            run.toString(),
                            "--quiet",
                            "--set",
                            "collaboration.strategy=" + p[0],
                            "--set",
                            "topology={kind: " + p[1] + "}",
                            "--set",
                            "collaboration.protocol.buffer=2",
                            "--set",
                            "participation={model: always}",
                            "--set",
                            "time.loss=0"))
                    .as(terminal.err())
                    .isZero();
            assertThat(summary(run).get("strategy").asText()).isEqualTo(p[0]);
            assertThat(summary(run).get("messages").get("sent").asLong()).isPositive();
            assertThat(lines(run.resolve("trust.jsonl"))).isNotEmpty();
            assertThat(Main.execute("verify", run.toString()))
                    .as(terminal.out())
                    .isZero();
        }
        Path target = folder.resolve("target");
        Main.execute(
                "run",
                file(SMALL).toString(),
                "--out",
                target.toString(),
                "--quiet",
                "--set",
                "evaluation.target_perplexity=100000");
        assertThat(summary(target).get("ended_by").asText()).isEqualTo("target");
        assertThat(summary(target).get("status").asText()).isEqualTo("completed");
        Path time = folder.resolve("time");
        Main.execute(
                "run", file(SMALL).toString(), "--out", time.toString(), "--quiet", "--set", "time.until_seconds=50");
        assertThat(summary(time).get("ended_by").asText()).isEqualTo("time");
        assertThat(summary(time).get("virtual_seconds").asDouble()).isEqualTo(50);
        Path wall = folder.resolve("wall");
        assertThat(Main.execute(
                        "run",
                        file(SMALL).toString(),
                        "--out",
                        wall.toString(),
                        "--quiet",
                        "--set",
                        "time.clock=wall",
                        "--set",
                        "time.speed=100"))
                .as(terminal.err())
                .isZero();
        assertThat(summary(wall).get("clock").asText()).isEqualTo("wall");
        assertThat(Main.execute("verify", wall.toString())).as(terminal.out()).isZero();
    }

    @Test
    void aRunThatWasKilledGoesOnFromItsNewestGoodCheckpointAndEndsTheSame() throws IOException {
        Path run = folder.resolve("killed");
        String[] files = {
            "turns.jsonl",
            "evaluations.jsonl",
            "trust.jsonl",
            "messages.jsonl",
            "events.jsonl",
            "adapters/user-2/adapter_model.safetensors"
        };
        assertThat(Main.execute(
                        "run",
                        file(SMALL).toString(),
                        "--out",
                        run.toString(),
                        "--quiet",
                        "--set",
                        "checkpoints.every_turns=3",
                        "--set",
                        "checkpoints.keep=3",
                        "--set",
                        "faults.crashes_per_hour=30",
                        "--set",
                        "time.bandwidth={model: constant}"))
                .as(terminal.err())
                .isZero();
        List<byte[]> whole = new ArrayList<>();
        for (String f : files) {
            whole.add(Files.readAllBytes(run.resolve(f)));
        }
        String hash = summary(run).get("trace_hash").asText();
        JsonNode records = summary(run).get("records_hash");
        List<Path> checkpoints;
        try (Stream<Path> list = Files.list(run.resolve("checkpoints"))) {
            checkpoints = list.sorted().toList();
        }
        assertThat(checkpoints).hasSize(3);
        // As a machine that loses power may leave it: no summary, half a line, and the last checkpoint damaged.
        Files.delete(run.resolve("summary.json"));
        Files.writeString(run.resolve("turns.jsonl"), "{\"virtual_sec", java.nio.file.StandardOpenOption.APPEND);
        byte[] damaged = Files.readAllBytes(checkpoints.get(2));
        damaged[damaged.length / 2] ^= 4;
        Files.write(checkpoints.get(2), damaged);
        assertThat(Main.execute("resume", run.toString(), "--quiet"))
                .as(terminal.err())
                .isZero();
        for (int k = 0; k < files.length; k++) {
            assertThat(run.resolve(files[k])).as(files[k]).hasBinaryContent(whole.get(k));
        }
        assertThat(summary(run).get("trace_hash").asText()).isEqualTo(hash);
        assertThat(summary(run).get("records_hash")).isNotNull().isEqualTo(records);
        assertThat(Main.execute("verify", run.toString())).as(terminal.out()).isZero();
        assertThat(summary(run).at("/checkpoints/resumed_from").asText())
                .isEqualTo(checkpoints.get(1).getFileName().toString());
        assertThat(Main.execute("resume", run.toString(), "--quiet")).isEqualTo(2);
        assertThat(Main.execute("resume", folder.toString())).isEqualTo(2);
        assertThat(terminal.err()).contains("nothing to go on with").contains("not the folder of a run");
    }

    @Test
    void aRunLeavesItsFolder() throws IOException {
        Path run = folder.resolve("out");
        int code = Main.execute(
                "run",
                file(SMALL).toString(),
                "--out",
                run.toString(),
                "--quiet",
                "--set",
                "baselines=[local, fedavg-then-local]");
        assertThat(code).as(terminal.err()).isZero();
        assertThat(terminal.out())
                .contains("prediction-similarity")
                .contains("local")
                .contains("results: " + run);
        JsonNode s = summary(run);
        assertThat(s.get("status").asText()).isEqualTo("completed");
        assertThat(s.get("turns").asInt()).isEqualTo(12);
        assertThat(s.get("perplexity").get("per_user")).hasSize(4);
        assertThat(s.get("tokens_trained").asLong()).isEqualTo(4 * 6 * 2 * 32);
        assertThat(s.get("messages").get("sent").asLong())
                .isEqualTo(s.get("messages").get("delivered").asLong()
                        + s.get("messages").get("lost").asLong());
        assertThat(s.get("trace_hash").asText()).matches("sha256:[0-9a-f]{64}");
        assertThat(s.get("graph_spectral_gap").asDouble()).isBetween(0.3, 0.7);
        assertThat(s.get("spectral_gap").asDouble())
                .as("of the rows that were used")
                .isBetween(0.0, 0.99)
                .isNotEqualTo(s.get("graph_spectral_gap").asDouble());
        assertThat(summary(run.resolve("baselines/local")).get("spectral_gap").asDouble())
                .isZero();
        long sent = 0;
        long bytes = 0;
        for (JsonNode turn : lines(run.resolve("turns.jsonl"))) {
            sent += turn.get("messages_sent").asLong();
            bytes += turn.get("parameter_bytes").asLong()
                    + turn.get("prediction_bytes").asLong();
        }
        assertThat(sent).isEqualTo(s.get("messages").get("sent").asLong());
        assertThat(bytes).isEqualTo(s.get("bytes_sent").get("total").asLong());
        for (JsonNode mix : lines(run.resolve("trust.jsonl"))) {
            double sum = 0;
            for (JsonNode w : mix.get("row")) {
                sum += w.asDouble();
            }
            assertThat(sum).isCloseTo(1, org.assertj.core.api.Assertions.within(1e-9));
            assertThat(mix.get("age").get(mix.get("user").asText()).asInt()).isZero();
        }
        assertThat(lines(run.resolve("evaluations.jsonl"))).hasSize(4 * 4);
        assertThat(run.resolve("report.html"))
                .content()
                .contains("\"by_time\"")
                .contains("\"kind\":\"run\"")
                .doesNotContain("{{data}}");
        assertThat(summary(run.resolve("baselines/local"))
                        .get("messages")
                        .get("sent")
                        .asLong())
                .isZero();
        assertThat(summary(run.resolve("baselines/fedavg-then-local"))
                        .get("strategy")
                        .asText())
                .isEqualTo("fedavg-then-local");
        PeftFiles.Adapter adapter = PeftFiles.read(
                run.resolve("adapters/user-3"),
                PretrainedGpt2.load("builtin:tiny").weights().config());
        assertThat(adapter.lora().rank()).isEqualTo(4);
        assertThat(ScenarioReader.read(run.resolve("scenario.yaml"), List.of())
                        .scenario()
                        .users())
                .isEqualTo(4);
    }

    @Test
    void aRunAgainGivesTheSameFilesForAnyNumberOfThreads() throws IOException {
        Path scenario = file(SMALL);
        for (String threads : List.of("1", "3")) {
            assertThat(Main.execute(
                            "run",
                            scenario.toString(),
                            "--out",
                            folder.resolve("t" + threads).toString(),
                            "--quiet",
                            "--threads",
                            threads,
                            "--stack",
                            threads))
                    .isZero();
        }
        for (String name : List.of(
                "turns.jsonl",
                "evaluations.jsonl",
                "trust.jsonl",
                "scenario.yaml",
                "adapters/user-0/adapter_model.safetensors")) {
            assertThat(folder.resolve("t3").resolve(name))
                    .hasSameBinaryContentAs(folder.resolve("t1").resolve(name));
        }
        for (String key : List.of("trace_hash", "records", "records_hash")) {
            assertThat(summary(folder.resolve("t3")).get(key))
                    .isNotNull()
                    .isEqualTo(summary(folder.resolve("t1")).get(key));
        }
        assertThat(Main.execute(
                        "run",
                        scenario.toString(),
                        "--out",
                        folder.resolve("seed").toString(),
                        "--quiet",
                        "--seed",
                        "2"))
                .isZero();
        assertThat(summary(folder.resolve("seed")).get("trace_hash"))
                .isNotEqualTo(summary(folder.resolve("t1")).get("trace_hash"));
    }

    @Test
    void aRunMayStartFromTheAdaptersOfAnother() throws IOException {
        Path scenario = file(SMALL);
        Path first = folder.resolve("first");
        Path second = folder.resolve("second");
        assertThat(Main.execute("run", scenario.toString(), "--out", first.toString(), "--quiet"))
                .isZero();
        String adapters = "model.adapter.path=" + first.resolve("adapters");
        assertThat(Main.execute("run", scenario.toString(), "--out", second.toString(), "--quiet", "--set", adapters))
                .as(terminal.err())
                .isZero();
        assertThat(summary(second).get("perplexity").get("before"))
                .isEqualTo(summary(first).get("perplexity").get("per_user"));
        assertThat(Main.execute(
                        "run",
                        scenario.toString(),
                        "--out",
                        folder.resolve("third").toString(),
                        "--quiet",
                        "--set",
                        adapters,
                        "--set",
                        "model.lora.rank=8"))
                .isEqualTo(2);
        assertThat(terminal.err()).contains("has rank 4");
    }

    @Test
    void everyStrategyAndBothFidelitiesRun() throws IOException {
        Path scenario = file(SMALL);
        for (String fidelity : List.of("paper", "released")) {
            for (String strategy : List.of(
                    "fedavg", "oracle", "model-similarity", "validation-performance", "prediction-similarity")) {
                for (String mode : List.of("synchronous", "asynchronous")) {
                    Path run = folder.resolve(fidelity + strategy + mode);
                    int code = Main.execute(
                            "run",
                            scenario.toString(),
                            "--out",
                            run.toString(),
                            "--quiet",
                            "--set",
                            "collaboration.strategy=" + strategy,
                            "--set",
                            "collaboration.fidelity=" + fidelity,
                            "--set",
                            "time.mode=" + mode,
                            "--set",
                            "training.iterations=4");
                    assertThat(code).as(terminal.err()).isZero();
                    assertThat(summary(run).get("perplexity").get("mean").asDouble())
                            .isBetween(1.0, 1e6);
                    assertThat(summary(run).get("trust_to_oracle_l1").asDouble())
                            .isBetween(0.0, 2.0);
                }
            }
        }
    }

    @Test
    void resultsAreNotOverwrittenUnlessAsked() throws IOException {
        Path run = folder.resolve("out");
        Files.createDirectories(run);
        Files.writeString(run.resolve("precious.txt"), "mine");
        assertThat(Main.execute("run", file(SMALL).toString(), "--out", run.toString(), "--quiet"))
                .isEqualTo(2);
        assertThat(Main.execute("run", file(SMALL).toString(), "--out", run.toString(), "--quiet", "--overwrite"))
                .isEqualTo(2);
        assertThat(run.resolve("precious.txt")).hasContent("mine");
        assertThat(terminal.err()).contains("holds results already").contains("not the folder of a run");
    }

    @Test
    void mistakesExitWithTwoAndNoStackTrace() throws IOException {
        String bad = file("users: 3\ntopology: {kind: rung}\n").toString();
        assertThat(Main.execute("validate", bad)).isEqualTo(2);
        assertThat(Main.execute("run", bad)).isEqualTo(2);
        assertThat(Main.execute("run", "nowhere.yaml")).isEqualTo(2);
        assertThat(Main.execute(
                        "run",
                        file("model: {base: nowhere}").toString(),
                        "--out",
                        folder.resolve("x").toString()))
                .isEqualTo(2);
        assertThat(Main.execute(
                        "run",
                        file("data: {source: text, path: nowhere}").toString(),
                        "--out",
                        folder.resolve("y").toString()))
                .isEqualTo(2);
        assertThat(Main.execute(
                        "run",
                        file(SMALL).toString(),
                        "--device",
                        "tpu",
                        "--out",
                        folder.resolve("z").toString()))
                .isEqualTo(2);
        assertThat(Main.execute("list", "everything")).isEqualTo(2);
        assertThat(Main.execute("jump")).isEqualTo(2);
        assertThat(terminal.err())
                .contains("did you mean ring?")
                .contains("there is no such file")
                .contains("nowhere")
                .contains("device must be cpu or cuda:N")
                .doesNotContain("\tat ");
    }

    @Test
    void aBaseIsTrainedFromTextGoesOnWhereItStoppedAndServesARun() throws IOException {
        java.util.Iterator<String> documents = new coterie.model.text.BuiltinText("romance").documents("french", 1);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 300; i++) {
            text.append(documents.next()).append('\n');
        }
        Files.createDirectories(folder.resolve("text"));
        Files.writeString(folder.resolve("text/fr.lines.txt"), text);
        Path plan = folder.resolve("plan.yaml");
        String form = """
                seed: 1
                model: {layers: 1, width: 16, heads: 2, vocabulary: 300, context: 32}
                tokenizer_characters: 20000
                sources: [{label: French, path: text, weight: 1, max_tokens: 20000}, {label: Little, path: text, weight: 0.01, max_tokens: 1000}]
                training: {steps: %d, batch: 4, shards: 2, precision: float32, learning_rate: 0.01, weight_decay: 0.01, evaluate_every: 10}
                """;
        Files.writeString(plan, form.formatted(30));
        Path base = folder.resolve("base");
        assertThat(Main.execute("pretrain", plan.toString(), "--out", base.toString()))
                .as(terminal.err())
                .isZero();
        Files.writeString(plan, form.formatted(40));
        assertThat(Main.execute("pretrain", plan.toString(), "--out", base.toString()))
                .isZero();
        assertThat(terminal.err())
                .contains("learned a vocabulary of 300 tokens")
                .contains("going on from step 30")
                .contains("held-out perplexity");
        assertThat(new ObjectMapper()
                        .readTree(base.resolve("training.json").toFile())
                        .get("held_out_perplexity")
                        .fieldNames())
                .toIterable()
                .as("Little has nothing held out")
                .containsExactly("French");
        assertThat(PretrainedGpt2.load(base.toString()).weights().config().vocabulary())
                .isEqualTo(300);
        assertThat(Main.execute(
                        "run",
                        file(SMALL).toString(),
                        "--out",
                        folder.resolve("run").toString(),
                        "--quiet",
                        "--set",
                        "model.base=" + base))
                .isZero();
        double before = summary(folder.resolve("run"))
                .get("perplexity")
                .get("before")
                .get(0)
                .asDouble();
        assertThat(before).as("better than guessing among 300 tokens").isLessThan(200);
        Files.writeString(plan, "seed: 1\nmodle: {}\n");
        assertThat(Main.execute("pretrain", plan.toString(), "--out", base.toString()))
                .isEqualTo(2);
    }

    @Test
    void dataShowsWhatEachUserHolds() throws IOException {
        assertThat(Main.execute("data", file(SMALL).toString())).isZero();
        assertThat(terminal.out())
                .contains("french 100 %")
                .contains("italian 100 %")
                .contains("Jaccard")
                .containsPattern("    0  ¶ \\p{Lu}")
                .doesNotContain("<|endoftext|>");
    }

    @Test
    void listNamesEverything() {
        assertThat(Main.execute("list")).isZero();
        assertThat(terminal.out())
                .contains("prediction-similarity")
                .contains("lognormal")
                .contains("min_ms: 20")
                .contains("builtin:languages")
                .contains("builtin:tiny");
    }

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
        // What is done is not done again, and the table says the same.
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

    @Test
    void aScenarioToBeginWithSaysWhatEverythingMeans() throws IOException {
        Path mine = folder.resolve("mine.yaml");
        assertThat(Main.execute(
                        "init",
                        mine.toString(),
                        "--set",
                        "name=mine",
                        "--set",
                        "topology={kind: torus}",
                        "--set",
                        "time={latency: {max_ms: 900}}",
                        "--set",
                        "training.learning_rate=0.001"))
                .as(terminal.err())
                .isZero();
        assertThat(mine)
                .content()
                .contains("  learning_rate: 0.001          # AdamW's, at its peak\n")
                .contains("    max_ms: 900\n")
                .contains("name: mine ");
        ScenarioReader.Loaded loaded = ScenarioReader.read(mine, List.of());
        assertThat(loaded.yaml())
                .isEqualTo(ScenarioReader.read(
                                file("name: mine\ntopology: {kind: torus}\ntime: {latency: {max_ms: "
                                        + "900}}\ntraining: {learning_rate: 0.001}"),
                                List.of())
                        .yaml());
        assertThat(Main.execute("init", mine.toString())).isEqualTo(2);
        assertThat(Main.execute("init", folder.resolve("other.yaml").toString(), "--set", "training.speed=3"))
                .isEqualTo(2);
        assertThat(terminal.err()).contains("is there already").contains("training.speed");
        Path two = folder.resolve("two.yaml");
        assertThat(Main.execute(
                        "init",
                        two.toString(),
                        "--set",
                        "baseline_settings=[{strategy: local, set: {seed: 2}}]",
                        "--set",
                        "baselines=[local]"))
                .as("one setting needs the other: " + terminal.err())
                .isZero();
        assertThat(ScenarioReader.read(two, List.of())
                        .under(Strategy.of("local"))
                        .scenario()
                        .seed())
                .isEqualTo(2);
    }

    @Test
    void aNodeThatCannotListenSaysSo() throws IOException {
        Path broken = folder.resolve("broken.conf");
        Files.writeString(broken, "pekko {");
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThat(Main.execute("node", "--bind", "127.0.0.1:" + taken.getLocalPort()))
                    .isEqualTo(2);
        }
        assertThat(Main.execute("node", "--config", broken.toString())).isEqualTo(2);
        assertThat(Main.execute("node", "--bind", "nowhere")).isEqualTo(2);
        assertThat(Main.execute(
                        "run",
                        file(SMALL).toString(),
                        "--out",
                        folder.resolve("run").toString(),
                        "--nodes",
                        "0"))
                .isEqualTo(2);
        assertThat(terminal.err())
                .contains("cannot listen at 127.0.0.1:")
                .contains("configuration of the cluster: ")
                .contains("broken.conf")
                .contains("an address must be HOST:PORT, found \"nowhere\"")
                .contains("--nodes must be 1 to")
                .doesNotContain("\tat ");
    }

    @Test
    void validateLooksAtBaseAndTextWhereTheyAre() throws IOException {
        Path text = Files.createDirectory(folder.resolve("text"));
        for (String name : List.of("a", "b")) {
            Files.write(
                    text.resolve(name + ".lines.txt"),
                    IntStream.range(0, 200)
                            .mapToObj(k -> "Line " + name + k + " is soon said.")
                            .toList());
        }
        String scenario = file("users: 4\ndata: {source: text, path: text, train_tokens: 100, validation_tokens: 70, "
                        + "test_tokens: 70, shared_tokens: 70}\n")
                .toString();
        assertThat(Main.execute("validate", scenario)).as(terminal.err()).isZero();
        assertThat(Main.execute("validate", scenario, "--set", "users=4000")).isEqualTo(2);
        assertThat(terminal.err()).contains("category a has about").contains("ask for fewer users or tokens");
        assertThat(Main.execute(
                        "validate",
                        scenario,
                        "--set",
                        "training.context=200",
                        "--set",
                        "data={source: text, path: text, train_tokens: 300, validation_tokens: 300, "
                                + "test_tokens: 300, shared_tokens: 300}"))
                .isEqualTo(2);
        assertThat(terminal.err()).contains("training.context: the base reads at most 128 tokens, found 200");
        assertThat(terminal.out()).doesNotContain("not looked at");
        assertThat(Main.execute("validate", scenario, "--set", "data.path=gone"))
                .isEqualTo(2);
        assertThat(Main.execute("validate", scenario, "--set", "data.path=gone", "--elsewhere"))
                .isZero();
        assertThat(terminal.out()).contains("not looked at: what these name: data.path");
        Path study = Files.writeString(
                folder.resolve("study.yaml"),
                "scenario: " + Path.of(scenario).getFileName() + "\ngrid: {users: [4, 4000]}\nseeds: [1, 2]\n");
        assertThat(Main.execute("validate", study.toString())).isEqualTo(2);
    }

    @Test
    void aFolderThatCannotBeMadeIsAMistakeInTheInput() throws IOException {
        Path inTheWay = Files.writeString(folder.resolve("inTheWay"), "mine");
        assertThat(Main.execute(
                        "run",
                        file(SMALL).toString(),
                        "--quiet",
                        "--out",
                        inTheWay.resolve("run").toString()))
                .isEqualTo(2);
        assertThat(terminal.err())
                .contains("--out: there can be no folder " + inTheWay.resolve("run"))
                .doesNotContain("java.");
    }

    @Test
    void anAdapterIsExported() throws IOException {
        Path run = folder.resolve("run");
        assertThat(Main.execute("run", file(SMALL).toString(), "--out", run.toString(), "--quiet"))
                .isZero();
        Path out = folder.resolve("mine");
        assertThat(Main.execute("export", run.toString(), "--user", "3", "--out", out.toString()))
                .isZero();
        assertThat(out.resolve("adapter_model.safetensors"))
                .hasSameBinaryContentAs(run.resolve("adapters/user-3/adapter_model.safetensors"));
        assertThat(out.resolve("adapter_config.json")).exists();
        assertThat(Main.execute("export", run.toString(), "--user", "3", "--out", out.toString()))
                .isEqualTo(2);
        assertThat(Main.execute("export", run.toString(), "--user", "4")).isEqualTo(2);
        assertThat(terminal.err()).contains("is there already").contains("the run has 4 users");
    }

    /** The scenario files that ship must be right as long as they stand. */
    @Test
    void everyShippedScenarioIsValid() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("."), 3)) {
            List<Path> scenarios = files.filter(p -> p.toString().endsWith(".yaml")
                            && !p.startsWith("./src")
                            && !p.startsWith("./target")
                            && !p.toString().contains("pretrain"))
                    .toList();
            assertThat(scenarios).isNotEmpty();
            for (Path p : scenarios) {
                // What the paper's scenarios name is not in the repository.
                assertThat(Main.execute("validate", p.toString(), "--elsewhere"))
                        .as(p + terminal.err())
                        .isZero();
                if (!Files.readString(p).contains("path: data/")
                        && !p.toString().contains("studies")) {
                    assertThat(Main.execute("validate", p.toString()))
                            .as(p + terminal.err())
                            .isZero();
                }
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
