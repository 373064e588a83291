package coterie.actors.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CheckpointTimesTest {
    private static final long SECOND = 1_000_000_000L;
    private long now = Long.MAX_VALUE - 5 * SECOND;
    private boolean ordinary;
    private final CheckpointTimes times = new CheckpointTimes(
            new Checkpoints() {
                @Override
                public boolean due(long turns) {
                    return ordinary;
                }

                @Override
                public Duration longestPause() {
                    return Duration.ofSeconds(20);
                }

                @Override
                public Writing begin() {
                    throw new UnsupportedOperationException();
                }
            },
            () -> now);

    @Test
    void whatFailsIsTriedAtTheNextWindowThenAfterGrowingPauses() {
        // A checkpoint is due at every window, and each fails at once. A window takes a tenth of a second; the wall
        // clock overflows meanwhile.
        ordinary = true;
        List<Long> attempts = new ArrayList<>();
        long begin = now;
        for (int k = 0; k < 1000; k++) {
            if (times.due(k)) {
                attempts.add((now - begin) / (SECOND / 10));
                times.begun();
                times.failed();
            }
            now += SECOND / 10;
        }
        assertThat(attempts).containsExactly(0L, 1L, 11L, 31L, 71L, 151L, 311L, 511L, 711L, 911L);
    }

    @Test
    void whatSucceedsIsDueAsBefore() {
        times.begun();
        assertThat(times.failed()).isZero();
        times.begun();
        assertThat(times.failed()).isEqualTo(Duration.ofSeconds(1));
        assertThat(times.due(1)).isFalse();
        now += SECOND;
        assertThat(times.due(2)).isTrue();
        times.begun();
        assertThat(times.due(3))
                .as("while it is not known how the last has gone")
                .isFalse();
        assertThat(times.succeeded()).isEqualTo(2);
        assertThat(times.due(4)).isFalse();
        ordinary = true;
        assertThat(times.due(5)).isTrue();
        times.begun();
        assertThat(times.failed()).as("the first in a row").isZero();
    }
}
