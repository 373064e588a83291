package coterie.scenarios.command;

import static org.assertj.core.api.Assertions.assertThat;

import coterie.scenarios.report.Browser;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code run --live} in a browser, and requests that it must refuse. */
class LivePageTest {
    /** Long enough not to end before the browser has looked at it, on any machine. */
    private static final String SCENARIO = """
            name: watched
            users: 4
            data: {source: 'builtin:romance', arrangement: grouped, train_tokens: 600, validation_tokens: 200,
              test_tokens: 200, shared_tokens: 300}
            training: {iterations: 4000, batch_size: 1, context: 32}
            collaboration: {every: 1, strategy: model-similarity}
            evaluation: {every: 2}
            """;

    @TempDir
    private Path folder;

    private int port;

    @BeforeEach
    void freePort() throws IOException {
        try (ServerSocket s = new ServerSocket(0)) {
            port = s.getLocalPort();
        }
    }

    private CompletableFuture<Integer> run() throws IOException {
        Path file = folder.resolve("watched.yaml");
        Files.writeString(file, SCENARIO);
        String[] command = {
            "run", file.toString(), "--out", folder.resolve("run").toString(), "--quiet", "--live=" + port
        };
        return CompletableFuture.supplyAsync(() -> Main.execute(command));
    }

    private HttpResponse<String> ask(String method, String path, String... headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder b = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .method(method, HttpRequest.BodyPublishers.noBody());
        if (headers.length > 0) {
            b.headers(headers);
        }
        return HttpClient.newHttpClient().send(b.build(), HttpResponse.BodyHandlers.ofString());
    }

    private void untilServed(CompletableFuture<Integer> run) throws InterruptedException {
        for (int k = 0; k < 6000; k++) {
            try {
                if (ask("GET", "/data").body().length() > 10) {
                    return;
                }
            } catch (IOException e) {
                // Not yet.
            }
            assertThat(run).isNotDone();
            Thread.sleep(50);
        }
        throw new AssertionError("nothing is served");
    }

    @Test
    void aBrowserFollowsARunPausesItAndStopsIt() throws IOException, InterruptedException {
        try (Browser browser = new Browser(1200, 1000)) {
            CompletableFuture<Integer> run = run();
            untilServed(run);
            browser.open("http://127.0.0.1:" + port + "/");
            browser.until("return document.querySelector('#perplexity-chart canvas') !== null && "
                    + "!document.getElementById('pause').disabled");
            browser.click("#pause");
            browser.until("return document.getElementById('state').textContent.includes('paused')");
            Thread.sleep(1000);
            String paused = (String) browser.js("return document.getElementById('state').textContent");
            Thread.sleep(1500);
            assertThat(browser.js("return document.getElementById('state').textContent"))
                    .as("time stands still")
                    .isEqualTo(paused);
            browser.open("http://127.0.0.1:" + port + "/");
            browser.until("return document.getElementById('state').textContent === '" + paused
                    + "' && document.querySelector('#perplexity-chart canvas') !== null");
            browser.click("#resume");
            browser.until("return document.getElementById('state').textContent.includes('running') && "
                    + "document.getElementById('state').textContent !== '"
                    + paused + "'");
            browser.until("return document.querySelector('#trust-slider') && "
                    + "Number(document.querySelector('#trust-slider').max) > 1");
            browser.until("return / tokens.s, about .* left/.test(document.getElementById('pace').textContent)");
            assertThat((String) browser.js("return document.getElementById('pace').textContent"))
                    .startsWith("users: 4, ");
            assertThat((String) browser.js("return document.getElementById('last').textContent"))
                    .matches("last: user [0-3] .* of virtual time");
            browser.seeEverything();
            browser.click("#stop");
            browser.until("return document.getElementById('tiles') !== null");
            assertThat((String) browser.js("return document.querySelector('h1 + p').textContent"))
                    .as("the whole report is there")
                    .contains("interrupted");
            assertThat(run.join()).isEqualTo(130);
            assertThat(browser.complaints().stream()
                            .filter(c -> !c.contains("ERR_CONNECTION") && !c.contains("ERR_INCOMPLETE")))
                    .isEmpty();
        }
        assertThat(folder.resolve("run/checkpoints")).as("it could go on").isNotEmptyDirectory();
    }

    @Test
    void othersMayNotLookOrTouch() throws IOException, InterruptedException {
        CompletableFuture<Integer> run = run();
        untilServed(run);
        try (Socket s = new Socket(InetAddress.getLoopbackAddress(), port)) {
            // As a foreign page would whose name resolves to this address.
            s.getOutputStream()
                    .write(("GET /data HTTP/1.1\r\nHost: evil.example:" + port + "\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            assertThat(new String(s.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .startsWith("HTTP/1.1 421");
        }
        assertThat(ask("POST", "/stop", "Origin", "http://evil.example").statusCode())
                .isEqualTo(403);
        assertThat(ask("POST", "/delete").statusCode()).isEqualTo(404);
        assertThat(ask("GET", "/stop").statusCode()).isEqualTo(404);
        assertThat(ask("GET", "/").headers().firstValue("Content-Security-Policy"))
                .isPresent();
        assertThat(ask("POST", "/stop", "Origin", "http://127.0.0.1:" + port).statusCode())
                .isEqualTo(204);
        assertThat(run.join()).isEqualTo(130);
    }
}
