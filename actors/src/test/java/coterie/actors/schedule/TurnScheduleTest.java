package coterie.actors.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class TurnScheduleTest {
    @Test
    void thePapersScheduleHasSeventeenRoundsTheLastAtItsEnd() {
        TurnSchedule s = new TurnSchedule(500, 100, 25, 0);
        assertThat(s.turns()).isEqualTo(17);
        assertThat(s.turn(0)).isEqualTo(new TurnSchedule.Turn(100, true, false, 4));
        assertThat(s.turn(16)).isEqualTo(new TurnSchedule.Turn(25, true, false, 1));
    }

    @Test
    void fedAvgThenLocalEndsWithLocalTurnsOnItsOwnData() {
        TurnSchedule s = new TurnSchedule(100, 0, 20, 0.25);
        assertThat(s.turns()).isEqualTo(6);
        assertThat(s.turn(2)).isEqualTo(new TurnSchedule.Turn(20, true, false, 1));
        assertThat(s.turn(3)).isEqualTo(new TurnSchedule.Turn(15, false, false, 0.75));
        assertThat(s.turn(4)).isEqualTo(new TurnSchedule.Turn(20, false, true, 1));
        assertThat(s.turn(5)).isEqualTo(new TurnSchedule.Turn(5, false, true, 0.25));
    }

    @Property
    void turnsAddUpToAllIterations(
            @ForAll @IntRange(min = 1, max = 300) int iterations,
            @ForAll @IntRange(max = 200) int startAfter,
            @ForAll @IntRange(min = 1, max = 60) int every,
            @ForAll @IntRange(max = 9) int tenths) {
        TurnSchedule s = new TurnSchedule(iterations, startAfter, every, tenths / 10.0);
        int sum = 0;
        for (int k = 0; k < s.turns(); k++) {
            sum += s.turn(k).iterations();
        }
        assertThat(sum).isEqualTo(iterations);
    }

    /** A schedule is computed, not stored: two billion turns take no memory, and no sum overflows. */
    @Test
    void theLongestScheduleIsAtHandAtOnce() {
        TurnSchedule s = new TurnSchedule(Integer.MAX_VALUE, 0, 1, 0.5);
        assertThat(s.turns()).isEqualTo(Integer.MAX_VALUE);
        assertThat(s.turn(0).collaborates()).isTrue();
        assertThat(s.turn(Integer.MAX_VALUE - 1)).isEqualTo(new TurnSchedule.Turn(1, false, true, 1));
        assertThat(new TurnSchedule(5, Integer.MAX_VALUE, Integer.MAX_VALUE, 0.4).turns())
                .isEqualTo(2);
        assertThat(new TurnSchedule(Integer.MAX_VALUE, 7, Integer.MAX_VALUE, 0).turns())
                .isEqualTo(2);
    }
}
