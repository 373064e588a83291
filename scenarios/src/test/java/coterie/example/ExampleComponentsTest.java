package coterie.example;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import coterie.model.aggregation.AggregationInput;
import coterie.model.aggregation.Contribution;
import coterie.model.exchange.Snapshot;
import coterie.model.text.TextSource;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The worked examples. */
class ExampleComponentsTest {
    private static Snapshot snapshot(int user, float... values) {
        return new Snapshot(user, 0, 0, values, null);
    }

    @Test
    void trustFallsWithDistance() {
        double[] row = new NearParameters(2, 0.1)
                .row(0, List.of(snapshot(0, 0, 0), snapshot(1, 0, 2)), candidate -> Double.NaN);
        assertThat(row).containsExactly(new double[] {0.731, 0.269}, within(1e-3));
    }

    @Test
    void farModelsAreClipped() {
        float[] next = new ClippedMean(1)
                .aggregate(new AggregationInput(
                        List.of(new Contribution(0.5, snapshot(0, 0, 0)), new Contribution(0.5, snapshot(1, 3, 4))),
                        0,
                        null))
                .parameters();
        assertThat(next).containsExactly(0.3f, 0.4f);
    }

    @Test
    void numbersRiseAndFallByTheStep() {
        TextSource text = new CountingText(2).open();
        assertThat(text.documents("up", 1).next()).startsWith("0 2 4 ");
        assertThat(text.documents("down", 1).next()).startsWith("0 -2 -4 ");
    }
}
