package coterie.scenarios.command;

import static org.assertj.core.api.Assertions.assertThat;

import coterie.scenarios.command.Processes.Running;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Frames of negative length, sent to a node's port: what they cost, and that TLS keeps them out. */
@Tag("slow")
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class NegativeFramesTest {
    private static final int[] LENGTHS = {-4, -1, -100, Integer.MIN_VALUE, -4};
    private static final String PASSWORD = "not-a-secret";

    @TempDir
    private Path folder;

    private Processes processes;

    @BeforeEach
    void open() {
        processes = new Processes(folder);
    }

    @AfterEach
    void close() {
        processes.close();
    }

    /** As the transport's own connections begin, on each of its streams. */
    private static void sendFrames(Running node) throws Exception {
        int port = Integer.parseInt(node.address().replaceAll("^.*:", ""));
        for (int k = 0; k < LENGTHS.length; k++) {
            byte[] frame = ByteBuffer.allocate(40)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .put("AKKA".getBytes(StandardCharsets.US_ASCII))
                    .put((byte) (1 + k % 3))
                    .putInt(LENGTHS[k])
                    .array();
            try (Socket s = new Socket(InetAddress.getLoopbackAddress(), port);
                    OutputStream to = s.getOutputStream()) {
                to.write(frame);
                to.flush();
                Thread.sleep(200);
            } catch (IOException e) {
                // It may well hang up.
            }
        }
    }

    private static Duration cpu(Running node) {
        return node.process().toHandle().info().totalCpuDuration().orElseThrow();
    }

    @Test
    void withoutTlsTheyCostTimeAndNothingElse() throws Exception {
        Path scenario = Files.writeString(folder.resolve("s.yaml"), """
                users: 6
                data: {source: 'builtin:romance', train_tokens: 2000, validation_tokens: 200, test_tokens: 400}
                training: {iterations: 30, batch_size: 4, context: 64}
                collaboration: {every: 2, start_after: 2, trust: {shared_windows: 2, top_k_logits: 10}}
                checkpoints: {every_turns: 12}
                """);
        Path undisturbed = folder.resolve("undisturbed");
        assertThat(Main.execute("run", scenario.toString(), "--out", undisturbed.toString(), "--quiet"))
                .isZero();
        Running one = processes.start("node", "--threads", "1");
        Running two = processes.start("node", "--threads", "1");
        Path out = folder.resolve("run");
        Running run = processes.start(
                "run",
                scenario.toString(),
                "--out",
                out.toString(),
                "--quiet",
                "--nodes",
                one.address() + "," + two.address());
        Processes.until("turns end", () -> out.resolve("turns.jsonl").toFile().length() > 0);
        sendFrames(one);
        assertThat(run.exit()).as(run.said()).isZero();
        for (String f : List.of("turns.jsonl", "evaluations.jsonl", "trust.jsonl", "messages.jsonl")) {
            assertThat(out.resolve(f)).hasSameBinaryContentAs(undisturbed.resolve(f));
        }
    }

    @Test
    void behindTlsTheyCostNothing() throws Exception {
        Path keys = folder.resolve("node.p12");
        String tool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        Process keytool = new ProcessBuilder(
                        tool,
                        "-genkeypair",
                        "-alias",
                        "node",
                        "-keyalg",
                        "EC",
                        "-groupname",
                        "secp384r1",
                        "-dname",
                        "CN=coterie",
                        "-ext",
                        "san=ip:127.0.0.1",
                        "-keystore",
                        keys.toString(),
                        "-storepass",
                        PASSWORD)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(keytool.waitFor()).isZero();
        Path tls = Path.of("..", "deploy", "tls.conf");
        String config = Files.readString(tls)
                .replaceAll("\\$\\{COTERIE_\\w+_PASSWORD}", PASSWORD)
                .replaceAll("\\$\\{COTERIE_\\w+_STORE}", '"' + keys.toString() + '"');
        Path mine = Files.writeString(folder.resolve("tls.conf"), config);
        Running node = processes.start("node", "--threads", "1", "--bind", "127.0.0.1:0", "--config", mine.toString());
        node.address();
        // What starting takes is over by then.
        Thread.sleep(5000);
        sendFrames(node);
        Duration before = cpu(node);
        Thread.sleep(5000);
        assertThat(cpu(node).minus(before)).as("of five seconds").isLessThan(Duration.ofMillis(1500));
    }
}
