package coterie.scenarios.command;

import static org.assertj.core.api.Assertions.assertThat;

import coterie.example.FailingGpu;
import coterie.scenarios.command.Processes.Running;
import coterie.scenarios.config.ComponentProvider;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A GPU that fails during a run: with nodes the run goes on without it, alone it ends and can be resumed. */
class LostDeviceTest {
    private static final String SCENARIO = """
            name: lost
            users: 6
            model: {learner: on-failing-gpu, fails_at: 6}
            data: {source: vectors, path: rows.csv, train_rows: 6, validation_rows: 2, test_rows: 4}
            training: {iterations: 30, batch_size: 2, learning_rate: 0.1}
            collaboration: {strategy: fedavg, every: 3}
            topology: {kind: ring}
            evaluation: {every: 15}
            checkpoints: {every_turns: 10}
            """;
    private static final List<String> FILES = List.of("turns.jsonl", "evaluations.jsonl", "messages.jsonl");

    @TempDir
    private Path folder;

    private Path scenario;
    private Processes processes;

    @BeforeEach
    void prepare() throws IOException {
        Path services = Files.createDirectories(folder.resolve("plug-in/META-INF/services"));
        Files.writeString(services.resolve(ComponentProvider.class.getName()), FailingGpu.class.getName() + "\n");
        processes = new Processes(
                folder, folder.resolve("plug-in") + File.pathSeparator + System.getProperty("java.class.path"));
        StringBuilder rows = new StringBuilder("label,x,y\n");
        for (int k = 0; k < 80; k++) {
            rows.append(k % 2 == 0 ? "a," : "b,")
                    .append(k % 7)
                    .append(',')
                    .append(k % 5 - k % 3)
                    .append('\n');
        }
        Files.writeString(folder.resolve("rows.csv"), rows);
        scenario = Files.writeString(folder.resolve("lost.yaml"), SCENARIO);
    }

    @AfterEach
    void close() {
        processes.close();
    }

    /** Starts the program with a GPU that fails unless the file is there. */
    private Running coterie(Path failed, String... arguments) throws IOException {
        return processes.start(List.of("env", FailingGpu.FILE + "=" + failed), arguments);
    }

    private Running run(Path failed, Path out, String... more) throws IOException {
        List<String> all = new ArrayList<>(List.of("run", scenario.toString(), "--out", out.toString(), "--quiet"));
        all.addAll(List.of(more));
        return coterie(failed, all.toArray(String[]::new));
    }

    private Path undisturbed() throws Exception {
        Path out = folder.resolve("undisturbed");
        Running r = run(Files.createFile(folder.resolve("never")), out);
        assertThat(r.exit()).as(r.said()).isZero();
        return out;
    }

    private static void same(Path one, Path other) {
        for (String f : FILES) {
            assertThat(other.resolve(f)).hasSameBinaryContentAs(one.resolve(f));
        }
    }

    @Test
    void aloneTheRunEndsAndCanGoOn() throws Exception {
        Path failed = folder.resolve("failed");
        Path out = folder.resolve("run");
        Running run = run(failed, out);
        assertThat(run.exit()).as(run.said()).isEqualTo(1);
        assertThat(run.said())
                .contains("coterie: coterie resume " + out + " goes on from the last checkpoint")
                .contains(
                        "coterie: user 0 failed: cuda:0 has failed: CUDA error: an illegal memory access was encountered");
        assertThat(failed).exists();
        Running resumed = coterie(failed, "resume", out.toString(), "--quiet");
        assertThat(resumed.exit()).as(resumed.said()).isZero();
        same(undisturbed(), out);
    }

    @Test
    @Tag("slow")
    void withNodesItsUsersGoOnElsewhere() throws Exception {
        Path failed = folder.resolve("failed");
        Path out = folder.resolve("run");
        Running run = run(failed, out, "--nodes", "2");
        assertThat(run.exit()).as(run.said()).isZero();
        assertThat(run.said())
                .contains("cuda:0 has failed: CUDA error: an illegal memory access was encountered")
                .contains("is lost; the run goes on from its last checkpoint");
        same(undisturbed(), out);
    }

    /** With no other node the run ends as it does alone. */
    @Test
    @Tag("slow")
    void theOnlyNodeTakesTheRunWithIt() throws Exception {
        Path out = folder.resolve("run");
        Running node = coterie(folder.resolve("failed"), "node", "--threads", "1");
        Running run = run(folder.resolve("failed"), out, "--nodes", node.address());
        assertThat(run.exit()).as(run.said()).isEqualTo(1);
        assertThat(run.said()).contains("no node is left to go on with");
        assertThat(node.exit()).as(node.said()).isEqualTo(1);
        assertThat(node.said()).contains("coterie: cuda:0 has failed: CUDA error");
    }
}
