package coterie.scenarios.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A small scenario and a terminal, for tests of whole commands. */
abstract class CommandLineFixture {
    static final String SMALL = """
            name: small
            users: 4
            data: {source: 'builtin:romance', arrangement: grouped, train_tokens: 600, validation_tokens: 200,
              test_tokens: 200, shared_tokens: 300}
            training: {iterations: 6, batch_size: 2, context: 32}
            collaboration: {every: 2, trust: {shared_windows: 2, top_k_logits: 10}}
            time: {loss: 0.2}
            participation: {model: bernoulli, probability: 0.8}
            evaluation: {every: 2}
            record: {samples: 0}
            """;

    @TempDir
    Path folder;

    @RegisterExtension
    final Terminal terminal = new Terminal();

    Path file(String text) throws IOException {
        Path f = folder.resolve("small.yaml");
        Files.writeString(f, text);
        return f;
    }

    JsonNode summary(Path run) throws IOException {
        return new ObjectMapper().readTree(run.resolve("summary.json").toFile());
    }

    static List<JsonNode> lines(Path file) throws IOException {
        List<JsonNode> all = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            all.add(new ObjectMapper().readTree(line));
        }
        return all;
    }
}
