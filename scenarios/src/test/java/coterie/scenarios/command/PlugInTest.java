package coterie.scenarios.command;

import static org.assertj.core.api.Assertions.assertThat;

import coterie.example.ExamplePlugIn;
import coterie.scenarios.command.Processes.Running;
import coterie.scenarios.config.ComponentProvider;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The plug-in of docs/extending.md in every command, with nothing but its name in a file on the class path. */
class PlugInTest {
    private static final String SCENARIO = """
            name: plugged
            users: 4
            data:
              {source: counting, step: 3, train_tokens: 600, validation_tokens: 100, test_tokens: 200, shared_tokens: 0}
            training: {iterations: 24, batch_size: 2, context: 32}
            collaboration:
              strategy: near-parameters
              width: 2.5
              every: 2
              aggregation: {rule: clipped-mean, radius: 0.5}
            time:
              compute: {model: lognormal, mean_seconds: 30, sigma: 0.5}
              latency: {model: uniform, min_ms: 20, max_ms: 9000}
            evaluation: {every: 8}
            record: {samples: 0}
            checkpoints: {every_turns: 6}
            """;
    private static final String RELAY = "collaboration={strategy: relay, share: 0.4}";
    private static final int NODES = 3;
    private static final List<String> FILES =
            List.of("turns.jsonl", "evaluations.jsonl", "trust.jsonl", "messages.jsonl", "events.jsonl");

    @TempDir
    private static Path shared;

    private static Path scenario;
    private static Shell shell;
    private static Processes processes;
    private static String nodes;

    @TempDir
    private Path folder;

    @BeforeAll
    static void plugIn() throws IOException {
        String classPath = classPath(shared, ExamplePlugIn.class.getName());
        scenario = Files.writeString(shared.resolve("plugged.yaml"), SCENARIO);
        shell = new Shell(shared, classPath, shared.resolve("shell.log"));
        processes = new Processes(shared, classPath);
    }

    @AfterAll
    static void close() {
        shell.close();
        processes.close();
    }

    /** The class path with a plug-in of this name. */
    private static String classPath(Path folder, String plugIn) throws IOException {
        Path services = Files.createDirectories(folder.resolve("plug-in/META-INF/services"));
        Files.writeString(services.resolve(ComponentProvider.class.getName()), plugIn + "\n");
        return folder.resolve("plug-in") + File.pathSeparator + System.getProperty("java.class.path");
    }

    /** Addresses of three nodes with the plug-in, which serve one run after the other. */
    private static String nodes() throws Exception {
        if (nodes == null) {
            List<Running> all = new ArrayList<>();
            for (int k = 0; k < NODES; k++) {
                all.add(processes.start("node", "--threads", "1"));
            }
            List<String> addresses = new ArrayList<>();
            for (Running r : all) {
                addresses.add(r.address());
            }
            nodes = String.join(",", addresses);
        }
        return nodes;
    }

    private String succeeds(String... arguments) throws IOException {
        assertThat(shell.coterie(arguments)).as(shell.said()).isZero();
        return shell.said();
    }

    private void same(Path one, Path other) throws IOException {
        for (String file : FILES) {
            assertThat(other.resolve(file)).hasSameBinaryContentAs(one.resolve(file));
        }
    }

    @Test
    void itIsListedCheckedAndInTheSchema() throws IOException {
        assertThat(succeeds("list"))
                .contains(
                        "near-parameters",
                        "width: 1.0, floor: 0.01",
                        "clipped-mean",
                        "relay_every: 2, share: 0.25",
                        "counting",
                        "step: 1");
        assertThat(succeeds("schema", "scenario")).contains("\"near-parameters\"", "\"clipped-mean\"", "\"relay\"");
        assertThat(shell.coterie("validate", scenario.toString(), "--set", "collaboration.floor=2"))
                .as(shell.said())
                .isEqualTo(2);
        assertThat(shell.said()).contains("collaboration.floor=2", "floor must lie in (0, 1], found 2.0");
    }

    @Test
    void aPlugInThatCannotBeLoadedIsNamed() throws IOException {
        try (Shell other = new Shell(folder, classPath(folder, "no.such.PlugIn"), folder.resolve("shell.log"))) {
            assertThat(other.coterie("validate", scenario.toString()))
                    .as(other.said())
                    .isEqualTo(2);
            assertThat(other.said()).contains("a plug-in cannot be loaded", "no.such.PlugIn");
        }
    }

    @Test
    void aStrategyAndAnAggregatorRunAnywhere() throws Exception {
        Path here = folder.resolve("here");
        succeeds("run", scenario.toString(), "--out", here.toString(), "--quiet");
        succeeds("verify", here.toString());
        Path there = folder.resolve("there");
        succeeds("run", scenario.toString(), "--out", there.toString(), "--quiet", "--nodes", nodes());
        same(here, there);
    }

    @Test
    void aProtocolGoesOnFromItsStateAndIsVerified() throws Exception {
        Path whole = folder.resolve("whole");
        succeeds("run", scenario.toString(), "--set", RELAY, "--out", whole.toString(), "--quiet", "--nodes", nodes());
        succeeds("verify", whole.toString());
        Path killed = folder.resolve("killed");
        Running run = processes.start("run", scenario.toString(), "--set", RELAY, "--out", killed.toString());
        Processes.until("there is a checkpoint", () -> checkpoint(killed));
        run.process().destroyForcibly().waitFor();
        succeeds("resume", killed.toString(), "--quiet");
        same(whole, killed);
    }

    @Test
    void aStudyVariesItsSettings() throws IOException {
        Path study = Files.writeString(shared.resolve("study.yaml"), """
                scenario: plugged.yaml
                grid: {collaboration.width: [0.5, 5]}
                seeds: [1]
                """);
        succeeds("study", study.toString(), "--out", folder.resolve("out").toString(), "--quiet");
        assertThat(folder.resolve("out/study/table.md")).content().contains("0.5", "5");
    }

    private static boolean checkpoint(Path run) {
        if (!Files.isDirectory(run)) {
            return false;
        }
        try (Stream<Path> all = Files.walk(run)) {
            return all.anyMatch(p -> p.toString().endsWith(".checkpoint"));
        } catch (IOException | java.io.UncheckedIOException e) {
            // The run replaces its files meanwhile.
            return false;
        }
    }
}
