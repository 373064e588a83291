package coterie.scenarios.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import coterie.model.adapter.PeftFiles;
import coterie.model.base.PretrainedBase;
import coterie.scenarios.config.ScenarioReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The results of {@code coterie run}, for all kinds of scenarios. */
class RunCommandTest extends CommandLineFixture {
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
                PretrainedBase.load("builtin:tiny").weights().config());
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

    @Tag("slow")
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
}
