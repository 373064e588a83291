package coterie.model.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import coterie.topology.random.Purpose;
import coterie.topology.random.RandomStream;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ParameterSketchTest {
    private static float[] drawn(int seed, int size, double scale) {
        RandomStream s = RandomStream.of(seed, Purpose.START);
        float[] drawn = new float[size];
        for (int k = 0; k < size; k++) {
            drawn[k] = (float) (scale * s.gaussian());
        }
        return drawn;
    }

    private static double estimated(float[] a, float[] b) {
        return ParameterSketch.distance(ParameterSketch.of(a), ParameterSketch.of(b));
    }

    private static double exact(float[] a, float[] b) {
        double square = 0;
        for (int k = 0; k < a.length; k++) {
            square += (a[k] - b[k]) * (double) (a[k] - b[k]);
        }
        return Math.sqrt(square);
    }

    @Test
    void theDistanceIsEstimatedWithinAFewStandardErrors() {
        for (int seed = 0; seed < 20; seed++) {
            float[] a = drawn(2 * seed, 5000, 1);
            float[] b = drawn(2 * seed + 1, 5000, 0.1);
            float[] sum = a.clone();
            for (int k = 0; k < sum.length; k++) {
                sum[k] += b[k];
            }
            assertThat(estimated(a, sum) / exact(a, sum)).isCloseTo(1, within(0.4));
        }
    }

    @Test
    void estimatesAreRightOnAverage() {
        double sum = 0;
        for (int seed = 0; seed < 50; seed++) {
            float[] a = drawn(seed, 1000, 1);
            double ratio = estimated(a, new float[1000]) / exact(a, new float[1000]);
            sum += ratio * ratio;
        }
        assertThat(sum / 50).isCloseTo(1, within(0.1));
    }

    @Test
    void distancesOfTheLargestNumbersAreFinite() {
        float[] largest = new float[1000];
        Arrays.fill(largest, Float.MAX_VALUE);
        assertThat(estimated(largest, new float[1000])).isPositive().isFinite();
        assertThat(estimated(largest, largest)).isZero();
        RiseAlarm alarm = RiseAlarm.NONE;
        for (double moved : new double[] {1, 2, 1, 2, 1, estimated(largest, new float[1000])}) {
            alarm = alarm.after(moved);
        }
        assertThat(alarm.rings()).isTrue();
        for (int turn = 0; turn < 40; turn++) {
            alarm = alarm.after(1 + turn % 2);
        }
        assertThat(alarm.mean()).isFinite();
        assertThat(alarm.spread()).isFinite();
    }

    @Test
    void equalParametersAreAtDistanceZeroAndAFewAreExact() {
        assertThat(estimated(drawn(1, 777, 1), drawn(1, 777, 1))).isZero();
        assertThat(estimated(new float[] {3}, new float[] {-1})).isEqualTo(4);
    }
}
