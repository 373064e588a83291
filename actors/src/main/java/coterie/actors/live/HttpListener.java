package coterie.actors.live;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletionException;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.http.javadsl.Http;
import org.apache.pekko.http.javadsl.ServerBinding;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.http.javadsl.server.AllDirectives;
import org.apache.pekko.http.javadsl.server.Route;
import org.slf4j.LoggerFactory;

/**
 * Listens at an address. Requests under another host name are refused, since a foreign page could make them; responses
 * forbid browsers to load anything from elsewhere.
 */
final class HttpListener extends AllDirectives implements AutoCloseable {
    private static final String CONTENT_SECURITY =
            "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; connect-src 'self'; "
                    + "img-src data:";
    /** The page of a long run takes longer to make than the seconds that Pekko allows. */
    private static final Config PATIENT =
            ConfigFactory.parseString("pekko.http.server { request-timeout = 10 minutes, idle-timeout = 10 minutes }");

    private final ActorSystem<Void> system;
    private final ServerBinding binding;
    private final String host;
    private final boolean loopback;

    /**
     * Starts listening.
     *
     * @param name of the server's actor system
     * @param host name or address at which it listens, and under which pages request it
     * @param port 0 for any free port
     * @throws IllegalArgumentException if it cannot listen there
     */
    HttpListener(String name, String host, int port, Route routes) {
        this.host = host.toLowerCase(Locale.ROOT);
        // Initialises logging before several threads ask for loggers, which prints a warning.
        LoggerFactory.getILoggerFactory();
        // Checked beforehand, since Pekko's message is long.
        try (ServerSocket free = new ServerSocket()) {
            free.setReuseAddress(true);
            InetAddress address = InetAddress.getByName(host);
            loopback = address.isLoopbackAddress();
            free.bind(new InetSocketAddress(address, port));
        } catch (IOException e) {
            throw new IllegalArgumentException("cannot listen at " + host + ":" + port + ": " + e.getMessage(), e);
        }
        system = ActorSystem.create(Behaviors.empty(), name, PATIENT.withFallback(ConfigFactory.load()));
        try {
            binding = Http.get(system)
                    .newServerAt(host, port)
                    .bind(guarded(routes).seal())
                    .toCompletableFuture()
                    .join();
        } catch (CompletionException e) {
            system.terminate();
            throw new IllegalArgumentException(
                    "cannot listen at " + host + ":" + port + ": "
                            + e.getCause().getMessage(),
                    e);
        }
    }

    /** The URL of its root. */
    String address() {
        return "http://" + (host.contains(":") ? "[" + host + "]" : host) + ":"
                + binding.localAddress().getPort() + "/";
    }

    private Route guarded(Route routes) {
        return extractRequest(request -> !asksForThis(request)
                ? complete(StatusCodes.MISDIRECTED_REQUEST, "this is not served under that name\n")
                : respondWithHeaders(
                        List.of(
                                RawHeader.create("Content-Security-Policy", CONTENT_SECURITY),
                                RawHeader.create("X-Content-Type-Options", "nosniff"),
                                RawHeader.create("Cache-Control", "no-store")),
                        () -> routes));
    }

    /** Refuses other host names that resolve to this server. */
    private boolean asksForThis(HttpRequest request) {
        String asked = request.getUri().host().address().toLowerCase(Locale.ROOT);
        return asked.equals(host) || (loopback ? asked.matches("localhost|127[.]0[.]0[.]1|\\[?::1]?") : literal(asked));
    }

    private static boolean literal(String address) {
        return address.matches("[0-9.]+") || address.contains(":");
    }

    @Override
    public void close() {
        binding.terminate(Duration.ofSeconds(1)).toCompletableFuture().join();
        system.terminate();
        system.getWhenTerminated().toCompletableFuture().join();
    }
}
