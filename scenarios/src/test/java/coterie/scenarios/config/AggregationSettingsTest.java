package coterie.scenarios.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import coterie.model.aggregation.Bucketing;
import coterie.model.aggregation.MultiKrum;
import coterie.model.aggregation.NearestNeighbourMixing;
import coterie.model.aggregation.NoPreAggregation;
import coterie.model.aggregation.SelfCentredClipping;
import coterie.model.aggregation.WeightedMean;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AggregationSettingsTest {
    private static Scenario.Aggregation read(String aggregation, String... overrides) {
        return ScenarioReader.read(
                        Path.of("s.yaml"), "collaboration: {aggregation: " + aggregation + "}", List.of(overrides))
                .scenario()
                .collaboration()
                .aggregation();
    }

    @Test
    void ruleAndStepHaveSettingsOfTheirOwn() {
        assertThat(read("{}")).isEqualTo(new Scenario.Aggregation(new WeightedMean(), new NoPreAggregation()));
        assertThat(read("{rule: multi-krum, outliers: 0.3, before: {step: nearest-neighbours, outliers: 0.1}}"))
                .isEqualTo(new Scenario.Aggregation(new MultiKrum(0.3), new NearestNeighbourMixing(0.1)));
        assertThat(read(
                        "{rule: krum, outliers: 0.3}",
                        "collaboration.aggregation.rule=self-centred-clipping",
                        "collaboration.aggregation.before.step=bucketing"))
                .isEqualTo(new Scenario.Aggregation(new SelfCentredClipping(null, 0.3), new Bucketing(2)));
    }

    @Test
    void whatNoRuleCanMeanIsRefusedWhereItStands() {
        assertThatThrownBy(() -> read("{rule: trimmed-mean, trim: 0.5}"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("collaboration.aggregation.trim")
                .hasMessageContaining("must be less than 0.5, found 0.5");
        assertThatThrownBy(() -> read("{before: {step: nearest-neighbours, outliers: 0.6}}"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("collaboration.aggregation.before.outliers");
        assertThatThrownBy(() -> read("{rule: median, trim: 0.2}"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("trim");
    }

    @Test
    void aRuleThatMeasuresNeedsValidationData() {
        assertThatThrownBy(() -> read("{rule: ubar}", "data.validation_tokens=0"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("data.validation_tokens")
                .hasMessageContaining("collaboration.aggregation.rule ubar");
        String[] vectors = {
            "model.learner=softmax", "data={source: vectors, path: rows.csv}", "data.validation_rows=0", "baselines=[]"
        };
        List<String> fedavg = new ArrayList<>(List.of(vectors));
        fedavg.add("collaboration.strategy=fedavg");
        assertThatThrownBy(() -> read("{rule: ubar}", fedavg.toArray(String[]::new)))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("data.validation_rows");
        assertThat(read("{rule: ubar}", "collaboration.strategy=gossip", "data.validation_tokens=0")
                        .rule()
                        .needsValidationSet())
                .as("a protocol of its own does not aggregate")
                .isTrue();
    }
}
