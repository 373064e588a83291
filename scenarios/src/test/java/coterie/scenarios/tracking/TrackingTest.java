package coterie.scenarios.tracking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.CodedInputStream;
import com.sun.net.httpserver.HttpServer;
import coterie.actors.event.Observation;
import coterie.model.task.Task;
import coterie.model.trust.TrustRow;
import coterie.scenarios.config.InputException;
import coterie.scenarios.config.ScenarioReader;
import coterie.scenarios.config.ScenarioReader.Loaded;
import coterie.scenarios.report.RunParticipants;
import coterie.scenarios.report.RunReport;
import coterie.scenarios.results.Recorder;
import coterie.scenarios.results.ResultTables;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What trackers write for other tools. */
class TrackingTest {
    private static final String MLFLOW = "MLFLOW_TRACKING_URI";

    @TempDir
    private Path folder;

    private static Loaded scenario(String tracking) {
        return ScenarioReader.read(
                Path.of("tracked.yaml"), "name: tracked\nusers: 2\ntracking: " + tracking + "\n", List.of());
    }

    private static List<Observation> run() {
        List<Observation> all = new ArrayList<>();
        for (int turn = 0; turn < 3; turn++) {
            for (int u = 0; u < 2; u++) {
                double at = 10.0 * turn + u;
                all.add(new Observation.Evaluated(
                        at, u, 5 * turn, turn, Task.LANGUAGE_MODELLING.values(Math.log(8 - turn + u))));
                TrustRow row = new TrustRow(
                        new int[] {0, 1}, new double[] {0.75, 0.25}, new int[] {0, u}, new int[2], turn, 0, 1);
                all.add(new Observation.Mixed(at + 0.5, u, turn, row, new int[2], new double[2], new double[2]));
            }
        }
        return all;
    }

    private static RunReport report(List<Observation> all) {
        RunReport report = new RunReport(
                new RunParticipants(List.of("a", "b"), new double[][] {{1, 0}, {0, 1}}, null), Task.LANGUAGE_MODELLING);
        all.forEach(report::observed);
        return report;
    }

    private static final JsonNode SUMMARY = new ObjectMapper()
            .createObjectNode()
            .put("status", "completed")
            .put("virtual_seconds", 21.5)
            .set("perplexity", new ObjectMapper().createObjectNode().put("mean", 6.5));

    /** An event, as far as it is looked at here. */
    private record Event(String tag, long step, double seconds, float value, byte[] image) {}

    /** Events of a file, every checksum checked, field by field as TensorFlow's protocol buffers have them. */
    private static List<Event> events(Path file) throws IOException {
        ByteBuffer in = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        List<Event> all = new ArrayList<>();
        while (in.hasRemaining()) {
            int at = in.position();
            byte[] event = new byte[(int) in.getLong()];
            assertThat(in.getInt()).isEqualTo(masked(in.array(), at, 8));
            in.get(event);
            assertThat(in.getInt()).isEqualTo(masked(event, 0, event.length));
            Map<Integer, Object> fields = fields(event);
            if (fields.get(5) instanceof byte[] summary) {
                Map<Integer, Object> value = fields((byte[]) fields(summary).get(1));
                byte[] image = value.containsKey(4)
                        ? (byte[]) fields((byte[]) value.get(4)).get(4)
                        : null;
                all.add(new Event(
                        new String((byte[]) value.get(1), StandardCharsets.UTF_8),
                        (Long) fields.get(2),
                        Double.longBitsToDouble((Long) fields.get(1)),
                        value.containsKey(2) ? Float.intBitsToFloat((Integer) value.get(2)) : Float.NaN,
                        image));
            } else {
                assertThat(new String((byte[]) fields.get(3), StandardCharsets.UTF_8))
                        .isEqualTo("brain.Event:2");
            }
        }
        return all;
    }

