package coterie.actors.clock;

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
        public void take(RunState state) {
            throw new IllegalStateException("nobody wants a checkpoint");
        }
    };

    /** Whether one is due; asked at the end of every window. @param turns ended since the run began or went on */
    boolean due(long turns);

    /** Whether a run that is stopped shall be saved. */
    default boolean wanted() {
        return true;
    }

    /** Saves. Called on the thread that records, after everything before it has been recorded; may block. What it throws does not end the run. */
    void take(RunState state);
}
