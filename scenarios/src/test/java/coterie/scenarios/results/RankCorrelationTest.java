package coterie.scenarios.results;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class RankCorrelationTest {
    @Test
    void onlyTheOrderCounts() {
        assertThat(RankCorrelation.of(new double[] {1, 2, 3}, new double[] {5, 9, 7}))
                .isEqualTo(0.5);
        assertThat(RankCorrelation.of(new double[] {1, 2, 3}, new double[] {1, 4, 9}))
                .isEqualTo(1);
        assertThat(RankCorrelation.of(new double[] {1, 2, 3}, new double[] {3, 2, 1}))
                .isEqualTo(-1);
    }

    @Test
    void equalValuesShareTheirMeanRank() {
        assertThat(RankCorrelation.of(new double[] {1, 1, 2, 3}, new double[] {1, 1, 2, 3}))
                .isCloseTo(1, within(1e-12));
        // Ranks (0.5, 0.5, 2) and (0, 1, 2): 1.5 / √(1.5 · 2).
        assertThat(RankCorrelation.of(new double[] {0.0, -0.0, 4}, new double[] {1, 2, 3}))
                .isCloseTo(Math.sqrt(0.75), within(1e-12));
        assertThat(RankCorrelation.of(new double[] {1, 2, 3}, new double[] {4, 4, 4}))
                .isNaN();
    }
}
