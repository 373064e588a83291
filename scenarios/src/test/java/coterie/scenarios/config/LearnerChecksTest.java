package coterie.scenarios.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import coterie.model.task.Task;
import coterie.model.vectors.VectorFiles;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A scenario's learner decides which settings have an effect; the others must be left alone. */
class LearnerChecksTest {
    private static final String VECTORS = """
            model: {learner: softmax}
            data: {source: vectors, path: rows.csv}
            collaboration: {strategy: fedavg}
            """;

    private static ScenarioReader.Loaded read(String text, String... overrides) {
        return ScenarioReader.read(Path.of("s.yaml"), text, List.of(overrides));
    }

    @Test
    void aScenarioWithoutALearnerTrainsAdaptersOnText() {
        Scenario s = read("{}").scenario();
        assertThat(s.task()).isEqualTo(Task.LANGUAGE_MODELLING);
        assertThat(read("{}").resolved().at("/model/learner").asText()).isEqualTo("lora");
        assertThat(s.model().learner().examples(s.training())).isEqualTo(8 * 64);
        assertThat(s.model().learner().testExamples(s)).isEqualTo(4000);
    }

    @Test
    void softmaxLearnsFromVectors() {
        ScenarioReader.Loaded loaded =
                read(VECTORS, "data.category=place", "model.l2=0.5", "training.batch_size=4", "data.test_rows=9");
        Scenario s = loaded.scenario();
        assertThat(s.task()).isEqualTo(Task.CLASSIFICATION);
        assertThat(s.data().source()).isEqualTo(new VectorFiles("rows.csv", "label", "place"));
        assertThat(s.model().learner().examples(s.training())).isEqualTo(4);
        assertThat(s.model().learner().testExamples(s)).isEqualTo(9);
        assertThat(loaded.files()).containsExactly("data.path");
    }

