package coterie.scenarios.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A small run and its folder, for tests of what a command does with a folder that is there. */
abstract class RunFolderFixture {
    static final String SMALL = """
            name: small
            users: 2
            data: {source: 'builtin:romance', train_tokens: 300, validation_tokens: 100, test_tokens: 100,
              shared_tokens: 100}
            training: {iterations: 6, batch_size: 1, context: 32}
            collaboration: {strategy: model-similarity, every: 2}
            evaluation: {every: 2}
            record: {samples: 0}
            checkpoints: {every_turns: 2}
            """;

    static final List<String> RESULTS = List.of(
            "turns.jsonl",
            "evaluations.jsonl",
            "trust.jsonl",
            "messages.jsonl",
            "events.jsonl",
            "adapters/user-1/adapter_model.safetensors");

    @TempDir
    Path folder;

    Path run;

    @RegisterExtension
    final Terminal terminal = new Terminal();

    @BeforeEach
    void capture() {
        run = folder.resolve("out");
    }

    int coterie(String... args) {
        return terminal.coterie(args);
    }

    String said() {
        return terminal.err();
    }

    void run(Path to, String... more) throws IOException {
        Path scenario = Files.writeString(folder.resolve("small.yaml"), SMALL);
        String[] args = Stream.concat(
                        Stream.of("run", scenario.toString(), "--out", to.toString(), "--quiet"), Arrays.stream(more))
                .toArray(String[]::new);
        assertThat(coterie(args)).as(said()).isZero();
    }

    /** A run whose process was killed before it could write its end, with checkpoints and results. */
    void interrupted(String... more) throws IOException {
        run(run, more);
        Files.delete(run.resolve("summary.json"));
    }

    static Map<Path, byte[]> content(Path root) throws IOException {
        Map<Path, byte[]> all = new TreeMap<>();
        try (Stream<Path> list = Files.walk(root)) {
            for (Path p : list.filter(Files::isRegularFile).toList()) {
                if (!p.getFileName().toString().equals(".lock")) {
                    all.put(root.relativize(p), Files.readAllBytes(p));
                }
            }
        }
        return all;
    }

    static void assertSame(Map<Path, byte[]> found, Map<Path, byte[]> wanted) {
        assertThat(found.keySet()).isEqualTo(wanted.keySet());
        wanted.forEach(
                (file, bytes) -> assertThat(found.get(file)).as(file.toString()).isEqualTo(bytes));
    }

    Map<String, byte[]> results() throws IOException {
        Map<String, byte[]> all = new TreeMap<>();
        for (String name : RESULTS) {
            all.put(name, Files.readAllBytes(run.resolve(name)));
        }
        return all;
    }

    void assertResults(Map<String, byte[]> wanted) throws IOException {
        for (Map.Entry<String, byte[]> e : wanted.entrySet()) {
            assertThat(run.resolve(e.getKey())).hasBinaryContent(e.getValue());
        }
    }

    List<Path> checkpoints(Path at) throws IOException {
        try (Stream<Path> list = Files.walk(at)) {
            return list.filter(p -> p.toString().endsWith(".checkpoint"))
                    .sorted()
                    .toList();
        }
    }

    void editOrigin(String key, String value) throws IOException {
        Path file = run.resolve("run.json");
        ObjectNode n = (ObjectNode) new ObjectMapper().readTree(file.toFile());
        Files.writeString(file, n.put(key, value).toString());
    }

    void refusesToGoOn(String... words) throws IOException {
        Map<Path, byte[]> before = content(run);
        assertThat(coterie("resume", run.toString(), "--quiet")).as(said()).isEqualTo(2);
        assertThat(said()).contains(words);
        assertThat(said().lines()).hasSize(1);
        assertSame(content(run), before);
    }

    static void delete(Path root) throws IOException {
        try (Stream<Path> all = Files.walk(root)) {
            for (Path p : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(p);
            }
        }
    }
}
