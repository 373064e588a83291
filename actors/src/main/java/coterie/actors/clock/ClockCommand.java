package coterie.actors.clock;

/** A message to a run's clock: a {@link Report} of a user, a {@link RunControl}, or one of its recorder. */
interface ClockCommand {
    /** An observer has thrown an exception. */
    record ObserverFailed(Throwable reason) implements ClockCommand {}

    /** All earlier observations have been recorded. */
    record Flushed() implements ClockCommand {}

    /** A user has been written to the current checkpoint, or the checkpoint has been given up. */
    record Written() implements ClockCommand {}

    /**
     * A checkpoint has been written, or has failed.
     *
     * @param failure null if it has been written
     */
    record CheckpointWritten(long checkpoint, Throwable failure) implements ClockCommand {}
}
