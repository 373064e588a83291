package coterie.scenarios.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A run with failures is verified; a killed one is resumed from its newest usable checkpoint. */
class ResumeCommandTest extends CommandLineFixture {
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
}
