package coterie.scenarios.fuzz;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A port on this machine that no input may make the program ask for anything. */
final class Listener implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 2000;
    private final ServerSocket socket;
    private final Queue<String> asked = new ConcurrentLinkedQueue<>();

    Listener() throws IOException {
        socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread thread = new Thread(this::listen, "fuzz-listener");
        thread.setDaemon(true);
        thread.start();
    }

    private void listen() {
        while (!socket.isClosed()) {
            try (Socket s = socket.accept();
                    InputStreamReader text = new InputStreamReader(s.getInputStream(), StandardCharsets.ISO_8859_1);
                    BufferedReader in = new BufferedReader(text)) {
                s.setSoTimeout(PATIENCE_MILLIS);
                asked.add(String.valueOf(in.readLine()));
                s.getOutputStream().write("HTTP/1.0 404 Not Found\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
            } catch (IOException e) {
                // Closed, or a visitor that said nothing.
            }
        }
    }

    /** An address that belongs to one case. */
    String address(String id) {
        return "http://127.0.0.1:" + socket.getLocalPort() + "/" + id;
    }

    /** Whether a case's address was asked for. */
    boolean asked(String id) {
        return asked.stream().anyMatch(a -> a.contains("/" + id + " "));
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
