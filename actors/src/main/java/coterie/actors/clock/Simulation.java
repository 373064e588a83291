package coterie.actors.clock;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;

/** A run under way, see {@link Engine#start}. */
public final class Simulation implements AutoCloseable {
    /** What drives a run. */
    public sealed interface Clock {}

    /** Virtual time: as fast as it goes, the same every time. */
    public record Virtual() implements Clock {}

    /**
     * Time as it goes by.
     *
     * @param speed virtual seconds a second
     */
    public record Wall(double speed) implements Clock {}

    private final CompletableFuture<RunResult> result;
    private final CompletableFuture<Void> ended;
    private final Consumer<RunControl> run;

    /**
     * A run.
     *
     * @param ended when its actors are no more
     * @param run whom to tell what to do with it; from any thread, as soon as it begins
     */
    public Simulation(CompletableFuture<RunResult> result, CompletableFuture<Void> ended, Consumer<RunControl> run) {
        this.result = result;
        this.ended = ended;
        this.run = run;
    }

    /**
     * Waits for the run's end.
     *
     * @throws RunFailedException where it could not go on
     */
    public RunResult await() {
        try {
            return result.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RunFailedException f ? f : e;
        }
    }

    /**
     * Asks the run to end now, with what it has; {@link #await} then returns soon. May be called from any thread, more
     * than once.
     */
    public void stop() {
        run.accept(new RunControl.Stop());
    }

    /**
     * Lets virtual time stand still at the end of the window that is open, or go on again; what is computed is the
     * same. Nothing happens under the wall clock. May be called from any thread, more than once.
     */
    public void pause(boolean pause) {
        run.accept(new RunControl.Pause(pause));
    }

    /** Ends the run's actors, whatever they are doing. */
    @Override
    public void close() {
        run.accept(new RunControl.Close());
        ended.join();
    }
}
