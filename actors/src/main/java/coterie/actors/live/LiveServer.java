package coterie.actors.live;

import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.Done;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.http.javadsl.Http;
import org.apache.pekko.http.javadsl.ServerBinding;
import org.apache.pekko.http.javadsl.marshalling.sse.EventStreamMarshalling;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.http.javadsl.model.sse.ServerSentEvent;
import org.apache.pekko.http.javadsl.server.AllDirectives;
import org.apache.pekko.http.javadsl.server.PathMatchers;
import org.apache.pekko.http.javadsl.server.Route;
import org.apache.pekko.stream.javadsl.Source;
import org.slf4j.LoggerFactory;

/**
 * Serves a page, the data that it draws, and its state as server-sent events, and accepts commands. Commands are
 * accepted only from pages that it has served itself: requests under another host name, or from another origin, are
 * refused.
 */
public final class LiveServer extends AllDirectives implements AutoCloseable {
    private static final Duration TICK = Duration.ofMillis(500);
    private static final Duration GOODBYE = Duration.ofSeconds(3);
    /**
     * Maximum number of pages that watch at once. Each is a connection that is written to twice a second, and Pekko
     * accepts 1,024 connections.
     */
    static final int MOST_WATCHING = 200;

    private static final String CONTENT_SECURITY =
            "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; connect-src 'self'; "
                    + "img-src data:";

    /** Provides what is served. Called from many threads. */
    public interface Shown {
        /** The page, HTML. */
        String page();

        /** The data that the page draws, JSON; may take a while. */
        String data();

        /** The current state, JSON without line breaks; fast. */
        String state();

        /**
         * Executes a command.
         *
         * @return false if there is no such command
         */
        boolean command(String name);
    }

    private final ActorSystem<Void> system;
    private final ServerBinding binding;
    private final Shown shown;
    private final String host;
    private final boolean loopback;
    private final AtomicInteger watching = new AtomicInteger();
    private final AtomicInteger owed = new AtomicInteger();
    private volatile boolean ending;

    /**
     * Starts listening.
     *
     * @param host name or address at which it listens, and under which pages request it
     * @param port 0 for any free port
     * @throws IllegalArgumentException if it cannot listen there
     */
    public LiveServer(String host, int port, Shown shown) {
        this.host = host.toLowerCase(Locale.ROOT);
        this.shown = shown;
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
        system = ActorSystem.create(Behaviors.empty(), "live", ConfigFactory.load());
        try {
            binding = Http.get(system)
                    .newServerAt(host, port)
                    .bind(routes().seal())
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

    /** The URL of the page. */
    public String address() {
        return "http://" + (host.contains(":") ? "[" + host + "]" : host) + ":"
                + binding.localAddress().getPort() + "/";
    }

    private Route routes() {
        return extractRequest(request -> !asksForThis(request)
                ? complete(StatusCodes.MISDIRECTED_REQUEST, "this is not served under that name\n")
                : respondWithHeaders(
                        List.of(
                                RawHeader.create("Content-Security-Policy", CONTENT_SECURITY),
                                RawHeader.create("X-Content-Type-Options", "nosniff"),
                                RawHeader.create("Cache-Control", "no-store")),
                        () -> concat(
                                get(this::reading),
                                post(() -> fromAnotherPage(request)
                                        ? complete(StatusCodes.FORBIDDEN, "this page may not do that\n")
                                        : doing()))));
    }

    private Route reading() {
        return concat(
                pathSingleSlash(() -> complete(HttpEntities.create(ContentTypes.TEXT_HTML_UTF8, shown.page()))),
                path("data", () -> completeWithFuture(CompletableFuture.supplyAsync(this::data))),
                path(
                        "events",
                        () -> watching.get() >= MOST_WATCHING
                                ? complete(
                                        StatusCodes.SERVICE_UNAVAILABLE,
                                        MOST_WATCHING
                                                + " pages watch this run already; close one of them and load "
                                                + "this page again\n")
                                : completeOK(events(), EventStreamMarshalling.toEventStream())));
    }

    private HttpResponse data() {
        boolean last = ending;
        HttpResponse response = HttpResponse.create()
                .withEntity(HttpEntities.create(
                        ContentTypes.APPLICATION_JSON, shown.data().getBytes(StandardCharsets.UTF_8)));
        if (last) {
            owed.decrementAndGet();
        }
        return response;
    }

    private Source<ServerSentEvent, NotUsed> events() {
        return Source.tick(Duration.ZERO, TICK, "state")
                .map(s -> ServerSentEvent.create(shown.state(), s))
                .keepAlive(TICK, ServerSentEvent::heartbeat)
                .watchTermination((tick, done) -> {
                    // Here, and not when it was asked for: a connection that is gone by now is never told to have
                    // ended.
                    watching.incrementAndGet();
                    done.whenComplete((Done d, Throwable t) -> watching.decrementAndGet());
                    return NotUsed.getInstance();
                });
    }

    private Route doing() {
        return path(
                PathMatchers.segment(),
                name -> shown.command(name)
                        ? complete(StatusCodes.NO_CONTENT)
                        : complete(StatusCodes.NOT_FOUND, "there is no such command\n"));
    }

    /** Refuses other host names that resolve to this server. */
    private boolean asksForThis(HttpRequest request) {
        String asked = request.getUri().host().address().toLowerCase(Locale.ROOT);
        return asked.equals(host) || (loopback ? asked.matches("localhost|127[.]0[.]0[.]1|\\[?::1]?") : literal(asked));
    }

    private static boolean literal(String address) {
        return address.matches("[0-9.]+") || address.contains(":");
    }

    private static boolean fromAnotherPage(HttpRequest request) {
        Optional<String> origin = request.getHeader("Origin").map(h -> h.value());
        String here = request.getHeader("Host").map(h -> h.value()).orElse("");
        return origin.isPresent() && !origin.get().equals("http://" + here);
    }

    /** Stops, after a short time in which pages receive the last state, which must say that the run has ended. */
    @Override
    public void close() {
        owed.set(watching.get());
        ending = true;
        long until = System.nanoTime() + GOODBYE.toNanos();
        while (owed.get() > 0 && watching.get() > 0 && System.nanoTime() < until) {
            try {
                Thread.sleep(50);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                break;
            }
        }
        binding.terminate(Duration.ofSeconds(1)).toCompletableFuture().join();
        system.terminate();
        system.getWhenTerminated().toCompletableFuture().join();
    }
}
