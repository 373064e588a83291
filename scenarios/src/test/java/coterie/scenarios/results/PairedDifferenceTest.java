package coterie.scenarios.results;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import coterie.model.task.Metric;
import org.junit.jupiter.api.Test;

/** Differences between two runs, user by user. */
class PairedDifferenceTest {
    @Test
    void theWorkedExample() {
        PairedDifference d =
                PairedDifference.of(new double[] {10, 12, 11}, new double[] {12, 13, 14}, Metric.Direction.LOWER);
        assertThat(d.byUser()).containsExactly(-2, -1, -3);
        assertThat(d.mean()).isEqualTo(-2);
        assertThat(d.interval()).isCloseTo(2.484, within(0.001));
        assertThat(d.better()).isEqualTo(3);
        assertThat(PairedDifference.of(new double[] {0.9, 0.5}, new double[] {0.8, 0.5}, Metric.Direction.HIGHER)
                        .better())
                .as("equal is not better")
                .isEqualTo(1);
    }

    @Test
    void usersWithoutANumberAreLeftOut() {
        PairedDifference d = PairedDifference.of(
                new double[] {1, Double.NaN, 3}, new double[] {2, 2, Double.NaN}, Metric.Direction.LOWER);
        assertThat(d.users()).isEqualTo(1);
        assertThat(d.mean()).isEqualTo(-1);
        assertThat(d.interval()).as("one difference has no spread").isNaN();
        assertThat(d.better()).isEqualTo(1);
    }
}
