package coterie.model.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ProtocolRulesTest {
    @Test
    void pairwiseAveragingIsSymmetricAndKeepsTheSum() {
        float[] x = {1, -3};
        float[] y = {5, 4};
        assertThat(AdPsgd.average(x, y)).containsExactly(3, 0.5f).isEqualTo(AdPsgd.average(y, x));
        assertThat(AdPsgd.apply(new float[] {3, 0.5f}, x, new float[] {1.5f, -3}))
                .containsExactly(3.5f, 0.5f);
        assertThat(AdPsgd.apply(x, x, y))
                .as("undisturbed, exactly what was trained")
                .isSameAs(y);
    }

    @Test
    void modelsAreMergedInProportionToTheirAges() {
        AgedModel merged = new AgedModel(new float[] {1}, 1).merge(new AgedModel(new float[] {5}, 3));
        assertThat(merged.parameters()).containsExactly(4);
        assertThat(merged.age()).isEqualTo(3);
        assertThat(new AgedModel(new float[] {1}, 0)
                        .merge(new AgedModel(new float[] {2}, 0))
                        .parameters())
                .containsExactly(1.5f);
        assertThat(new AgedModel(new float[] {1}, 0)
                        .merge(new AgedModel(new float[] {2}, 7))
                        .parameters())
                .containsExactly(2);
    }

    @Test
    void theBufferIsDividedByItsSizeAndNotByTheSumOfDiscounts() {
        BufferedAggregation server = new BufferedAggregation(2, 1, new BufferedAggregation.State(new float[] {10}));
        for (int i = 0; i < 3; i++) {
            server.add(new float[] {0}, i);
            server.add(new float[] {0}, i);
        }
        assertThat(server.version()).isEqualTo(3);
        assertThat(server.add(new float[] {2}, 3)).isZero();
        assertThat(server.model()).containsExactly(10);
        assertThat(server.add(new float[] {4}, 0)).isEqualTo(3);
        assertThat(server.model()).containsExactly(12);
        assertThat(BufferedAggregation.discount(1))
                .as("1/sqrt(1 + tau), not 1/(1 + sqrt(tau))")
                .isCloseTo(0.70710678, within(1e-8));
    }

    @Test
    void everyUpdateOfABufferCounts() {
        Random random = new Random(5);
        float[][] deltas = new float[4][];
        for (int i = 0; i < deltas.length; i++) {
            deltas[i] = new float[] {random.nextInt(64)};
        }
        BufferedAggregation forward = new BufferedAggregation(4, 1, new BufferedAggregation.State(new float[] {0}));
        BufferedAggregation backward = new BufferedAggregation(4, 1, new BufferedAggregation.State(new float[] {0}));
        for (int i = 0; i < 4; i++) {
            forward.add(deltas[i], 0);
            backward.add(deltas[3 - i], 0);
        }
        assertThat(forward.model()).isEqualTo(backward.model());
        assertThat(forward.model()[0]).isEqualTo((deltas[0][0] + deltas[1][0] + deltas[2][0] + deltas[3][0]) / 4);
    }

    @Test
    void swiftMixesWhatWasBeforeAndAddsTheOwnUpdateWhole() {
        assertThat(Swift.mix(new float[] {1}, new float[] {1.5f}, List.of(new float[] {5}), new double[] {0.5}))
                .containsExactly(3.5f);
        assertThat(Swift.mix(new float[] {1}, new float[] {1.5f}, List.of(), new double[0]))
                .containsExactly(1.5f);
    }
}
