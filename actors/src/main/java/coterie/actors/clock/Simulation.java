package coterie.actors.clock;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;

/** A run in progress: see {@link Engine#start}. */
public final class Simulation implements AutoCloseable {
    /** What drives a run. */
    public sealed interface Clock {}

    /** Virtual time: as fast as possible, and repeatable. */
    public record Virtual() implements Clock {}

    /**
     * Real time.
     *
     * @param speed virtual seconds per second
     */
    public record Wall(double speed) implements Clock {}

    private final CompletableFuture<RunResult> result;
    private final CompletableFuture<Void> ended;
    private final Consumer<RunControl> run;

    /**
     * Creates the handle of a run.
     *
     * @param ended completed when the run's actors have stopped
     * @param run controls the run; may be called from any thread
     */
    public Simulation(CompletableFuture<RunResult> result, CompletableFuture<Void> ended, Consumer<RunControl> run) {
        this.result = result;
        this.ended = ended;
        this.run = run;
    }

    /**
     * Waits for the end of the run.
     *
     * @throws RunFailedException if it could not continue
     */
    public RunResult await() {
        try {
            return result.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RunFailedException f ? f : e;
        }
    }

    /**
     * Asks the run to end now, with its current results; {@link #await} then returns soon. May be called from any
     * thread, more than once.
     */
    public void stop() {
        run.accept(new RunControl.Stop());
    }

    /**
     * Pauses virtual time at the end of the current window, or lets it go on; results do not change. Has no effect
     * under the wall clock. May be called from any thread, more than once.
     */
    public void pause(boolean pause) {
        run.accept(new RunControl.Pause(pause));
    }

    /** Stops the run's actors at once. */
    @Override
    public void close() {
        run.accept(new RunControl.Close());
        ended.join();
    }
}