    @Test
    void dataThatChangesIsRefusedByALearnerThatDoesNotKnowIt() {
        String text = "data: {drift: [{at_seconds: 5, shift: 1}]}\n";
        ScenarioReader.Loaded loaded = read(text);
        LearnerType other = (LearnerType) Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {LearnerType.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "task" -> Task.LANGUAGE_MODELLING;
                    case "unused" -> List.of();
                    case "predicts" -> true;
                    case "drifts" -> false;
                    default -> null;
                });
        assertThat(other.drifts()).isFalse();
        Scenario s = loaded.scenario();
        Scenario.Model m = s.model();
        Scenario with = new Scenario(
                s.name(),
                s.seed(),
                s.users(),
                new Scenario.Model(
                        other, m.base(), m.precision(), m.baseDropout(), m.evaluationDropout(), m.lora(), m.adapter()),
                s.data(),
                s.training(),
                s.collaboration(),
                s.topology(),
                s.time(),
                s.participation(),
                s.faults(),
                s.groups(),
                s.adversaries(),
                s.evaluation(),
                s.checkpoints(),
                s.record(),
                s.tracking(),
                s.baselines(),
                s.baselineSettings());
        Mistakes mistakes = new Mistakes(LocatedTree.parse("s.yaml", text));
        ScenarioChecks.check(with, loaded.resolved(), mistakes);
        assertThat(mistakes.sorted())
                .singleElement()
                .extracting(Mistake::message)
                .asString()
                .startsWith("s.yaml:1: data.drift: users with model.learner lora cannot learn from data that changes:"
                        + " must be [], found ");
    }

    @Test
    void whatARunWritesIsReadAgain() {
        ScenarioReader.Loaded loaded = read(VECTORS, "baselines=[validation-performance]");
        assertThat(read(loaded.yaml()).scenario()).isEqualTo(loaded.scenario());
    }

    /** Settings that have no effect, with a value that is not the default. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "model.base=models/mine",
                "model.precision=bfloat16",
                "model.base_dropout=0.1",
                "model.evaluation_dropout=true",
                "model.lora.rank=8",
                "model.lora.targets=[c_fc]",
                "model.adapter.path=adapters",
                "model.adapter.init=per-user",
                "data.train_tokens=100",
                "data.validation_tokens=100",
                "data.test_tokens=100",
                "data.shared_tokens=0",
                "training.context=32",
                "collaboration.fidelity=paper",
                "collaboration.fidelity=released",
                "collaboration.trust.compare=logits",
                "collaboration.trust.top_k_logits=5",
                "collaboration.trust.shared_windows=4",
                "collaboration.trust.positions=last",
                "collaboration.trust.validation_tokens=64",
                "evaluation.tokens=50",
                "evaluation.protocol=released",
                "record.samples=0"
            })
    void aSettingWithoutEffectIsRefused(String setting) {
        String key = setting.substring(0, setting.indexOf('='));
        assertThatThrownBy(() -> read(VECTORS, setting))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("s.yaml: --set " + setting)
                .hasMessageContaining(
                        key + ": has no effect with model.learner softmax and must be left at its default")
                .hasMessageContaining("found ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"data.train_rows=3", "data.validation_rows=3", "data.test_rows=3"})
    void rowsHaveNoEffectOnALanguageModel(String setting) {
        assertThatThrownBy(() -> read("{}", setting))
                .hasMessageContaining("has no effect with model.learner lora and must be left at its default");
    }

    @Test
    void aDefaultThatIsWrittenDownIsNoMistake() {
        Scenario s = read(VECTORS, "model.lora.alpha=32.0", "training.context=64", "model.base_dropout=0")
                .scenario();
        assertThat(s.model().lora().alpha()).isEqualTo(32);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            collaboration.strategy=prediction-similarity \
            | collaboration.strategy: prediction-similarity compares predictions | allowed: local, fedavg
            baselines=[prediction-similarity] | baselines: prediction-similarity compares predictions \
            | validation-performance
            data.source=builtin:romance | data.source: model.learner softmax learns from vectors \
            | found builtin:romance, a source of text
            model.learner=lora | data.source: model.learner lora learns from text | found vectors, a source of vectors
            model.learner=svm | model.learner: found "svm" | lora, softmax
            model.l2=-1 | model.l2: l2 must not be negative | found -1
            data.path=~ | data.path: path must name a file or folder | found nothing
            data.label=" " | data.label: label must name a column | found nothing
            data.category="" | data.category: category must name a column | found nothing
            data.train_rows=0 | data.train_rows: train_rows must be at least 1 | found 0
            data.validation_rows=-1 | data.validation_rows: validation_rows must not be negative | found -1
            data.test_rows=0 | data.test_rows: test_rows must be at least 1 | found 0
            evaluation.target_perplexity=3 | evaluation.target_perplexity: this run does not measure perplexity \
            | loss, accuracy
            evaluation.target={metric: f1, value: 1} | evaluation.target.metric: this run does not measure \
            | loss, accuracy
            """)
    void aMistakeIsNamedWithItsPlace(String setting, String place, String allowed) {
        assertThatThrownBy(() -> read(VECTORS, setting))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("s.yaml")
                .hasMessageContaining(place)
                .hasMessageContaining(allowed);
    }

    @Test
    void aStrategyMustHaveTheRowsThatItNeeds() {
        assertThatThrownBy(
                        () -> read(VECTORS, "collaboration.strategy=validation-performance", "data.validation_rows=0"))
                .hasMessageContaining("data.validation_rows: must be at least 1 for validation-performance, found 0");
        assertThatThrownBy(() -> read(VECTORS, "collaboration.strategy=fedavg-then-local", "data.train_rows=1"))
                .hasMessageContaining("collaboration.fine_tune_share: fedavg-then-local trains on 1 of the train_rows");
    }

    @Test
    void theSettingOfOneLearnerIsUnknownToAnother() {
        assertThatThrownBy(() -> read("model: {l2: 0.1}")).hasMessageContaining("model.l2: unknown key");
    }
}
