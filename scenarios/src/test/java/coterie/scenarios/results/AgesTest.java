package coterie.scenarios.results;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

/** Ages of a nanosecond and of eleven months in one distribution. */
class AgesTest {
    @Test
    void anyAgesThereCanBeAreCounted() {
        double[][] all = {
            {1e-9, 3e7}, {3e7, 1e-9}, {0, 3e7, 1e-9, 5}, {1e-9, 2e-9, 1e-3, 20, 1e5, 3e7, 1e-9, 3e7}, {5e-9, 1e9}
        };
        for (double[] ages : all) {
            Ages.Distribution d = new Ages.Distribution();
            double sum = 0;
            double max = 0;
            for (double a : ages) {
                d.add(a);
                sum += a;
                max = Math.max(max, a);
            }
            assertThat(d.count()).isEqualTo(ages.length);
            assertThat(d.mean()).isEqualTo(sum / ages.length);
            assertThat(d.max()).isEqualTo(max);
            assertThat(d.quantile(1)).isCloseTo(max, within(1e-3 * max));
            assertThat(d.quantile(0.01)).isBetween(0.0, 0.02);
        }
    }
}
