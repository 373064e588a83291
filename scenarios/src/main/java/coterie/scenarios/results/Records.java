package coterie.scenarios.results;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import coterie.actors.event.Observation;
import coterie.actors.message.Payload;
import coterie.actors.message.SentTotals;
import coterie.model.aggregation.Influence;
import coterie.model.task.Task;
import coterie.model.trust.TrustRow;
import coterie.scenarios.config.InputException;
import coterie.topology.files.PlainText;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.PriorityQueue;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;

/** Reads what {@link Recorder} has written: all files of a run as one stream in the order of virtual time. */
public final class Records {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** An open file: its next observation, and its rank among files at the same instant. */
    private static final class Source implements AutoCloseable {
        private final Path file;
        private final int rank;
        private final Function<JsonNode, Observation> parser;
        private final BufferedReader in;
        private final Consumer<String> problems;
        /** Null if lines are not checked. */
        private final LineFacts facts;

        private int line;
        private Observation next;

        Source(Path file, int rank, Function<JsonNode, Observation> parser, Consumer<String> problems, LineFacts facts)
                throws IOException {
            this.file = file;
            this.rank = rank;
            this.parser = parser;
            this.problems = problems;
            this.facts = facts;
            try {
                in = PlainText.open(file);
            } catch (IOException e) {
                throw new InputException(file + ": " + PlainText.why(e));
            }
            advance();
        }

        void advance() {
            Observation last = next;
            next = null;
            for (String text = line(); text != null && next == null; text = next == null ? line() : null) {
                line++;
                try {
                    JsonNode read = JSON.readTree(text);
                    next = parser.apply(read);
                    if (facts != null) {
                        for (String fault : facts.faults(read)) {
                            problems.accept(file.getFileName() + ":" + line + ": " + fault);
                        }
                    }
                } catch (JsonProcessingException e) {
                    problems.accept(file.getFileName() + ":" + line + ": is no whole JSON");
                } catch (RuntimeException e) {
                    problems.accept(file.getFileName() + ":" + line + ": is no record as a run writes it"
                            + (e instanceof IllegalArgumentException ? ": " + e.getMessage() : ""));
                }
            }
            if (last != null && next != null && next.seconds() < last.seconds()) {
                problems.accept(file.getFileName() + ":" + line + ": time goes back, from " + last.seconds() + " to "
                        + next.seconds());
            }
        }

        private String line() {
            try {
                return in.readLine();
            } catch (IOException e) {
                throw new InputException(file + ": " + PlainText.why(e));
            }
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }

    /** Receives each observation with its place in the files. */
    public interface Reader {
        /** @param place file and line */
        void observed(Observation o, String place);
    }

    private Records() {}

    /**
     * Reads all observations of a run.
     *
     * @param task names the values of evaluations
     * @param problems receives lines that cannot be read, and times that go back
     * @throws InputException if a file cannot be read, or is not text
     */
    public static void read(Path folder, Task task, Consumer<Observation> to, Consumer<String> problems)
            throws IOException {
        read(folder, task, (o, place) -> to.accept(o), problems, null);
    }

    /** As {@link #read(Path, Task, Consumer, Consumer)}; lines that contradict themselves are problems too. */
    public static void check(Path folder, Task task, Reader to, Consumer<String> problems) throws IOException {
        read(folder, task, to, problems, new LineFacts(task));
    }

    private static void read(Path folder, Task task, Reader to, Consumer<String> problems, LineFacts facts)
            throws IOException {
        List<Source> sources = new ArrayList<>();
        try {
            // The order at one instant: a device fails, messages are sent, messages arrive, a turn ends, a user mixes
            // and measures its neighbours, a user is evaluated.
            open(sources, folder.resolve("events.jsonl"), EventLines::event, problems, facts);
            Path messages = folder.resolve("messages.jsonl");
            open(sources, messages, n -> n.path("event").asText().equals("sent") ? sent(n) : later(n), problems, facts);
            open(
                    sources,
                    messages,
                    n -> n.path("event").asText().equals("received") ? received(n) : null,
                    p -> {},
                    null);
            open(sources, folder.resolve("turns.jsonl"), Records::turn, problems, facts);
            open(sources, folder.resolve("trust.jsonl"), Records::mixed, problems, facts);
            open(sources, folder.resolve("utility.jsonl"), UtilityLines::read, problems, facts);
            open(sources, folder.resolve("evaluations.jsonl"), n -> evaluated(n, task), problems, facts);
            merge(sources, to, facts != null);
        } finally {
            for (Source s : sources) {
                s.close();
            }
        }
    }

