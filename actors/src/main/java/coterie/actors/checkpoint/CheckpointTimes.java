package coterie.actors.checkpoint;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * When a run is saved: whenever a checkpoint is due. After a failure it is tried again at the end of the next window,
 * and then after pauses of wall-clock time, each twice as long as the last, up to {@link Checkpoints#longestPause}.
 * Until an attempt succeeds, no other checkpoint is due: while a disk is full, attempts become rare even if a
 * checkpoint is wanted every few turns.
 */
public final class CheckpointTimes {
    private static final long FIRST_PAUSE = Duration.ofSeconds(1).toNanos();
    private final Checkpoints checkpoints;
    private final LongSupplier nanos;
    /** Failed attempts since the last success. */
    private int failures;
    /** Attempts whose outcome is not known yet. */
    private int underWay;

    private long failedAt;
    private long pause;

    /** @param nanos wall-clock time */
    public CheckpointTimes(Checkpoints checkpoints, LongSupplier nanos) {
        this.checkpoints = checkpoints;
        this.nanos = nanos;
    }

    /**
     * Whether to save the run at the end of this window.
     *
     * @param turns that ended since the run began or was resumed
     */
    public boolean due(long turns) {
        boolean due = checkpoints.due(turns);
        return failures == 0 ? due : underWay == 0 && nanos.getAsLong() - failedAt >= pause;
    }

    /** Called when an attempt begins. */
    public void begun() {
        underWay++;
    }

    /** @return number of attempts that had failed since the last success */
    public int succeeded() {
        int before = failures;
        underWay--;
        failures = 0;
        return before;
    }

    /** @return least time until the next attempt, which is made at the end of a window */
    public Duration failed() {
        underWay--;
        failures++;
        failedAt = nanos.getAsLong();
        long longest = Math.max(FIRST_PAUSE, checkpoints.longestPause().toNanos());
        pause = failures == 1 ? 0 : failures == 2 ? FIRST_PAUSE : pause > longest / 2 ? longest : 2 * pause;
        return Duration.ofNanos(pause);
    }
}
