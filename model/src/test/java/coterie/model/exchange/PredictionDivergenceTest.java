package coterie.model.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class PredictionDivergenceTest {
    /** Logits are rounded to the precision of their encoding. */
    private static final double ROUNDING = 2e-3;

    private static Predictions of(int k, long[] tokens, double... probabilities) {
        float[] logits = new float[probabilities.length];
        for (int i = 0; i < logits.length; i++) {
            logits[i] = (float) Math.log(probabilities[i]);
        }
        return Predictions.of(10, k, tokens, logits);
    }

    /** The worked example of the documentation, and a second position at which both agree. */
    @Test
    void numbersAreMeansOverPositions() {
        Predictions x = of(2, new long[] {0, 1, 3, 4}, 0.75, 0.25, 0.5, 0.5);
        Predictions y = of(2, new long[] {0, 1, 3, 4}, 0.5, 0.5, 0.5, 0.5);
        PredictionDivergence d = PredictionDivergence.of(x, y);
        assertThat(d.probabilities()).isCloseTo(0.5 / 2, within(ROUNDING));
        assertThat(d.forward()).isCloseTo(0.1308 / 2, within(ROUNDING));
        assertThat(d.backward()).isCloseTo(0.1438 / 2, within(ROUNDING));
        assertThat(d.symmetric()).isCloseTo((0.1308 + 0.1438) / 4, within(ROUNDING));
        assertThat(d.logits()).isEqualTo(x.distance(y, Predictions.Missing.FLOOR) / 2);
        PredictionDivergence back = PredictionDivergence.of(y, x);
        assertThat(back.forward()).isCloseTo(d.backward(), within(1e-12));
        assertThat(back.symmetric()).isCloseTo(d.symmetric(), within(1e-12));
    }

    /** Of tokens 0, 1 and 2, x keeps the first two and y the last two: (2, 1, 1) and (1, 1, 2) in quarters. */
    @Test
    void aTokenThatWasNotKeptHasTheSmallestLogit() {
        Predictions x = of(2, new long[] {0, 1}, 0.5, 0.25);
        Predictions y = of(2, new long[] {1, 2}, 0.25, 0.5);
        PredictionDivergence d = PredictionDivergence.of(x, y);
        assertThat(d.probabilities()).isCloseTo(0.5, within(ROUNDING));
        assertThat(d.forward()).isCloseTo(0.25 * Math.log(2), within(ROUNDING));
    }

    @Test
    void equalPredictionsDoNotDiverge() {
        Predictions x = of(3, new long[] {5, 6, 7}, 0.7, 0.2, 0.1);
        PredictionDivergence d = PredictionDivergence.of(x, of(3, new long[] {5, 6, 7}, 0.7, 0.2, 0.1));
        assertThat(d).isEqualTo(new PredictionDivergence(0, 0, 0, 0));
    }

    @Test
    void otherNumbersOfPositionsAreRefused() {
        assertThatThrownBy(() -> PredictionDivergence.of(of(1, new long[] {0}, 1), of(1, new long[] {0, 1}, 1, 1)))
                .hasMessageContaining("cannot be compared");
    }
}
