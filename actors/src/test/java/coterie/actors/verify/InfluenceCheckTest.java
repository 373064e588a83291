package coterie.actors.verify;

import static org.assertj.core.api.Assertions.assertThat;

import coterie.actors.event.Observation;
import coterie.model.aggregation.AggregationRules;
import coterie.model.aggregation.Aggregator;
import coterie.model.aggregation.Influence;
import coterie.model.aggregation.Median;
import coterie.model.aggregation.MultiKrum;
import coterie.model.aggregation.Ubar;
import coterie.model.aggregation.WeightedMean;
import coterie.model.trust.TrustRow;
import java.util.List;
import org.junit.jupiter.api.Test;

class InfluenceCheckTest {
    /** Faults in a mixing of user 0 with user 1, and with user 2, which has no weight. */
    private static List<String> faults(Aggregator rule, Influence influence) {
        Findings findings = new Findings();
        TrustRow row = TrustRow.given(0, new int[] {0, 1, 2}, new double[] {0.5, 0.5, 0}, new int[3])
                .with(influence);
        new InfluenceCheck(new AggregationRules(rule), findings)
                .mixed(new Observation.Mixed(1, 0, 0, row, new int[3], new double[3], new double[3]));
        return findings.violations();
    }

    private static Influence weights(double... weights) {
        return new Influence(weights);
    }

    @Test
    void whatARuleCanHaveDoneIsNoFault() {
        assertThat(faults(new WeightedMean(), null)).isEmpty();
        assertThat(faults(new Median(), null)).isEmpty();
        assertThat(faults(new MultiKrum(0.2), weights(1, 0, 0))).isEmpty();
        assertThat(faults(new MultiKrum(0.2), weights(0.25, 0.5, 0))).isEmpty();
        assertThat(faults(new Ubar(0.4, 0.5), new Influence(new double[] {0.5, 0.5, 0}, null, 2)))
                .isEmpty();
    }

    @Test
    void anythingElseIsAFault() {
        assertThat(faults(new MultiKrum(0.2), null)).singleElement().asString().contains("influence is missing");
        assertThat(faults(new Median(), weights(1, 0, 0)))
                .singleElement()
                .asString()
                .contains("under a rule that reports neither");
        assertThat(faults(new MultiKrum(0.2), weights(0.7, 0.7, 0)))
                .singleElement()
                .asString()
                .contains("sums to 1.4");
        assertThat(faults(new MultiKrum(0.2), weights(1, -0.5, 0)))
                .singleElement()
                .asString()
                .contains("an influence of -0.5");
        assertThat(faults(new MultiKrum(0.2), weights(0.5, 0, 0.5)))
                .singleElement()
                .asString()
                .contains("user 2, which has no weight");
        assertThat(faults(new MultiKrum(0.2), new Influence(new double[] {1, 0, 0}, null, 3)))
                .singleElement()
                .asString()
                .contains("aggregation_passes is 3");
    }
}
