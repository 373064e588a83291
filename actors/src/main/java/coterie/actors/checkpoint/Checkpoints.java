package coterie.actors.checkpoint;

import java.io.IOException;
import java.time.Duration;

/** Decides when a run is saved, and saves it. */
public interface Checkpoints {
    /** Never saves. */
    Checkpoints NONE = new Checkpoints() {
        @Override
        public boolean due(long turns) {
            return false;
        }

        @Override
        public boolean wanted() {
            return false;
        }

        @Override
        public Writing begin() {
            throw new IllegalStateException("this run is never saved");
        }
    };

    /**
     * Whether a checkpoint is due. Called at the end of every window.
     *
     * @param turns that ended since the run began or was resumed
     */
    boolean due(long turns);

    /** Whether a run is saved when it is stopped. */
    default boolean wanted() {
        return true;
    }

    /** The longest time between two attempts after a failure: at most the time between two checkpoints. */
    default Duration longestPause() {
        return Duration.ofMinutes(10);
    }

    /**
     * Begins a checkpoint. This method and those of {@link Writing} are called on the thread that records, after all
     * earlier observations have been recorded. They may block. A failure does not end the run: the checkpoint is tried
     * again at the end of the next window, then after growing pauses.
     */
    Writing begin() throws IOException;

    /** A checkpoint that is being written: all users, and then the clock. */
    interface Writing extends AutoCloseable {
        void user(UserCheckpoint user) throws IOException;

        /** Writes the last part: when this returns, the run is saved. */
        void finish(ClockState clock) throws IOException;

        /** Discards the checkpoint if it is not finished. */
        @Override
        void close();
    }
}
