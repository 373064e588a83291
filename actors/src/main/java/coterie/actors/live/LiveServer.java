package coterie.actors.live;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.Done;
import org.apache.pekko.NotUsed;
import org.apache.pekko.http.javadsl.marshalling.sse.EventStreamMarshalling;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.javadsl.model.sse.ServerSentEvent;
import org.apache.pekko.http.javadsl.server.AllDirectives;
import org.apache.pekko.http.javadsl.server.PathMatchers;
import org.apache.pekko.http.javadsl.server.Route;
import org.apache.pekko.stream.javadsl.Source;

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

    private final Shown shown;
    private final HttpListener listener;
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
        this.shown = shown;
        listener = new HttpListener("live", host, port, routes());
    }

    /** The URL of the page. */
    public String address() {
        return listener.address();
    }

    private Route routes() {
        return concat(
                get(this::reading),
                post(() -> extractRequest(request -> fromAnotherPage(request)
                        ? complete(StatusCodes.FORBIDDEN, "this page may not do that\n")
                        : doing())));
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
        listener.close();
    }
}
