package coterie.scenarios.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** {@code coterie serve}: where it listens, and that it ends. */
class ServeCommandTest {
    @RegisterExtension
    private final Terminal terminal = new Terminal();

    @TempDir
    private Path folder;

    @Test
    void itSaysWhereItListensAndListensUntilItIsInterrupted() throws Exception {
        CompletableFuture<Integer> code = new CompletableFuture<>();
        Thread command = new Thread(() -> code.complete(Main.execute("serve", folder.toString(), "--port", "0")));
        command.start();
        Processes.until("it says where", () -> terminal.out().contains("Ctrl-C ends it") || code.isDone());
        assertThat(terminal.out()).startsWith("runs in " + folder + ": http://127.0.0.1:");
        URI address = URI.create(terminal.out().replaceAll("(?s).*(http://[0-9.:]+/).*", "$1"));
        HttpRequest list = HttpRequest.newBuilder(address.resolve("/runs.json")).build();
        HttpClient client = HttpClient.newHttpClient();
        assertThat(client.send(list, HttpResponse.BodyHandlers.ofString()).body())
                .contains("\"rows\":[]");
        assertThat(code).isNotDone();
        command.interrupt();
        assertThat(code.get(1, TimeUnit.MINUTES)).isZero();
        try (ServerSocket free = new ServerSocket(address.getPort(), 1, InetAddress.getLoopbackAddress())) {
            assertThat(free.isBound()).isTrue();
        }
    }

    @Test
    void wrongWordsAreRefused() throws IOException {
        assertThat(terminal.coterie("serve", folder.resolve("nowhere").toString()))
                .isEqualTo(2);
        assertThat(terminal.err()).contains("is no folder; usage: coterie serve [DIR]");
        Path file = Files.writeString(folder.resolve("file"), "");
        assertThat(terminal.coterie("serve", file.toString())).isEqualTo(2);
        assertThat(terminal.coterie("serve", folder.toString(), "--port", "65536"))
                .isEqualTo(2);
        assertThat(terminal.err()).contains("--port: must be from 0 to 65535, found 65536");
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThat(terminal.coterie("serve", folder.toString(), "--port", String.valueOf(taken.getLocalPort())))
                    .isEqualTo(2);
            assertThat(terminal.err()).contains("--port: cannot listen at 127.0.0.1:" + taken.getLocalPort());
        }
    }
}
