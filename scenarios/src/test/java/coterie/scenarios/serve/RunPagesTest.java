package coterie.scenarios.serve;

import static coterie.scenarios.serve.ServedRuns.begun;
import static coterie.scenarios.serve.ServedRuns.data;
import static coterie.scenarios.serve.ServedRuns.ended;
import static coterie.scenarios.serve.ServedRuns.recorder;
import static coterie.scenarios.serve.ServedRuns.turn;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import coterie.scenarios.report.RunComparison;
import coterie.scenarios.report.RunPage;
import coterie.scenarios.results.Recorder;
import coterie.scenarios.run.FolderLock;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code coterie serve} answers: pages of runs, and requests that it must refuse. */
class RunPagesTest {
    @TempDir
    private Path outside;

    private Path folder;
    private ServedRuns served;

    @BeforeEach
    void serve() throws IOException {
        folder = outside.resolve("runs");
        served = new ServedRuns(folder);
    }

    @AfterEach
    void close() {
        served.close();
    }

    @Test
    void theListHasEachRunWithWhatDiffersAndDamagedOnesWithTheReason() throws Exception {
        ended(folder.resolve("a"), "fedavg", 0.0, 12);
        ended(folder.resolve("a/baselines/local"), "local", 0.0, 20);
        ended(folder.resolve("b c"), "fedavg", 0.1, 11);
        Files.writeString(begun(folder.resolve("broken"), "local", 0).resolve("summary.json"), "{");
        HttpResponse<String> page = served.ask("");
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.headers().firstValue("Content-Security-Policy")).isPresent();
        JsonNode list = data(page.body());
        assertThat(served.json("runs.json")).isEqualTo(list);
        assertThat(list.path("kind").asText()).isEqualTo("runs");
        assertThat(list.path("columns").findValuesAsText("key"))
                .containsExactly("run", "strategy", "time.loss", "perplexity", "status", "began", "wall_seconds");
        assertThat(list.path("rows").findValuesAsText("name"))
                .containsExactly("a", "a/baselines/local", "b c", "broken");
        assertThat(list.at("/rows/0/cells").toString())
                .contains("\"fedavg\",\"0.0\",\"12.00 ± 1.00\",\"completed\",\"2026-01-02 03:04\",\"3.0 s\"");
        assertThat(list.at("/rows/2/values").toString()).contains("\"fedavg\",\"0.1\",\"11.0\",\"completed\"");
        assertThat(list.at("/rows/0/ended").asBoolean()).isTrue();
        assertThat(list.at("/rows/3/ended").asBoolean()).isFalse();
        assertThat(list.at("/rows/3/status").asText()).isEqualTo("damaged");
        assertThat(list.at("/rows/3/problem").asText()).contains("broken/summary.json:1: ");

