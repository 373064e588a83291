package coterie.scenarios.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import coterie.scenarios.results.Manifest;
import coterie.scenarios.results.RecordHashes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A run with false lines whose hashes were computed again: {@code verify} has only the lines. */
abstract class PlantedLies {
    static final String SMALL = """
            name: small
            users: 4
            data: {source: 'builtin:romance', train_tokens: 400, validation_tokens: 60, test_tokens: 100,
              shared_tokens: 50}
            training: {iterations: 12, batch_size: 1, context: 16}
            collaboration: {strategy: prediction-similarity, every: 2, trust: {shared_windows: 1,
              refresh: every-2-turns}, staleness: {discount: polynomial, exponent: 0.5}}
            topology: {kind: ring}
            time: {mode: asynchronous, compute: {model: lognormal, mean_seconds: 10, sigma: 0.7}, loss: 0.15}
            participation: {model: bernoulli, probability: 0.8}
            evaluation: {every: 2}
            record: {samples: 0}
            """;

    static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private static Path runs;
    /** Runs that are true, by their settings. */
    private static final Map<String, Path> RUNS = new HashMap<>();

    @TempDir
    Path folder;

    Path run;

    @RegisterExtension
    final Terminal terminal = new Terminal();

    @BeforeAll
    static void forget() {
        RUNS.clear();
    }

    /** Uses a run with these settings, which {@code verify} accepts as it is. */
    final void run(String settings) throws IOException {
        Path original = RUNS.get(settings);
        if (original == null) {
            original = runs.resolve("run-" + RUNS.size());
            Path scenario = Files.writeString(runs.resolve("small.yaml"), SMALL);
            List<String> command = new ArrayList<>(
                    List.of("run", scenario.toString(), "--quiet", "--threads", "1", "--out", original.toString()));
            for (String s : settings.isEmpty() ? new String[0] : settings.split(" ")) {
                command.addAll(List.of("--set", s.replace(":", ": ")));
            }
            int code = terminal.coterie(command.toArray(new String[0]));
            assertThat(code).as(terminal.err()).isEqualTo(settings.contains("learning_rate") ? 1 : 0);
            run = original;
            assertThat(verify(0)).contains("all of them can be true");
            RUNS.put(settings, original);
        }
        copy(original);
    }

    /** Uses a copy of this run. */
    final void copy(Path original) throws IOException {
        run = Files.createTempDirectory(folder, "run");
        try (Stream<Path> all = Files.walk(original)) {
            for (Path p : all.filter(p -> !p.equals(original)).toList()) {
                Files.copy(p, run.resolve(original.relativize(p).toString()));
            }
        }
    }

    /** The output of {@code verify}. */
    final String verify(int code) {
        int is = terminal.coterie("verify", run.toString());
        String said = terminal.out() + terminal.err();
        assertThat(is).as(said).isEqualTo(code);
        assertThat(said).doesNotContain("Exception", "was changed");
        return said;
    }

    /** Computes all hashes again. */
    final void hash() throws IOException {
        ObjectNode summary = summary();
        RecordHashes records = RecordHashes.of(run, summary.get("trace_hash").asText());
        records.write(summary);
        String text = summary.toPrettyString() + "\n";
        Manifest.write(run, records, text);
        Files.writeString(run.resolve("summary.json"), text);
    }

    final ObjectNode summary() throws IOException {
        return (ObjectNode) JSON.readTree(run.resolve("summary.json").toFile());
    }

    /** Lies in the summary. */
    final void summary(Consumer<ObjectNode> lie) throws IOException {
        ObjectNode summary = summary();
        JsonNode before = summary.deepCopy();
        lie.accept(summary);
        assertThat((JsonNode) summary).as("something is changed").isNotEqualTo(before);
        Files.writeString(run.resolve("summary.json"), summary.toPrettyString());
        hash();
    }

    static void more(ObjectNode line, String key, double more) {
        line.put(key, line.get(key).asDouble() + more);
    }

    final List<ObjectNode> lines(String file) throws IOException {
        List<ObjectNode> all = new ArrayList<>();
        for (String line : Files.readAllLines(run.resolve(file))) {
            all.add((ObjectNode) JSON.readTree(line));
        }
        return all;
    }

    private void write(String file, List<ObjectNode> lines) throws IOException {
        Files.write(run.resolve(file), lines.stream().map(JsonNode::toString).toList());
        hash();
    }

    /** Number of the last line of which something is true, from 0. */
    private static int last(String file, List<ObjectNode> lines, Predicate<ObjectNode> which) {
        for (int k = lines.size() - 1; k >= 0; k--) {
            if (which.test(lines.get(k))) {
                return k;
            }
        }
        throw new AssertionError("no line of " + file + " is such");
    }

    /**
     * Changes the last line of which something is true.
     *
     * @return its number
     */
    final int lie(String file, Predicate<ObjectNode> which, Consumer<ObjectNode> lie) throws IOException {
        List<ObjectNode> all = lines(file);
        int at = last(file, all, which);
        JsonNode before = all.get(at).deepCopy();
        lie.accept(all.get(at));
        assertThat((JsonNode) all.get(at)).as("something is changed").isNotEqualTo(before);
        write(file, all);
        return at + 1;
    }

    /** Takes the last line away of which something is true. */
    final ObjectNode drop(String file, Predicate<ObjectNode> which) throws IOException {
        List<ObjectNode> all = lines(file);
        ObjectNode gone = all.remove(last(file, all, which));
        write(file, all);
        return gone;
    }

    /** Tells the last line twice of which something is true. */
    final void repeat(String file, Predicate<ObjectNode> which, Consumer<ObjectNode> lie) throws IOException {
        List<ObjectNode> all = lines(file);
        int at = last(file, all, which);
        ObjectNode again = all.get(at).deepCopy();
        lie.accept(again);
        all.add(at + 1, again);
        write(file, all);
    }

    static ObjectNode object(ObjectNode line, String key) {
        return (ObjectNode) line.get(key);
    }

    /** A user of a row that is not its own, and has some weight. */
    static String other(ObjectNode line) {
        for (var e : line.get("row").properties()) {
            if (!e.getKey().equals(line.get("user").asText()) && e.getValue().asDouble() > 0) {
                return e.getKey();
            }
        }
        return null;
    }

    static void add(ObjectNode line, String column, String user, double more) {
        JsonNode is = line.get(column).get(user);
        if (is.isIntegralNumber()) {
            object(line, column).put(user, is.asInt() + (int) more);
        } else {
            object(line, column).put(user, is.asDouble() + more);
        }
    }
}
