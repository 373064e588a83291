package coterie.model.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import coterie.topology.random.Purpose;
import coterie.topology.random.RandomStream;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;

class RiseAlarmTest {
    private static RiseAlarm after(double... losses) {
        RiseAlarm alarm = RiseAlarm.NONE;
        for (double loss : losses) {
            alarm = alarm.after(loss);
        }
        return alarm;
    }

    /** The turns in which the alarm rings. */
    private static List<Integer> rings(int turns, IntToDoubleFunction loss) {
        List<Integer> rings = new ArrayList<>();
        RiseAlarm alarm = RiseAlarm.NONE;
        for (int turn = 0; turn < turns; turn++) {
            alarm = alarm.after(loss.applyAsDouble(turn));
            if (alarm.rings()) {
                rings.add(turn);
            }
        }
        return rings;
    }

    /** Standard normal noise. */
    private static double noise(int turn) {
        return RandomStream.of(1, Purpose.START, turn).gaussian();
    }

    @Test
    void theSumFollowsTheWorkedExample() {
        RiseAlarm four = after(1, 1.1, 1, 1.1);
        assertThat(four.mean()).isCloseTo(1.05, within(1e-12));
        assertThat(four.spread()).isCloseTo(0.0886, within(1e-4));
        assertThat(four.after(1.2).sum()).isCloseTo(0.69, within(0.005));
        assertThat(four.after(1.2).rings()).isFalse();
        assertThat(four.after(2).sum()).isCloseTo(7, within(1e-12));
        assertThat(four.after(2).rings()).isTrue();
    }

    @Test
    void lossesThatFallNeverRing() {
        assertThat(rings(200, turn -> 0.5 + Math.exp(-turn / 5.0))).isEmpty();
    }

    @Test
    void noiseRarelyRings() {
        assertThat(rings(2000, turn -> 3 + 0.1 * noise(turn))).hasSizeLessThan(20);
    }

    @Test
    void aJumpRingsAtOnceAndOnce() {
        assertThat(rings(60, turn -> (turn < 30 ? 1 : 2) + 0.1 * noise(turn))).containsExactly(30);
    }

    @Test
    void aRiseOfThreeSpreadsRingsWithinFewTurns() {
        List<Integer> rings = rings(60, turn -> (turn < 30 ? 1 : 1.3) + 0.1 * noise(turn));
        assertThat(rings.get(0)).isBetween(30, 34);
    }

    @Test
    void turnsWithoutTrainingChangeNothing() {
        RiseAlarm alarm = after(1, 1.1, 1, 1.1, 1);
        assertThat(alarm.after(Double.NaN)).isEqualTo(alarm);
    }

    @Test
    void constantLossesDoNotRingForARoundingError() {
        assertThat(rings(50, turn -> turn % 7 == 0 ? 0.3 : 0.1 + 0.2)).isEmpty();
        assertThat(rings(50, turn -> 0)).isEmpty();
    }
}
