package coterie.actors.clock;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * When a run is saved: whenever a checkpoint is due. One that failed is tried again at the end of the next window;
 * where that fails too, after pauses of wall time, each twice as long as the one before, up to
 * {@link Checkpoints#longestPause}. Until one succeeds, none is due otherwise: on a disk that stays full, attempts get
 * rare even where a checkpoint is wanted every few turns.
 */
final class SavingTimes {
    private static final long FIRST_PAUSE = Duration.ofSeconds(1).toNanos();
    private final Checkpoints checkpoints;
    private final LongSupplier nanos;
    /** In a row, the newest among them. */
    private int failures;
    /** Checkpoints of which it is not known yet whether they are written. */
    private int underWay;

    private long failedAt;
    private long pause;

    /** @param nanos a clock of wall time */
    SavingTimes(Checkpoints checkpoints, LongSupplier nanos) {
        this.checkpoints = checkpoints;
        this.nanos = nanos;
    }

    /**
     * Whether the run is to be saved at the end of this window.
     *
     * @param turns ended since the run began or went on
     */
    boolean due(long turns) {
        boolean due = checkpoints.due(turns);
        return failures == 0 ? due : underWay == 0 && nanos.getAsLong() - failedAt >= pause;
    }

    void begun() {
        underWay++;
    }

    /** @return how many attempts had failed in a row before this one, which did not */
    int succeeded() {
        int before = failures;
        underWay--;
        failures = 0;
        return before;
    }

    /** @return how long the next attempt waits, at least; it is made at the end of a window */
    Duration failed() {
        underWay--;
        failures++;
        failedAt = nanos.getAsLong();
        long longest = Math.max(FIRST_PAUSE, checkpoints.longestPause().toNanos());
        pause = failures == 1 ? 0 : failures == 2 ? FIRST_PAUSE : pause > longest / 2 ? longest : 2 * pause;
        return Duration.ofNanos(pause);
    }
}
