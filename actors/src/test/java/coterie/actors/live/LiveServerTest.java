package coterie.actors.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The live page's server under many connections. */
class LiveServerTest {
    private static final int PATIENCE_MILLIS = 30_000;
    private final AtomicInteger asked = new AtomicInteger();
    private final LiveServer server = new LiveServer("127.0.0.1", 0, new LiveServer.Shown() {
        @Override
        public String page() {
            return "<p>page</p>\n";
        }

        @Override
        public String data() {
            return "{}";
        }

        @Override
        public String state() {
            return String.valueOf(asked.incrementAndGet());
        }

        @Override
        public boolean command(String name) {
            return false;
        }
    });
    private final List<Connection> open = new ArrayList<>();

    /** A connection that requests events, or something else, and reads the response. */
    private final class Connection implements AutoCloseable {
        private final Socket socket;
        private final BufferedReader in;
        private final String status;

        Connection(String path) throws IOException {
            URI at = URI.create(server.address());
            socket = new Socket(at.getHost(), at.getPort());
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.getOutputStream()
                    .write(("GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1:" + at.getPort() + "\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            status = in.readLine();
            open.add(this);
        }

        /** Reads until a line contains this text. */
        String line(String with) throws IOException {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                if (line.contains(with)) {
                    return line;
                }
            }
            throw new IOException("ended without " + with);
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    @AfterEach
    void closed() throws IOException {
        for (Connection c : open) {
            c.close();
        }
        server.close();
    }

    @Test
    void ofTooManyThatWatchTheLastAreRefusedInWordsAndTheOthersGoOn() throws IOException, InterruptedException {
        List<Connection> watching = new ArrayList<>();
        for (int k = 0; k < LiveServer.MOST_WATCHING; k++) {
            Connection c = new Connection("/events");
            assertThat(c.status).isEqualTo("HTTP/1.1 200 OK");
            c.line("data:");
            watching.add(c);
        }
        for (int k = 0; k < 20; k++) {
            Connection late = new Connection("/events");
            assertThat(late.status).isEqualTo("HTTP/1.1 503 Service Unavailable");
            assertThat(late.line("watch"))
                    .isEqualTo("200 pages watch this run already; close one of them and load this page again");
        }
        // Connections for events receive more of them, and the page itself is still served.
        for (Connection c : List.of(watching.get(0), watching.get(LiveServer.MOST_WATCHING - 1))) {
            c.line("data:");
            c.line("data:");
        }
        assertThat(new Connection("/").line("page")).contains("<p>page</p>");
        watching.get(7).close();
        Connection again = new Connection("/events");
        for (int k = 0; k < 100 && !again.status.endsWith("200 OK"); k++) {
            Thread.sleep(100);
            again = new Connection("/events");
        }
        assertThat(again.status).isEqualTo("HTTP/1.1 200 OK");
        again.line("data:");
    }
}
