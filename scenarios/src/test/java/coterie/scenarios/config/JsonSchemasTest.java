package coterie.scenarios.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import coterie.scenarios.study.Study;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The schemas for editors, checked with a validator that is not Coterie's. */
class JsonSchemasTest {
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
    private static final Path SCENARIOS = Path.of("").toAbsolutePath();
    private final JsonSchema scenario = schema(JsonSchemas.scenario());
    private final JsonSchema study = schema(JsonSchemas.study());

    private static JsonSchema schema(JsonNode n) {
        return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012).getSchema(n);
    }

    private static List<Path> shipped() throws IOException {
        try (Stream<Path> all = Files.walk(SCENARIOS)) {
            return all.filter(f -> f.toString().endsWith(".yaml")
                            && !f.toString().contains("target")
                            && !f.toString().contains("src")
                            && !f.toString().contains("pretrain"))
                    .toList();
        }
    }

    @Test
    void everyFileThatIsShippedIsValid() throws IOException {
        assertThat(shipped()).hasSizeGreaterThan(10);
        for (Path f : shipped()) {
            Set<ValidationMessage> wrong =
                    (Study.isStudy(f, Files.readString(f)) ? study : scenario).validate(YAML.readTree(f.toFile()));
            assertThat(wrong).as(f.toString()).isEmpty();
        }
    }

    @Test
    void theDefaultsThemselvesAreValid() throws IOException {
        assertThat(scenario.validate(YAML.readTree(Defaults.text()))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "user: 3",
                "users: many",
                "model: {lora: {rank: 1.5}}",
                "collaboration: {strategy: trust-me}",
                "topology: {kind: rings}",
                "topology: {kind: ring, degree: 3}",
                "time: {compute: {model: constant, sigma: 1}}",
                "baselines: [nobody]",
                "tracking: tensorbord",
                "training: {betas: 0.9}",
                "record: {messages: 1}",
                "groups: [{name: a, users: 2, time: {compute: {model: constant, sigma: 1}}}]",
                "groups: [{name: a, users: 2, participation: {model: always, idle: sleep}}]",
                "groups: [{name: a, users: 2, speed: 3}]",
                "groups: [{users: 2}]",
                "groups: [{name: a, users: 2, time.compute: {model: trace, path: a.csv, assign: sorted}}]"
            })
    void whatTheReaderRefusesTheSchemaMarks(String text) throws IOException {
        assertThat(scenario.validate(YAML.readTree(text))).isNotEmpty();
        assertThat(org.assertj.core.api.Assertions.catchThrowable(
                        () -> ScenarioReader.read(Path.of("x.yaml"), text, List.of())))
                .isInstanceOf(InputException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "tracking: tensorboard",
                "tracking: [csv, mlflow]",
                "time: {compute: {model: constant, seconds: 3}}",
                "topology: {kind: k-regular, degree: 3}",
                "collaboration: {trust: {scale: ~}}",
                "data: {seed: 3}",
                "participation: {model: sessions, online: 0.5, idle: sleep}",
                "groups: [{name: a, users: 2, time: {compute: {model: constant, seconds: 3}}, faults: {down_seconds: 3}}]",
                "groups: [{name: a, ids: [2], time.latency: {model: constant}, data.mixture: {english: 1.0}}]"
            })
    void whatTheReaderTakesTheSchemaTakes(String text) throws IOException {
        assertThat(scenario.validate(YAML.readTree(text))).isEmpty();
        ScenarioReader.read(Path.of("x.yaml"), text, List.of());
    }

    @Test
    void settingsKnowWhatTheyAreFor() {
        assertThat(Settings.all())
                .filteredOn(s -> s.path().equals("training.batch_size"))
                .extracting(Settings.Setting::about)
                .containsExactly("sequences, or rows of vectors, a pass");
        assertThat(Settings.all())
                .filteredOn(s -> s.path().equals("collaboration.trust.refresh"))
                .extracting(Settings.Setting::about)
                .first()
                .asString()
                .contains("every-turn |")
                .endsWith("adaptive");
    }

    @Test
    void theFilesAndTheReferenceInTheRepositoryAreOfThisVersion() throws IOException {
        assertThat(SCENARIOS.resolve("schema/scenario.schema.json"))
                .content()
                .isEqualTo(JsonSchemas.scenario().toPrettyString() + "\n");
        assertThat(SCENARIOS.resolve("schema/study.schema.json"))
                .content()
                .isEqualTo(JsonSchemas.study().toPrettyString() + "\n");
        assertThat(SCENARIOS.resolveSibling("docs/reference.md")).content().isEqualTo(ReferencePage.markdown());
    }
}
