package coterie.scenarios.serve;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import coterie.actors.event.Observation;
import coterie.actors.live.PageServer;
import coterie.actors.message.SentTotals;
import coterie.model.task.Task;
import coterie.scenarios.report.RunPage;
import coterie.scenarios.results.Recorder;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;

/** Folders of runs, written without computing, and a server of their pages. */
final class ServedRuns implements AutoCloseable {
    static final ObjectMapper JSON = new ObjectMapper();
    private static final String BEGINNING = "<script id=\"data\" type=\"application/json\">";

    final Path folder;
    final PageServer server;
    private final HttpClient client = HttpClient.newHttpClient();

    /** @param folder whose runs are served */
    ServedRuns(Path folder) throws IOException {
        this.folder = Files.createDirectories(folder);
        server = new PageServer(0, new RunPages(folder));
    }

    /** A run of two users that has begun: settings and users. */
    static Path begun(Path run, String strategy, double loss) throws IOException {
        Files.createDirectories(run);
        String scenario = "name: small\nusers: 2\ntraining: {iterations: 40}\ncollaboration: {every: 10, strategy: "
                + strategy + "}\ntime: {loss: " + loss + "}\n";
        Files.writeString(run.resolve("scenario.yaml"), scenario);
        ObjectNode origin = JSON.createObjectNode();
        origin.putObject("scenario").put("collaboration.strategy", strategy).put("time.loss", String.valueOf(loss));
        Files.writeString(run.resolve("run.json"), origin.toString());
        Files.writeString(
                run.resolve("users.json"),
                "{\"categories\": [\"a\", \"b\"], \"users\": [{\"mixture\": [1, 0]}, {\"mixture\": [0, 1]}],"
                        + " \"edges\": [[0, 1], [1, 0]]}");
        return run;
    }

    static Recorder recorder(Path run) throws IOException {
        return new Recorder(run, Task.LANGUAGE_MODELLING, (user, phase) -> "", false, false, null, 0);
    }

    /** The turn of a number, from 1, of both users, with their evaluations. */
    static void turn(Recorder to, int turn, double end) {
        for (int u = 0; u < 2; u++) {
            double seconds = 30.0 * turn + u;
            to.observed(new Observation.TurnEnded(
                    seconds,
                    u,
                    turn - 1,
                    seconds - 30,
                    10 * turn,
                    3,
                    100,
                    true,
                    true,
                    new SentTotals(1, 0, 1000, 0),
                    turn));
            to.observed(new Observation.Evaluated(
                    seconds, u, 10 * turn, turn, Task.LANGUAGE_MODELLING.values(Math.log(end + 40.0 / turn))));
        }
    }

    /** A run of two users that has ended at a perplexity, with its report. */
    static Path ended(Path run, String strategy, double loss, double perplexity) throws IOException {
        begun(run, strategy, loss);
        try (Recorder recorder = recorder(run)) {
            for (int turn = 1; turn <= 4; turn++) {
                turn(recorder, turn, perplexity);
            }
        }
        ObjectNode summary = JSON.createObjectNode()
                .put("scenario", "small")
                .put("strategy", strategy)
                .put("status", "completed")
                .put("users", 2)
                .put("seed", 1)
                .put("topology", "ring")
                .put("mode", "asynchronous")
                .put("clock", "virtual")
                .put("participation", 1)
                .put("consensus_distance", 1)
                .put("trust_to_oracle_l1", 0.5)
                .put("virtual_seconds", 121)
                .put("wall_seconds", 3)
                .put("tokens_per_second", 100);
        ObjectNode found =
                summary.putObject("perplexity").put("mean", perplexity).put("std", 1);
        ArrayNode users = found.putArray("per_user");
        users.add(perplexity - 1).add(perplexity + 1);
        found.putArray("before").add(70).add(70);
        summary.putObject("staleness").put("mean_versions", 0.5).put("mean_seconds", 12);
        summary.putObject("messages").put("sent", 8).put("lost", 0);
        summary.putObject("bytes_sent").put("total", 8000);
        ObjectNode provenance =
                summary.putObject("provenance").put("data_hash", "d").put("began", "2026-01-02T03:04:05Z");
        provenance.putArray("inputs");
        provenance.putArray("resumed");
        provenance.putArray("repeat");
        Files.writeString(run.resolve("summary.json"), summary.toString());
        RunPage.write(run);
        return run;
    }

    HttpResponse<String> ask(String path) throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(URI.create(server.address() + path)).build(),
                HttpResponse.BodyHandlers.ofString());
    }

    /** Requests JSON. */
    JsonNode json(String path) throws IOException, InterruptedException {
        return JSON.readTree(ask(path).body());
    }

    /** The data in a page. */
    static ObjectNode data(String page) throws IOException {
        int begin = page.indexOf(BEGINNING) + BEGINNING.length();
        return (ObjectNode) JSON.readTree(page.substring(begin, page.indexOf("</script>", begin)));
    }

    @Override
    public void close() {
        server.close();
    }
}