        ended(folder.resolve("later"), "local", 0.0, 30);
        assertThat(served.json("runs.json").path("rows")).hasSize(5);
    }

    @Test
    void anEmptyFolderIsServedTooAndSoIsARunItself() throws Exception {
        assertThat(data(served.ask("").body()).path("rows")).isEmpty();
        ended(folder, "fedavg", 0.0, 12);
        assertThat(served.json("runs.json").at("/rows/0/name").asText()).isEmpty();
        assertThat(served.json("data.json").path("title").asText()).isEqualTo("small fedavg");
    }

    @Test
    void thePageOfARunIsItsReport() throws Exception {
        Path run = ended(folder.resolve("a b"), "fedavg", 0.0, 12);
        ended(run.resolve("baselines/local"), "local", 0.0, 20);
        assertThat(data(served.ask("a%20b/report.html").body()).path("compared").path("rows"))
                .as("made from the files, not from the report that lies there")
                .hasSize(2);
        RunPage.write(run);
        ObjectNode page = data(served.ask("a%20b/report.html").body());
        assertThat(served.json("a%20b/data.json")).isEqualTo(page);
        assertThat(page.path("kind").asText()).isEqualTo("served");
        assertThat(page.remove("served").toString()).isEqualTo("{\"status\":\"completed\",\"problem\":null}");
        ObjectNode report = data(Files.readString(run.resolve("report.html")));
        report.remove("kind");
        page.remove("kind");
        assertThat(page).isEqualTo(report);
        assertThat(page.at("/compared/rows/1/runs/0/report").asText()).isEqualTo("baselines/local/report.html");
        assertThat(served.ask("a%20b/baselines/local/report.html").statusCode()).isEqualTo(200);
    }

    @Test
    void aRunUnderWayIsShownAsFarAsItsFilesTell() throws Exception {
        Path run = begun(folder.resolve("now"), "fedavg", 0.0);
        Files.delete(run.resolve("users.json"));
        FolderLock lock = FolderLock.take(run);
        try {
            JsonNode before = served.json("now/data.json");
            assertThat(before.at("/served/status").asText()).isEqualTo("running");
            assertThat(before.at("/served/problem").asText()).contains("users.json");
            begun(run, "fedavg", 0.0);
            try (Recorder recorder = recorder(run)) {
                turn(recorder, 1, 12);
                recorder.save();
                JsonNode first = served.json("now/data.json");
                assertThat(first.at("/served").toString()).isEqualTo("{\"status\":\"running\",\"problem\":null}");
                assertThat(first.path("summary").isNull()).isTrue();
                assertThat(first.path("turns").asInt()).isEqualTo(2);
                assertThat(first.path("of").asInt()).isEqualTo(8);
                assertThat(first.path("seconds").asDouble()).isEqualTo(31);
                assertThat(first.at("/report/metrics/0/by_time/mean/0").asDouble())
                        .isEqualTo(52);
                turn(recorder, 2, 12);
                recorder.save();
                // What is written at this moment.
                Files.writeString(run.resolve("turns.jsonl"), "{\"virtual_sec", StandardOpenOption.APPEND);
                assertThat(served.json("now/data.json").path("turns").asInt()).isEqualTo(4);
                assertThat(served.ask("compare?run=now").body()).contains("cannot be compared");
            }
        } finally {
            lock.close();
        }
        assertThat(served.json("now/data.json").at("/served/status").asText()).isEqualTo("unfinished");
    }

    @Test
    void aComparisonIsThatOfTheReportCommand() throws Exception {
        Path a = ended(folder.resolve("a"), "fedavg", 0.0, 12);
        Path local = ended(folder.resolve("a/baselines/local"), "local", 0.0, 20);
        Path b = ended(folder.resolve("b#1"), "fedavg", 0.1, 11);
        ObjectNode page = data(served.ask("compare?run=b%231&run=a").body());
        assertThat(page.remove("served").toString())
                .isEqualTo("{\"against\":\"b#1\",\"names\":[\"b#1\",\"a\",\"a/baselines/local\"],"
                        + "\"asked\":[\"b#1\",\"a\"]}");
        ObjectNode wanted =
                (ObjectNode) ServedRuns.JSON.readTree(RunComparison.of("Comparison of 3 runs", List.of(b, a, local), b)
                        .json(folder)
                        .put("kind", "servedComparison")
                        .toString());
        assertThat(page).isEqualTo(wanted);
        assertThat(page.at("/rows/0/runs/0/report").asText()).isEqualTo("b%231/report.html");
        assertThat(data(served.ask("compare?run=b%231&run=a&against=a/baselines/local")
                                .body())
                        .path("against")
                        .asText())
                .isEqualTo("local, loss 0.0");
        for (String wrong : List.of("", "?run=c", "?run=a&run=c", "?run=a&against=b%231", "?run=../runs/a", "?run=")) {
            assertThat(served.ask("compare" + wrong).statusCode()).as(wrong).isEqualTo(404);
        }
    }

    @Test
    void damagedFilesAreToldAndTheServerGoesOn() throws Exception {
        Path run = ended(folder.resolve("a"), "fedavg", 0.0, 12);
        Files.writeString(run.resolve("turns.jsonl"), "nonsense\n");
        JsonNode page = data(served.ask("a/report.html").body());
        assertThat(page.at("/served/problem").asText()).contains("turns.jsonl:1: is no whole JSON");
        assertThat(page.has("report")).isFalse();
        Files.writeString(run.resolve("run.json"), "[]");
        assertThat(served.json("a/data.json").at("/served/status").asText()).isEqualTo("damaged");
        assertThat(served.json("a/data.json").at("/served/problem").asText()).contains("run.json: must be a JSON");
        Files.writeString(run.resolve("users.json"), "{\"users\": [{\"mixture\": [1]}]}");
        assertThat(served.ask("compare?run=a").body()).contains("cannot be compared", "run.json");
        assertThat(served.ask("").statusCode()).isEqualTo(200);
    }

    /** Sends a request as it is written: clients of the library would tidy its path. */
    private String raw(String line, String host) throws IOException {
        int port = URI.create(served.server.address()).getPort();
        try (Socket s = new Socket(InetAddress.getLoopbackAddress(), port)) {
            s.getOutputStream()
                    .write((line + " HTTP/1.1\r\nHost: " + host + ":" + port + "\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            return new String(s.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/nowhere/report.html",
                "/../secret/report.html",
                "/a/../../secret/report.html",
                "/%2e%2e/secret/report.html",
                "/..%2fsecret/report.html",
                "/..%2Fsecret%2Freport.html",
                "/a/..%2f..%2fsecret/data.json",
                "//secret/report.html",
                "/a/summary.json",
                "/a/scenario.yaml",
                "/a/",
                "/a",
                "/compare?run=../secret",
                "/compare?run=a&run=%2e%2e%2fsecret",
                "/report.html"
            })
    void onlyRunsOfTheListAreFound(String path) throws IOException {
        ended(folder.resolve("a"), "fedavg", 0.0, 12);
        ended(outside.resolve("secret"), "local", 0.0, 66);
        assertThat(raw("GET " + path, "127.0.0.1")).startsWith("HTTP/1.1 404").doesNotContain("local", "66");
        assertThat(raw("GET /a/report.html", "127.0.0.1")).startsWith("HTTP/1.1 200");
    }

    @Test
    void aLinkOutOfTheFolderIsNoRun() throws Exception {
        ended(outside.resolve("secret"), "local", 0.0, 66);
        Files.createSymbolicLink(folder.resolve("link"), outside.resolve("secret"));
        assertThat(served.ask("link/report.html").statusCode()).isEqualTo(404);
    }

    @Test
    void othersMayNotReadAndNothingCanBeChanged() throws Exception {
        ended(folder.resolve("a"), "fedavg", 0.0, 12);
        for (String path : List.of("/", "/runs.json", "/a/report.html", "/compare?run=a")) {
            assertThat(raw("GET " + path, "evil.example")).as(path).startsWith("HTTP/1.1 421");
        }
        assertThat(raw("GET /", "localhost")).startsWith("HTTP/1.1 200");
        HttpRequest post = HttpRequest.newBuilder(URI.create(served.server.address()))
                .POST(HttpRequest.BodyPublishers.noBody())
                .build();
        assertThat(HttpClient.newHttpClient()
                        .send(post, HttpResponse.BodyHandlers.ofString())
                        .statusCode())
                .isEqualTo(405);
    }
}