    private static Map<Integer, Object> fields(byte[] message) throws IOException {
        Map<Integer, Object> all = new TreeMap<>();
        CodedInputStream in = CodedInputStream.newInstance(message);
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            all.put(
                    tag >>> 3,
                    switch (tag & 7) {
                        case 0 -> in.readInt64();
                        case 1 -> in.readFixed64();
                        case 2 -> in.readByteArray();
                        default -> in.readFixed32();
                    });
        }
        return all;
    }

    private static int masked(byte[] bytes, int from, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, from, length);
        int c = (int) crc.getValue();
        return ((c >>> 15) | (c << 17)) + 0xa282ead8;
    }

    @Test
    void tensorBoardIsGivenScalarsPicturesAndSettings() throws IOException {
        Loaded loaded = scenario("tensorboard");
        List<Observation> run = run();
        for (int again = 0; again < 2; again++) {
            try (Trackers trackers = new Trackers(loaded, folder, again > 0)) {
                run.forEach(again > 0 ? trackers::seen : trackers::observed);
                trackers.ended(SUMMARY, report(run));
            }
        }
        List<Path> files;
        try (Stream<Path> list = Files.list(folder.resolve("tensorboard"))) {
            files = list.toList();
        }
        assertThat(files).as("a run that goes on begins its file again").hasSize(1);
        List<Event> events = events(files.get(0));
        assertThat(events)
                .filteredOn(e -> e.tag.equals("perplexity/mean"))
                .extracting(Event::step, Event::value)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(0L, 8.5f),
                        org.assertj.core.groups.Tuple.tuple(5L, 7.5f),
                        org.assertj.core.groups.Tuple.tuple(10L, 6.5f));
        assertThat(events).filteredOn(e -> e.tag.equals("perplexity/user-1")).hasSize(3);
        List<Event> pictures =
                events.stream().filter(e -> e.tag.equals("trust/matrix")).toList();
        assertThat(pictures).hasSize(3);
        assertThat(javax.imageio.ImageIO.read(new java.io.ByteArrayInputStream(pictures.get(2).image))
                        .getWidth())
                .isEqualTo(512);
        assertThat(pictures.get(2).seconds - pictures.get(0).seconds)
                .as("dated by virtual time")
                .isCloseTo(20, org.assertj.core.api.Assertions.within(1e-3));
        assertThat(events)
                .extracting(Event::tag)
                .contains("_hparams_/session_start_info", "_hparams_/session_end_info", "staleness/versions");
    }

    @Test
    void tensorBoardIsGivenTrustInAttackersOverTime() throws IOException {
        Loaded loaded = ScenarioReader.read(
                Path.of("tracked.yaml"),
                "name: tracked\nusers: 2\ntracking: tensorboard\n"
                        + "adversaries: [{ids: [1], attack: {kind: sign-flip}, from_seconds: 5}]\n",
                List.of());
        try (Trackers trackers = new Trackers(loaded, folder, false)) {
            run().forEach(trackers::observed);
            trackers.ended(SUMMARY, report(run()));
        }
        Path file;
        try (Stream<Path> list = Files.list(folder.resolve("tensorboard"))) {
            file = list.findFirst().orElseThrow();
        }
        List<Event> events = events(file);
        assertThat(events)
                .filteredOn(e -> e.tag.equals("attackers/weight"))
                .extracting(Event::step, Event::value)
                .as("user 0 mixes at 0.5 s, before the attack, at 10.5 s and at 20.5 s")
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(10L, 0.25f),
                        org.assertj.core.groups.Tuple.tuple(20L, 0.25f));
        assertThat(events).filteredOn(e -> e.tag.equals("attackers/influence")).hasSize(2);
        assertThat(events)
                .as("there is no other honest user to compare with")
                .noneMatch(e -> e.tag.equals("attackers/auc"));
        assertThat(events)
                .filteredOn(e -> e.tag.equals("perplexity/honest_mean_by_time"))
                .last()
                .extracting(Event::value)
                .isEqualTo(6f);
    }

    @Test
    void tablesHaveALineForEachEntry() throws Exception {
        List<Observation> run = run();
        Files.writeString(folder.resolve("scenario.yaml"), "name: tracked\n");
        try (Recorder recorder =
                new Recorder(folder, Task.LANGUAGE_MODELLING, (user, phase) -> "", false, false, null, 0)) {
            run.forEach(recorder::observed);
        }
        try (Trackers trackers = new Trackers(scenario("[csv, parquet, csv]"), folder, false)) {
            trackers.ended(SUMMARY, report(run));
        }
        assertThat(Files.readAllLines(folder.resolve("tables/trust.csv")))
                .hasSize(1 + 12)
                .startsWith("virtual_seconds,user,turn,of_user,weight,age", "0.5,0,0,0,0.75,0", "0.5,0,0,1,0.25,0");
        try (ResultTables tables = new ResultTables(List.of())) {
            assertThat(tables.table("SELECT count(*), sum(weight) FROM '" + folder.resolve("tables/trust.parquet")
                            + "' WHERE age = 1"))
                    .contains("3")
                    .contains("0.75");
        }
        assertThat(folder.resolve("tables/turns.csv"))
                .as("nothing to be said of turns")
                .doesNotExist();
    }

    private record Asked(String path, JsonNode body) {}

    /** As much of MLflow's server as its client asks for, by its REST protocol, written down. */
    private static HttpServer mlflow(ConcurrentLinkedQueue<Asked> asked, AtomicBoolean away) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        Map<String, Function<JsonNode, String>> answers = Map.of(
                "experiments/get-by-name", n -> null,
                "experiments/create", n -> "{\"experiment_id\": \"7\"}",
                "runs/create", n -> "{\"run\": {\"info\": {\"run_id\": \"r1\", \"experiment_id\": \"7\"}}}",
                "runs/log-batch", n -> "{}",
                "runs/update", n -> "{\"run_info\": {\"run_id\": \"r1\"}}");
        server.createContext("/api/2.0/mlflow/", exchange -> {
            String path = exchange.getRequestURI().getPath().replaceFirst("^/api/2.0/mlflow/", "");
            byte[] body = exchange.getRequestBody().readAllBytes();
            String answer = null;
            if (!away.get()) {
                JsonNode n = body.length == 0 ? null : new ObjectMapper().readTree(body);
                asked.add(new Asked(path, n));
                answer = answers.get(path).apply(n);
            }
            byte[] out = (answer != null
                            ? answer
                            : "{\"error_code\": \"RESOURCE_DOES_NOT_EXIST\", \"message\": \"no\"}")
                    .getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(answer != null ? 200 : away.get() ? 400 : 404, out.length);
            exchange.getResponseBody().write(out);
            exchange.close();
        });
        server.start();
        return server;
    }

    @Test
    void mlflowIsToldEverythingEvenWhereItIsAwayForAWhile() throws IOException, InterruptedException {
        ConcurrentLinkedQueue<Asked> asked = new ConcurrentLinkedQueue<>();
        AtomicBoolean away = new AtomicBoolean();
        HttpServer server = mlflow(asked, away);
        System.setProperty(MLFLOW, "http://127.0.0.1:" + server.getAddress().getPort());
        try {
            List<Observation> run = run();
            Loaded loaded = scenario("mlflow");
            try (Trackers trackers = new Trackers(loaded, folder, false)) {
                away.set(true);
                run.subList(0, 6).forEach(trackers::observed);
                Thread.sleep(300);
                away.set(false);
                run.subList(6, run.size()).forEach(trackers::observed);
                trackers.ended(SUMMARY, report(run));
            }
            assertThat(asked)
                    .extracting(Asked::path)
                    .containsSubsequence(
                            "experiments/get-by-name",
                            "experiments/create",
                            "runs/create",
                            "runs/log-batch",
                            "runs/update");
            Map<String, List<Double>> metrics = new TreeMap<>();
            Map<String, String> params = new TreeMap<>();
            for (Asked a : asked) {
                if (a.path.equals("runs/log-batch")) {
                    a.body.path("metrics")
                            .forEach(m -> metrics.computeIfAbsent(m.path("key").asText(), k -> new ArrayList<>())
                                    .add(m.path("value").asDouble()));
                    a.body.path("params")
                            .forEach(p -> params.put(
                                    p.path("key").asText(), p.path("value").asText()));
                }
            }
            assertThat(metrics.get("perplexity"))
                    .usingComparatorForType((x, y) -> Math.abs(x - y) < 1e-9 ? 0 : 1, Double.class)
                    .containsExactly(8.5, 7.5, 6.5);
            assertThat(metrics.get("perplexity/user-0")).hasSize(3);
            assertThat(metrics.get("end/perplexity/mean")).containsExactly(6.5);
            assertThat(params).containsEntry("training.iterations", "200").containsEntry("topology.kind", "ring");
            assertThat(new ObjectMapper()
                            .readTree(folder.resolve("mlflow.json").toFile())
                            .path("run_id")
                            .asText())
                    .isEqualTo("r1");
            asked.clear();
            try (Trackers trackers = new Trackers(loaded, folder, true)) {
                run.forEach(trackers::seen);
                trackers.ended(SUMMARY, report(run));
            }
            assertThat(asked)
                    .as("a run that goes on is the same run, and nothing is told twice")
                    .noneMatch(a -> a.path.equals("runs/create"))
                    .noneMatch(a -> a.body != null && a.body.toString().contains("user-0"));
            asked.clear();
            try (Trackers trackers = new Trackers(loaded, folder, true)) {
                trackers.observed(run.get(0));
            }
            assertThat(asked)
                    .as("a run that fails is said to have")
                    .last()
                    .extracting(a -> a.body.path("status").asText())
                    .isEqualTo("FAILED");
        } finally {
            System.clearProperty(MLFLOW);
            server.stop(0);
        }
        assertThatThrownBy(() -> new Trackers(scenario("mlflow"), folder, false))
                .isInstanceOf(InputException.class)
                .hasMessageContaining(MLFLOW);
    }

    @Test
    void whatIsNoToolIsSaid() {
        assertThatThrownBy(() -> scenario("[tensorbord]"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("tracking")
                .hasMessageContaining("tensorboard");
    }
}
