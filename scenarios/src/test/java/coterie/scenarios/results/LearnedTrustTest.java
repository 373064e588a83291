package coterie.scenarios.results;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import coterie.model.trust.TrustRow;
import coterie.model.trust.UserMixtures;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Four users, two of each of two categories: the oracle gives one half each to a user and its like. */
class LearnedTrustTest {
    private static final double[][] MIXTURES = {{1, 0}, {1, 0}, {0, 1}, {0, 1}};

    private static TrustRow row(double... weights) {
        return TrustRow.given(1, new int[] {0, 1, 2, 3}, weights, new int[4]);
    }

    private static LearnedTrust of(TrustRow... rows) {
        return new LearnedTrust(Arrays.asList(rows), new double[4], UserMixtures.constant(MIXTURES));
    }

    @Test
    void distancesAreMeansOverUsersThatHaveMixed() {
        LearnedTrust learned = of(row(0.5, 0.5, 0, 0), row(0.25, 0.25, 0.25, 0.25), null, row(0, 0, 0, 1));
        assertThat(learned.toOracle()).isCloseTo((0 + 1 + 1) / 3.0, within(1e-12));
        assertThat(learned.toUniform()).isCloseTo((1 + 0 + 1.5) / 3.0, within(1e-12));
    }

    @Test
    void uniformIsOverTheCandidatesThatThereAre() {
        TrustRow two = TrustRow.given(1, new int[] {0, 2}, new double[] {0.5, 0.5}, new int[2]);
        assertThat(of(two, null, null, null).toUniform()).isZero();
        assertThat(of(two, null, null, null).toOracle()).isCloseTo(1, within(1e-12));
    }

    /** The own weight does not count, and a difference of 10⁻⁹ is an order. */
    @Test
    void theOrderOfTheOthersMayBeRightAtATinyScale() {
        assertThat(of(row(0.1, 0.300000001, 0.3, 0.3), null, null, null).rankCorrelation())
                .isCloseTo(1, within(1e-12));
        assertThat(of(row(0.9, 0.02, 0.04, 0.04), null, null, null).rankCorrelation())
                .isCloseTo(-1, within(1e-12));
        // Ranks of (0.1, 0.2, 0.3) and (1, 0.5, 0.5) without the user itself.
        assertThat(of(null, null, row(0.1, 0.2, 0.4, 0.3), null).rankCorrelation())
                .isCloseTo(Math.sqrt(0.75), within(1e-12));
    }

    @Test
    void uniformWeightsHaveNoOrder() {
        TrustRow uniform = row(0.25, 0.25, 0.25, 0.25);
        assertThat(of(uniform, null, null, null).rankCorrelation()).isZero();
        assertThat(of(uniform, row(0.3, 0.5, 0.1, 0.1), null, null).rankCorrelation())
                .as("the second user is right")
                .isCloseTo(0.5, within(1e-12));
        assertThat(new LearnedTrust(List.of(uniform), new double[1], UserMixtures.constant(new double[][] {
                            {1}, {1}, {1}, {1}
                        }))
                        .rankCorrelation())
                .as("the oracle has no order either")
                .isNaN();
        assertThat(of(null, null, null, null).rankCorrelation()).isNaN();
    }
}
