package coterie.actors.live;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.StreamSupport;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.Uri;
import org.apache.pekko.http.javadsl.server.AllDirectives;
import org.apache.pekko.http.javadsl.server.Route;
import org.apache.pekko.japi.Pair;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves pages that are made when they are requested. They can only be read. As with {@link LiveServer}, requests under
 * another host name are refused.
 */
public final class PageServer extends AllDirectives implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PageServer.class);
    /** Pages that are made at once; each may hold all of a run. */
    private static final int THREADS = 3;

    private static final int OK = 200;
    private static final int BAD_REQUEST = 400;
    private static final int NOT_FOUND = 404;
    private static final int FAILED = 500;

    /**
     * A request.
     *
     * @param path segments, decoded
     * @param parameters of the query, decoded: values by name, in the order of the query
     */
    public record Request(List<String> path, Map<String, List<String>> parameters) {
        /** The values of a parameter; empty if it is missing. */
        public List<String> all(String name) {
            return parameters.getOrDefault(name, List.of());
        }
    }

    /**
     * A response.
     *
     * @param json whether it is JSON; otherwise HTML
     */
    public record Response(boolean json, String text) {}

    /** Makes pages. Called from several threads. */
    public interface Pages {
        /**
         * Makes the response to a request.
         *
         * @return null if there is no such page
         */
        Response get(Request request);
    }

    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS, r -> {
        Thread t = new Thread(r, "pages");
        t.setDaemon(true);
        return t;
    });
    private final Pages pages;
    private final HttpListener listener;

    /**
     * Starts listening at the loopback address.
     *
     * @param port 0 for any free port
     * @throws IllegalArgumentException if it cannot listen there
     */
    public PageServer(int port, Pages pages) {
        this.pages = pages;
        listener = new HttpListener("pages", "127.0.0.1", port, routes());
    }

    /** The URL of the first page. */
    public String address() {
        return listener.address();
    }

    private Route routes() {
        return get(() ->
                extractUri(uri -> completeWithFuture(CompletableFuture.supplyAsync(() -> response(uri), threads))));
    }

    private HttpResponse response(Uri uri) {
        Request request;
        try {
            request = request(uri);
        } catch (RuntimeException e) {
            return text(BAD_REQUEST, "the address is malformed\n");
        }
        try {
            Response made = pages.get(request);
            return made == null
                    ? text(NOT_FOUND, "there is no such page\n")
                    : HttpResponse.create()
                            .withStatus(OK)
                            .withEntity(
                                    made.json
                                            ? HttpEntities.create(ContentTypes.APPLICATION_JSON, made.text)
                                            : HttpEntities.create(ContentTypes.TEXT_HTML_UTF8, made.text));
        } catch (RuntimeException | Error e) {
            // Whatever a page lacks, a stack or memory included, the others are still served.
            LOG.warn("{} could not be made", uri, e);
            return text(FAILED, "this page could not be made: " + e + "\n");
        }
    }

    private static Request request(Uri uri) {
        Map<String, List<String>> parameters = new LinkedHashMap<>();
        for (Pair<String, String> p : uri.query().toList()) {
            parameters.computeIfAbsent(p.first(), k -> new ArrayList<>()).add(p.second());
        }
        return new Request(
                StreamSupport.stream(uri.pathSegments().spliterator(), false).toList(), parameters);
    }

    private static HttpResponse text(int status, String text) {
        return HttpResponse.create()
                .withStatus(status)
                .withEntity(HttpEntities.create(ContentTypes.TEXT_PLAIN_UTF8, text));
    }

    @Override
    public void close() {
        listener.close();
        threads.shutdownNow();
    }
}
