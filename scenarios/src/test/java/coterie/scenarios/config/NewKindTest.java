package coterie.scenarios.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import coterie.model.trust.Refresh;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A setting that selects another component drops the settings that only the former one has. */
class NewKindTest {
    private static ScenarioReader.Loaded read(String text, String... overrides) {
        return ScenarioReader.read(Path.of("s.yaml"), text, List.of(overrides));
    }

    /** The settings that only the old kind has are dropped, those given with the new kind are checked. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            topology: {kind: k-regular, degree: 3}               | topology | kind: ring
            time: {latency: {model: uniform, min_ms: 1}}         | time.latency | model: constant
            time: {bandwidth: {model: lognormal, sigma: 1}}      | time.bandwidth | model: unlimited
            participation: {model: bernoulli, probability: 0.5}  | participation | model: always
            collaboration: {staleness: {discount: hinge, slope: 3}} | collaboration.staleness | discount: constant
            model: {learner: softmax, l2: 0.5}                   | model | learner: lora
            data: {source: vectors, path: x.csv, label: place}   | data | source: builtin:romance
            """)
    void aNewKindDropsTheSettingsOfTheOldOneInEveryBlock(String file, String block, String kind) {
        String key = kind.substring(0, kind.indexOf(':'));
        String word = kind.substring(kind.indexOf(' ') + 1);
        Scenario expected = read("{}", block + "={" + kind + "}").scenario();
        for (String override : List.of(block + "." + key + "=" + word, block + "={" + kind + "}")) {
            ScenarioReader.Loaded loaded = read(file, override);
            assertThat(Trees.node(loaded.resolved(), block).size())
                    .as(override)
                    .isEqualTo(
                            Trees.node(read("{}", override).resolved(), block).size());
            assertThat(loaded.scenario().topology()).isEqualTo(expected.topology());
            assertThat(loaded.scenario().time()).isEqualTo(expected.time());
            assertThat(loaded.scenario().participation()).isEqualTo(expected.participation());
            assertThat(loaded.scenario().collaboration()).isEqualTo(expected.collaboration());
        }
        assertThatThrownBy(() -> read(file, block + "." + key + "=" + word, block + ".nonsense=1"))
                .hasMessageContaining("--set " + block + ".nonsense=1: " + block + ".nonsense: unknown key");
    }

    @Test
    void anotherLearnerDropsSettingsWithoutEffectOnIt() {
        String file = """
                model: {base: models/mine, lora: {rank: 8}}
                data: {train_tokens: 300, train_rows: 200}
                training: {context: 32}
                record: {samples: 1}
                collaboration: {strategy: fedavg, trust: {top_k_logits: 5, refresh: on-receipt}}
                """;
        ScenarioReader.Loaded loaded =
                read(file, "model.learner=softmax", "data.source=vectors", "data.path=.", "data.train_rows=7");
        assertThat(loaded.scenario().data().trainRows()).isEqualTo(7);
        assertThat(loaded.scenario().collaboration().trust().refresh()).isEqualTo(new Refresh.OnReceipt());
        assertThatThrownBy(() -> read(
                        file, "model.learner=softmax", "data.source=vectors", "data.path=.", "training.context=16"))
                .hasMessageContaining("--set training.context=16: training.context: has no effect with model.learner");
        assertThatThrownBy(() -> read("model: {learner: softmax, base: models/mine}", "seed=3"))
                .as("what the file says beside its own learner is checked")
                .hasMessageContaining("s.yaml:1: model.base: has no effect");
    }
}
