package coterie.scenarios.command;

import static org.assertj.core.api.Assertions.assertThat;

import coterie.scenarios.command.Processes.Running;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run that is killed again and again, at instants drawn from a seed, ends with the bytes of one that is not. */
@Tag("slow")
class RandomKillsTest {
    private static final int KILLS = Integer.getInteger("coterie.kills", 100);
    private static final int LONGEST_MILLIS = 6000;
    private static final String SCENARIO = """
            name: killed
            users: 3
            data: {source: 'builtin:romance', train_tokens: 300, validation_tokens: 100, test_tokens: 100,
              shared_tokens: 100}
            training: {iterations: 200, batch_size: 1, context: 32}
            collaboration: {strategy: validation-performance, every: 2}
            time: {loss: 0.1}
            faults: {crashes_per_hour: 20}
            evaluation: {every: 10}
            record: {samples: 1}
            checkpoints: {every_turns: 4}
            """;
    private static final List<String> FILES = List.of(
            "turns.jsonl",
            "evaluations.jsonl",
            "trust.jsonl",
            "events.jsonl",
            "messages.jsonl",
            "samples.json",
            "adapters/user-0/adapter_model.safetensors",
            "adapters/user-2/adapter_model.safetensors");

    @TempDir
    Path folder;

    @Test
    void killedAHundredTimes() throws IOException, InterruptedException {
        long seed = Long.getLong("coterie.kills.seed", System.nanoTime());
        System.out.println("kills: " + KILLS + ", seed " + seed + " (repeat: -Dcoterie.kills.seed=" + seed + ")");
        SplittableRandom random = new SplittableRandom(seed);
        String scenario =
                Files.writeString(folder.resolve("killed.yaml"), SCENARIO).toString();
        Path whole = folder.resolve("whole");
        assertThat(Main.execute("run", scenario, "--out", whole.toString(), "--quiet"))
                .isZero();
        int kills = 0;
        for (int round = 0; kills < KILLS; round++) {
            Path out = folder.resolve("out-" + round);
            boolean saved = false;
            try (Processes processes = new Processes(folder)) {
                Running r = start(processes, "run", scenario, "--out", out.toString());
                while (true) {
                    boolean kill = kills < KILLS
                            && !r.process().waitFor(random.nextInt(LONGEST_MILLIS), TimeUnit.MILLISECONDS);
                    if (kill) {
                        r.process().destroyForcibly().waitFor();
                        kills++;
                    } else if (r.exit() == 0 || r.said().contains("the run is completed")) {
                        // It may have been killed after its last word.
                        break;
                    }
                    // It says so, and deletes nothing, where it was killed before it was saved.
                    boolean refused = !kill && r.process().exitValue() == 2;
                    assertThat(kill || refused && r.said().contains("--from-start"))
                            .as("seed %d: %s", seed, r.said())
                            .isTrue();
                    saved |= !checkpoints(out).isEmpty();
                    assertThat(saved && refused)
                            .as("seed %d: what was saved is not lost: %s", seed, r.said())
                            .isFalse();
                    r = !Files.exists(out.resolve("scenario.yaml"))
                            ? start(processes, "run", scenario, "--out", out.toString(), "--overwrite")
                            : refused
                                    ? start(processes, "resume", out.toString(), "--from-start")
                                    : start(processes, "resume", out.toString());
                }
            }
            for (String file : FILES) {
                assertThat(out.resolve(file))
                        .as("seed %d, %d kills, %s", seed, kills, file)
                        .hasSameBinaryContentAs(whole.resolve(file));
            }
            assertThat(Main.execute("verify", out.toString()))
                    .as("seed %d", seed)
                    .isZero();
        }
    }

    private static Running start(Processes processes, String... arguments) throws IOException {
        return processes.start(Stream.concat(Arrays.stream(arguments), Stream.of("--quiet", "--threads", "1"))
                .toArray(String[]::new));
    }

    private static List<Path> checkpoints(Path out) throws IOException {
        if (!Files.isDirectory(out.resolve("checkpoints"))) {
            return List.of();
        }
        try (Stream<Path> list = Files.list(out.resolve("checkpoints"))) {
            return list.filter(p -> p.toString().endsWith(".checkpoint")).toList();
        }
    }
}
