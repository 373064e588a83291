package coterie.scenarios.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import coterie.scenarios.command.Processes.Running;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Processes that are killed, paused, cut off or sent garbage during a run: it ends with the bytes of a run without. */
@Tag("slow")
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class ClusterFaultsTest {
    private static final String SCENARIO = """
            name: faults
            users: 6
            data: {source: 'builtin:romance', train_tokens: 2000, validation_tokens: 200, test_tokens: 400,
              shared_tokens: 600}
            training: {iterations: 40, batch_size: 4, context: 64}
            collaboration: {every: 2, start_after: 2, trust: {shared_windows: 2, top_k_logits: 10}}
            time: {compute: {model: lognormal, mean_seconds: 30, sigma: 0.5}, latency: {model: uniform, min_ms: 20,
              max_ms: 200}, loss: 0.05}
            evaluation: {every: 10}
            checkpoints: {every_turns: 12}
            """;
    private static final List<String> FILES = List.of(
            "turns.jsonl", "evaluations.jsonl", "trust.jsonl", "messages.jsonl", "events.jsonl", "scenario.yaml");

    @TempDir
    private static Path shared;

    private static Path undisturbed;
    private static Path scenario;

    @TempDir
    private Path folder;

    private Processes processes;

    @BeforeAll
    static void runUndisturbed() throws IOException {
        scenario = shared.resolve("faults.yaml");
        Files.writeString(scenario, SCENARIO);
        undisturbed = shared.resolve("undisturbed");
        assertThat(Main.execute("run", scenario.toString(), "--out", undisturbed.toString(), "--quiet"))
                .isZero();
    }

    @BeforeEach
    void open() {
        processes = new Processes(folder);
    }

    @AfterEach
    void close() {
        processes.close();
    }

    private Path out() {
        return folder.resolve("run");
    }

    private Running run(String... more) throws IOException {
        return processes.start(arguments(out(), more));
    }

    private static String[] arguments(Path out, String... more) {
        return Stream.concat(Stream.of("run", scenario.toString(), "--out", out.toString(), "--quiet"), Stream.of(more))
                .toArray(String[]::new);
    }

    /** A node that is left serves another run. */
    private void serves(Running node, String name) throws Exception {
        Path other = folder.resolve(name);
        assertThat(processes.start(arguments(other, "--nodes", node.address())).exit())
                .isZero();
        assertThat(other.resolve("turns.jsonl")).hasSameBinaryContentAs(undisturbed.resolve("turns.jsonl"));
    }

    /** The run has the files of an undisturbed one with the same changes to the scenario. */
    private void sameAsUndisturbedWith(String... changes) throws IOException {
        Path again = folder.resolve("again");
        assertThat(Main.execute(arguments(again, changes))).isZero();
        for (String f : FILES) {
            assertThat(out().resolve(f)).hasSameBinaryContentAs(again.resolve(f));
        }
    }

    /** Waits for a number of checkpoints. */
    private void checkpoint(int number) throws InterruptedException, TimeoutException {
        Processes.until(
                "checkpoint " + number,
                () -> Files.isDirectory(out().resolve("checkpoints"))
                        && newest(out().resolve("checkpoints")) >= number);
    }

    private static int newest(Path checkpoints) {
        try (Stream<Path> list = Files.list(checkpoints)) {
            return list.map(p -> p.getFileName().toString())
                    .filter(n -> n.matches("[0-9]+[.]checkpoint"))
                    .mapToInt(n -> Integer.parseInt(n.substring(0, 8)))
                    .max()
                    .orElse(0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void sameAsUndisturbed() throws IOException {
        for (String f : FILES) {
            assertThat(out().resolve(f)).hasSameBinaryContentAs(undisturbed.resolve(f));
        }
        for (int u = 0; u < 6; u++) {
            String adapter = "adapters/user-" + u + "/adapter_model.safetensors";
            assertThat(out().resolve(adapter)).hasSameBinaryContentAs(undisturbed.resolve(adapter));
        }
        assertThat(summary(out())).isEqualTo(summary(undisturbed));
    }

    /** The part that does not depend on the time of day. */
    private static ObjectNode summary(Path run) throws IOException {
        ObjectNode n = (ObjectNode)
                new ObjectMapper().readTree(run.resolve("summary.json").toFile());
        return n.remove(List.of(
                "wall_seconds",
                "total_seconds",
                "tokens_per_second",
                "peak_memory_bytes",
                "checkpoints",
                "provenance"));
    }

    @Test
    void twoNodesKilledOneAfterTheOther() throws Exception {
        Running run = run("--nodes", "3");
        checkpoint(2);
        Processes.signal("KILL", Processes.children(run).get(0));
        run.says("is lost");
        checkpoint(5);
        Processes.signal("KILL", Processes.children(run).get(0));
        assertThat(run.exit()).as(run.said()).isZero();
        assertThat(run.said().split("is lost", -1)).hasSize(3);
        sameAsUndisturbed();
    }

    @Test
    void aRunningNodeKilledIsMissedByItsSilence() throws Exception {
        Running one = processes.start("node", "--threads", "1");
        Running two = processes.start("node", "--threads", "1");
        Running run = run("--nodes", one.address() + "," + two.address());
        checkpoint(2);
        two.signal("KILL");
        assertThat(run.exit()).as(run.said()).isZero();
        assertThat(run.said()).contains("is lost");
        sameAsUndisturbed();
        serves(one, "again");
    }

    @Test
    void theStarterIsKilledAndTheRunGoesOnOverOtherNodes() throws Exception {
        Running run = run("--nodes", "2");
        checkpoint(2);
        List<Long> nodes = Processes.children(run);
        run.signal("KILL");
        run.exit();
        Processes.until(
                "nodes have ended with the starter",
                () -> nodes.stream().noneMatch(n -> ProcessHandle.of(n).isPresent()));
        Running resumed = processes.start("resume", out().toString(), "--nodes", "3", "--quiet");
        assertThat(resumed.exit()).as(resumed.said()).isZero();
        sameAsUndisturbed();
    }

    @Test
    void aRunInterruptedOverNodesIsSavedAndGoesOnInOneProcess() throws Exception {
        Running run = run("--nodes", "2", "--set", "checkpoints.every_turns=0");
        Processes.until("turns end", () -> out().resolve("turns.jsonl").toFile().length() > 0);
        run.signal("TERM");
        assertThat(run.exit()).as(run.said()).isEqualTo(143);
        assertThat(run.said()).contains("interrupted");
        Running resumed = processes.start("resume", out().toString(), "--quiet");
        assertThat(resumed.exit()).as(resumed.said()).isZero();
        assertThat(out().resolve("turns.jsonl")).hasSameBinaryContentAs(undisturbed.resolve("turns.jsonl"));
        assertThat(out().resolve("trust.jsonl")).hasSameBinaryContentAs(undisturbed.resolve("trust.jsonl"));
    }

    @Test
    void aNodeThatJoinsLateTakesPartFromTheNextCheckpointOn() throws Exception {
        Running run = run("--await-nodes", "1", "--bind", "127.0.0.1:" + port());
        run.says("waiting for nodes at ");
        String at = run.said()
                .lines()
                .filter(l -> l.contains("waiting for nodes at "))
                .findFirst()
                .orElseThrow()
                .replaceAll("^.* at ", "");
        processes.start("node", "--join", at, "--threads", "1");
        checkpoint(1);
        processes.start("node", "--join", at, "--threads", "1");
        assertThat(run.exit()).as(run.said()).isZero();
        assertThat(run.said()).contains("has joined");
        sameAsUndisturbed();
    }

    private static int port() throws IOException {
        try (java.net.ServerSocket s = new java.net.ServerSocket(0)) {
            return s.getLocalPort();
        }
    }

    @Test
    void aNodeThatIsPausedForTooLongIsLostAndMayComeBack() throws Exception {
        Running one = processes.start("node", "--threads", "1");
        Running two = processes.start("node", "--threads", "1");
        Running run = run("--nodes", one.address() + "," + two.address(), "--set", "training.iterations=120");
        checkpoint(2);
        two.signal("STOP");
        run.says("is lost");
        two.signal("CONT");
        assertThat(run.exit()).as(run.said()).isZero();
        sameAsUndisturbedWith("--set", "training.iterations=120");
        // The node has noticed that the cluster removed it, and waits for the next run.
        serves(two, "third");
    }

    @Test
    void aDiskThatIsFullCostsCheckpointsAndNothingElse() throws Exception {
        Path disk = folder.resolve("disk");
        Files.createDirectories(disk);
        assumeThat(command("mount", "-t", "tmpfs", "-o", "size=256k", "none", disk.toString()))
                .as("mounting needs rights that this process has not")
                .isTrue();
        try {
            Running run = run("--nodes", "2", "--set", "checkpoints.path=" + disk);
            assertThat(run.exit()).as(run.said()).isZero();
            assertThat(run.said()).contains("could not be saved");
            assertThat(out().resolve("turns.jsonl")).hasSameBinaryContentAs(undisturbed.resolve("turns.jsonl"));
            try (Stream<Path> left = Files.walk(disk)) {
                assertThat(left.filter(Files::isRegularFile)).isEmpty();
            }
        } finally {
            command("umount", disk.toString());
        }
    }

    @Test
    void aNetworkThatIsCutAndHealedCostsANodeForAWhile() throws Exception {
        // Left by a test that was killed.
        command("ip", "link", "del", "coterie-a");
        command("ip", "netns", "del", "coterie-there");
        assumeThat(command("ip", "netns", "add", "coterie-there"))
                .as("network namespaces need rights that this process has not")
                .isTrue();
        try {
            assertThat(command(
                            "ip",
                            "link",
                            "add",
                            "coterie-a",
                            "type",
                            "veth",
                            "peer",
                            "name",
                            "coterie-b",
                            "netns",
                            "coterie-there"))
                    .isTrue();
            assertThat(command("ip", "addr", "add", "10.213.7.1/24", "dev", "coterie-a"))
                    .isTrue();
            assertThat(command("ip", "link", "set", "coterie-a", "up")).isTrue();
            List<String> there = List.of("ip", "netns", "exec", "coterie-there");
            assertThat(command(
                            "ip",
                            "netns",
                            "exec",
                            "coterie-there",
                            "ip",
                            "addr",
                            "add",
                            "10.213.7.2/24",
                            "dev",
                            "coterie-b"))
                    .isTrue();
            assertThat(command("ip", "netns", "exec", "coterie-there", "ip", "link", "set", "coterie-b", "up"))
                    .isTrue();
            assertThat(command("ip", "netns", "exec", "coterie-there", "ip", "link", "set", "lo", "up"))
                    .isTrue();
            String at = "10.213.7.1:" + port();
            Running run = run("--await-nodes", "2", "--bind", at, "--insecure", "--set", "training.iterations=120");
            processes.start("node", "--join", at, "--bind", "10.213.7.1:" + port(), "--insecure", "--threads", "1");
            Running far = processes.start(
                    there, "node", "--join", at, "--bind", "10.213.7.2:25520", "--insecure", "--threads", "1");
            checkpoint(2);
            command("ip", "link", "set", "coterie-a", "down");
            run.says("is lost");
            checkpoint(4);
            command("ip", "link", "set", "coterie-a", "up");
            // The node that was cut off has restarted and joins again.
            run.says("has joined");
            assertThat(run.exit()).as(run.said()).isZero();
            assertThat(far.said()
                            .lines()
                            .filter(l -> l.startsWith(NodeCommand.LISTENS))
                            .count())
                    .isGreaterThan(1);
            sameAsUndisturbedWith("--set", "training.iterations=120");
        } finally {
            command("ip", "link", "del", "coterie-a");
            command("ip", "netns", "del", "coterie-there");
        }
    }

    private static boolean command(String... words) {
        try {
            return new ProcessBuilder(words)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Test
    void garbageSentToAPortChangesNothing() throws Exception {
        Running one = processes.start("node", "--threads", "1");
        Running two = processes.start("node", "--threads", "1");
        int port = Integer.parseInt(one.address().replaceAll("^.*:", ""));
        Running run = run("--nodes", one.address() + "," + two.address());
        checkpoint(1);
        Random random = new Random(1);
        for (int k = 0; k < 50; k++) {
            byte[] garbage = new byte[9 + random.nextInt(60_000)];
            random.nextBytes(garbage);
            if (k % 2 == 0) {
                // Like one of Artery's own connections, on each of its streams, with one frame.
                int length = garbage.length - 9;
                byte[] head = {'A', 'K', 'K', 'A', (byte) (1 + k % 3), (byte) length, (byte) (length >> 8), 0, 0};
                System.arraycopy(head, 0, garbage, 0, head.length);
            }
            try (Socket s = new Socket(InetAddress.getLoopbackAddress(), port);
                    OutputStream to = s.getOutputStream()) {
                to.write(garbage);
            } catch (IOException e) {
                // It may well hang up.
            }
        }
        assertThat(run.exit()).as(run.said()).isZero();
        assertThat(run.said()).doesNotContain("is lost");
        sameAsUndisturbed();
    }
}