    /**
     * Reads what curves of metrics are made of: evaluations, and divergences.
     *
     * @throws InputException if a file cannot be read, or is not text
     */
    public static void curves(Path folder, Task task, Consumer<Observation> to) throws IOException {
        List<Source> sources = new ArrayList<>();
        try {
            open(sources, folder.resolve("events.jsonl"), Records::divergence, p -> {}, null);
            open(sources, folder.resolve("evaluations.jsonl"), n -> evaluated(n, task), p -> {}, null);
            merge(sources, (o, place) -> to.accept(o), false);
        } finally {
            for (Source s : sources) {
                s.close();
            }
        }
    }

    /**
     * Reads all mixings of a run in the order of virtual time; none if users do not mix by trust.
     *
     * @throws InputException if the file cannot be read, or is not text
     */
    public static void mixings(Path folder, Consumer<Observation.Mixed> to) throws IOException {
        List<Source> sources = new ArrayList<>();
        try {
            open(sources, folder.resolve("trust.jsonl"), Records::mixed, p -> {}, null);
            merge(sources, (o, place) -> to.accept((Observation.Mixed) o), false);
        } finally {
            for (Source s : sources) {
                s.close();
            }
        }
    }

    private static Observation divergence(JsonNode n) {
        return EventLines.event(n) instanceof Observation.Diverged d ? d : null;
    }

    /** Delivers the observations of all sources in the order of virtual time. */
    private static void merge(List<Source> sources, Reader to, boolean withPlaces) {
        PriorityQueue<Source> order = new PriorityQueue<>(
                Comparator.comparingDouble((Source s) -> s.next.seconds()).thenComparingInt(s -> s.rank));
        sources.stream().filter(s -> s.next != null).forEach(order::add);
        while (!order.isEmpty()) {
            Source s = order.poll();
            to.observed(s.next, withPlaces ? s.file.getFileName() + ":" + s.line : null);
            s.advance();
            if (s.next != null) {
                order.add(s);
            }
        }
    }

    /**
     * Reads the pairs (wall seconds, virtual seconds) of {@code timing.jsonl}, if it exists; a line that was cut off is
     * ignored.
     */
    public static void timing(Path folder, BiConsumer<Double, Double> to) throws IOException {
        Path file = folder.resolve("timing.jsonl");
        if (!Files.exists(file)) {
            return;
        }
        for (String line : Files.readAllLines(file)) {
            try {
                JsonNode n = JSON.readTree(line);
                to.accept(
                        n.path("wall_seconds").asDouble(),
                        n.path("virtual_seconds").asDouble());
            } catch (JsonProcessingException e) {
                return;
            }
        }
    }

    private static void open(
            List<Source> sources,
            Path file,
            Function<JsonNode, Observation> parser,
            Consumer<String> problems,
            LineFacts facts)
            throws IOException {
        if (Files.exists(file)) {
            sources.add(new Source(file, sources.size(), parser, problems, facts));
        }
    }

    /** Checks a line that another source delivers, so that a fault in it is reported once. */
    private static Observation later(JsonNode n) {
        if (!n.path("event").asText().equals("received")) {
            throw new IllegalArgumentException("an event " + n.path("event"));
        }
        received(n);
        return null;
    }

    static double number(JsonNode n, String key, double otherwise) {
        return n.get(key).isNull() ? otherwise : n.get(key).asDouble();
    }

    static Payload.Kind kind(JsonNode n) {
        return Payload.Kind.valueOf(n.get("kind").asText().toUpperCase(Locale.ROOT));
    }

    static double seconds(JsonNode n) {
        return n.get("virtual_seconds").asDouble();
    }

    private static Observation sent(JsonNode n) {
        return new Observation.Sent(
                seconds(n),
                n.get("from").asInt(),
                n.get("to").asInt(),
                n.get("number").asLong(),
                kind(n),
                n.get("turn").asInt(),
                n.get("bytes").asLong(),
                n.get("delay_seconds").asDouble(),
                n.get("lost").asBoolean(),
                n.get("doubled").asBoolean());
    }

