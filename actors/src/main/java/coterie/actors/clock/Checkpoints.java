package coterie.actors.clock;

import java.io.IOException;
import java.time.Duration;

/** When a run is saved, and by whom. */
public interface Checkpoints {
    /** Nothing is ever saved. */
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
            throw new IllegalStateException("nobody wants a checkpoint");
        }
    };

    /**
     * Whether one is due; asked at the end of every window.
     *
     * @param turns ended since the run began or went on
     */
    boolean due(long turns);

    /** Whether a run that is stopped shall be saved. */
    default boolean wanted() {
        return true;
    }

    /**
     * How long a run goes on at most before it tries again what has failed: no longer than it goes on between two
     * checkpoints otherwise.
     */
    default Duration longestPause() {
        return Duration.ofMinutes(10);
    }

    /**
     * Begins one. It and all of {@link Writing} is called on the thread that records, after everything before it has
     * been recorded; may block. What it throws does not end the run; it is tried again at the end of the next window,
     * then after growing pauses.
     */
    Writing begin() throws IOException;

    /** One that is being written: user by user, and the clock last. */
    interface Writing extends AutoCloseable {
        void user(Report.Frozen user) throws IOException;

        /** The last piece: when this returns, it is saved. */
        void finish(ClockState clock) throws IOException;

        /** Lets go of what was not finished. */
        @Override
        void close();
    }
}
