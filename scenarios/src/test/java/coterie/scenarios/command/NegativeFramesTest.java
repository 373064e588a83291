package coterie.scenarios.command;

import static org.assertj.core.api.Assertions.assertThat;

import coterie.scenarios.command.Processes.Running;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Frames of negative length, sent to a node's port: they change no result, and TLS keeps them out. */
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

    /**
     * Sends each frame on a connection of its own, as the transport's connections begin, on each of its streams.
     *
     * @param closes whether to wait until the node has closed the connection
     */
    private static void sendFrames(Running node, boolean closes) throws Exception {
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
                while (closes && s.getInputStream().read() >= 0) {
                    // An alert of TLS comes before the end.
                }
            } catch (SocketException e) {
                // Closed by the node.
            }
        }
    }

    @Test
    void withoutTlsTheyChangeNoResult() throws Exception {
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
        sendFrames(one, false);
        assertThat(run.exit()).as(run.said()).isZero();
        for (String f : List.of("turns.jsonl", "evaluations.jsonl", "trust.jsonl", "messages.jsonl")) {
            assertThat(out.resolve(f)).hasSameBinaryContentAs(undisturbed.resolve(f));
        }
    }

    @Test
    void behindTlsConnectionsEndBeforeFramesAreRead() throws Exception {
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
        // A node without TLS reads such a frame and keeps the connection open. Behind TLS the frame is not even read as
        // one: every connection ends. The test runs into its timeout if one does not.
        sendFrames(node, true);
        assertThat(node.process().isAlive()).as(node.said()).isTrue();
    }
}