    private static Observation received(JsonNode n) {
        return new Observation.Received(
                seconds(n),
                n.get("to").asInt(),
                n.get("from").asInt(),
                n.get("number").asLong(),
                n.get("copy").asBoolean(),
                kind(n),
                n.get("turn").asInt(),
                n.get("sent_seconds").asDouble(),
                n.get("taken").asBoolean());
    }

    private static Observation turn(JsonNode n) {
        return new Observation.TurnEnded(
                seconds(n),
                n.get("user").asInt(),
                n.get("turn").asInt(),
                n.get("started").asDouble(),
                n.get("iteration").asInt(),
                number(n, "training_loss", Double.NaN),
                n.get("tokens").asLong(),
                n.get("collaborative").asBoolean(),
                n.get("participated").asBoolean(),
                new SentTotals(
                        n.get("messages_sent").asLong(),
                        n.get("messages_lost").asLong(),
                        n.get("parameter_bytes").asLong(),
                        n.get("prediction_bytes").asLong()),
                Long.parseUnsignedLong(n.get("parameters_hash").asText(), 16));
    }

    private static Observation mixed(JsonNode n) {
        int size = n.get("row").size();
        int[] users = new int[size];
        double[] weights = new double[size];
        int[] ages = new int[size];
        int[] scoreAges = new int[size];
        int[] versions = new int[size];
        double[] scores = new double[size];
        double[] moved = new double[n.has("moved") ? size : 0];
        double[] old = new double[size];
        double[] information = new double[size];
        List<String> names = new ArrayList<>();
        n.get("row").fieldNames().forEachRemaining(names::add);
        for (int k = 0; k < size; k++) {
            String u = names.get(k);
            users[k] = Integer.parseInt(u);
            weights[k] = n.get("row").get(u).asDouble();
            ages[k] = n.get("age").get(u).asInt();
            scoreAges[k] = n.get("evidence_age").get(u).isNull()
                    ? -1
                    : n.get("evidence_age").get(u).asInt();
            versions[k] = n.get("version").get(u).asInt();
            scores[k] = n.path("score").path(u).asDouble(Double.NaN);
            if (moved.length > 0) {
                moved[k] = n.get("moved").path(u).asDouble(Double.NaN);
            }
            old[k] = n.get("age_seconds").get(u).asDouble();
            information[k] = n.get("information_seconds").get(u).asDouble();
        }
        return new Observation.Mixed(
                seconds(n),
                n.get("user").asInt(),
                n.get("turn").asInt(),
                new TrustRow(
                        users,
                        weights,
                        ages,
                        scoreAges,
                        n.get("row_computed_in_turn").asInt(),
                        n.get("forward_passes").asInt(),
                        n.path("distance").asDouble(Double.NaN),
                        scores,
                        moved,
                        influence(n, names)),
                versions,
                updates(n, names),
                old,
                information);
    }

    private static Influence influence(JsonNode n, List<String> users) {
        if (!n.has("aggregation_passes")) {
            return null;
        }
        JsonNode weights = n.get("influence");
        return new Influence(
                weights == null
                        ? null
                        : users.stream()
                                .mapToDouble(u -> weights.get(u).asDouble())
                                .toArray(),
                n.has("clipped") ? numbers(n.get("clipped")) : null,
                n.get("aggregation_passes").asInt());
    }

    private static int[] numbers(JsonNode list) {
        int[] of = new int[list.size()];
        for (int k = 0; k < of.length; k++) {
            of[k] = list.get(k).asInt();
        }
        return of;
    }

    private static List<int[]> updates(JsonNode n, List<String> users) {
        if (!n.has("updates")) {
            return List.of();
        }
        List<int[]> all = new ArrayList<>(users.size());
        for (String u : users) {
            all.add(numbers(n.get("updates").get(u)));
        }
        return all;
    }

    private static Observation evaluated(JsonNode n, Task task) {
        return new Observation.Evaluated(
                seconds(n),
                n.get("user").asInt(),
                n.get("iteration").asInt(),
                n.get("turn").asInt(),
                task.values(task.metrics().stream()
                        .filter(m -> !m.isDerived())
                        .mapToDouble(m -> number(n, m.name(), Double.NaN))
                        .toArray()));
    }
}
