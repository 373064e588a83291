package coterie.scenarios.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A copy of a run whose files are changed, for {@code verify} to find. */
abstract class ChangedFilesFixture {
    static final String SMALL = """
            name: small
            users: 3
            data: {source: 'builtin:romance', train_tokens: 200, validation_tokens: 50, test_tokens: 100,
              shared_tokens: 50}
            training: {iterations: 2, batch_size: 1, context: 16}
            collaboration: {strategy: prediction-similarity, every: 1, trust: {shared_windows: 1}}
            evaluation: {every: 1}
            record: {samples: 1}
            tracking: [csv, parquet, tensorboard]
            baselines: [local]
            """;

    static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    static Path shared;

    static Path original;

    @TempDir
    Path folder;

    Path run;

    @RegisterExtension
    final Terminal terminal = new Terminal();

    @BeforeAll
    static void once() throws IOException {
        Path scenario = Files.writeString(shared.resolve("small.yaml"), SMALL);
        original = shared.resolve("run");
        assertThat(Main.execute("run", scenario.toString(), "--quiet", "--threads", "1", "--out", original.toString()))
                .isZero();
    }

    @BeforeEach
    void copy() throws IOException {
        run = folder.resolve("run");
        try (Stream<Path> all = Files.walk(original)) {
            for (Path p : all.toList()) {
                Files.copy(p, run.resolve(original.relativize(p).toString()), StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    int verify() {
        return terminal.coterie("verify", run.toString());
    }

    String said() {
        return terminal.out() + terminal.err();
    }

    static JsonNode read(Path file) throws IOException {
        return JSON.readTree(file.toFile());
    }

    static List<String> paths(Path run) throws IOException {
        return read(run.resolve("manifest.json")).get("files").findValuesAsText("path");
    }

    void change(String file, UnaryOperator<String> change) throws IOException {
        String before = Files.readString(run.resolve(file));
        String after = change.apply(before);
        assertThat(after).as("something is changed in " + file).isNotEqualTo(before);
        Files.writeString(run.resolve(file), after);
    }
}
