package coterie.actors.clock;

/** What a run's clock is told by the program. */
public sealed interface RunControl extends ClockCommand {
    /** Stops the run. */
    record Stop() implements RunControl {}

    /** Pauses virtual time, or lets it go on. Ignored where time is real. */
    record Pause(boolean pause) implements RunControl {}

    /** Ends the clock without a result. */
    record Close() implements RunControl {}
}
