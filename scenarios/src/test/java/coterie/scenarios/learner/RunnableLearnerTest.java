package coterie.scenarios.learner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import coterie.scenarios.config.InputException;
import coterie.scenarios.config.LearnerType;
import coterie.scenarios.config.ScenarioReader;
import coterie.scenarios.config.ScenarioReader.Loaded;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What runs ask a learner before they open its model and data. */
class RunnableLearnerTest {
    @TempDir
    private Path folder;

    private double bytes(String... settings) {
        Loaded loaded = ScenarioReader.read(folder.resolve("s.yaml"), "users: 2\n", List.of(settings));
        return RunnableLearner.of(loaded).bytesPerRun(loaded);
    }

    @Test
    void aLearnerThatRunsCannotUseIsRefusedByPlaceAndType() {
        LearnerType other = (LearnerType) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {LearnerType.class}, (proxy, method, arguments) -> null);
        assertThatThrownBy(() -> RunnableLearner.of(other, "s.yaml:3: model.learner"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("s.yaml:3: model.learner: must name a learner that implements")
                .hasMessageContaining(other.getClass().getName());
    }

    @Test
    void aRunTakesWhatTheFilesOfItsBaseTake() throws IOException {
        Files.write(folder.resolve("base.gguf"), new byte[3000]);
        Path shards = Files.createDirectory(folder.resolve("shards"));
        Files.write(shards.resolve("model-00001-of-00002.safetensors"), new byte[1000]);
        Files.write(shards.resolve("model-00002-of-00002.safetensors"), new byte[2000]);
        Files.write(shards.resolve("README.md"), new byte[500]);
        double none = bytes("model.base=gone");
        assertThat(bytes("model.base=base.gguf") - none).isEqualTo(3000 * 2.08);
        assertThat(bytes("model.base=shards") - none).isEqualTo(3000 * 2.08);
    }

    @Test
    void aRunOnVectorsTakesItsModelsAndRows() throws IOException {
        Files.writeString(folder.resolve("rows.csv"), "label,x,y\na,1,2\nb,3,4\n");
        String[] vectors = {
            "model.learner=softmax",
            "data={source: vectors, path: rows.csv, train_rows: 3, validation_rows: 2, test_rows: 5}",
            "collaboration.strategy=fedavg"
        };
        // Two users with six arrays of 2 · (2 + 1) parameters, and ten rows of two numbers.
        assertThat(bytes(vectors)).isEqualTo(20e6 + 4 * 2 * (6 * 6 + 10 * 2));
    }
}
