package coterie.model.base.family;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import coterie.model.base.DecoderConfig;
import org.junit.jupiter.api.Test;

class Gpt2FamilyTest {
    private static final int D = 12;
    private static final int V = 50;
    private static final int T = 7;
    private final DecoderConfig config = Gpt2Family.shape(2, D, 3, V, 16);

    @Test
    void aTrainingStepIsTheSumOfItsProducts() {
        double weights = 2 * (product(T, D, 3 * D) + product(T, D, D) + product(T, D, 4 * D) + product(T, 4 * D, D))
                + product(T, D, V);
        double attention = 2 * 2 * product(T, D, T);
        int rank = 3;
        long parameters = 0;
        double adapters = 0;
        for (int layer = 0; layer < 2; layer++) {
            for (int[] m : new int[][] {{D, 3 * D}, {D, D}, {D, 4 * D}, {4 * D, D}}) {
                parameters += (long) rank * (m[0] + m[1]);
                adapters += product(T, m[0], rank) + product(T, rank, m[1]);
            }
        }
        assertThat(T * config.forwardFlops(T)).isCloseTo(weights + attention, within(1e-6));
        assertThat(T * config.trainingFlops(T, parameters))
                .isCloseTo(2 * weights - product(T, D, 3 * D) + 3 * attention + 3 * adapters, within(1e-6));
    }

    /** Two operations a multiply-add of [n, k] by [k, m]. */
    private static double product(int n, int k, int m) {
        return 2.0 * n * k * m;
    }
}
