package coterie.actors.clock;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.apache.pekko.actor.typed.ActorRef;

/** A run under way, see {@link Engine#start}. */
public final class Simulation implements AutoCloseable {
    /** What drives a run. */
    public sealed interface Clock {
    }

    /** Virtual time: as fast as it goes, the same every time. */
    public record Virtual() implements Clock {
    }

    /** Time as it goes by. @param speed virtual seconds a second */
    public record Wall(double speed) implements Clock {
    }

    private final CompletableFuture<ActorRef<RunActor.Command>> run;
    private final CompletableFuture<RunResult> result;
    private final CompletableFuture<Void> ended;

    Simulation(CompletableFuture<ActorRef<RunActor.Command>> run, CompletableFuture<RunResult> result, CompletableFuture<Void> ended) {
        this.run = run;
        this.result = result;
        this.ended = ended;
    }

    /** Waits for the run's end. @throws RunFailedException where it could not go on */
    public RunResult await() {
        try {
            return result.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RunFailedException f ? f : e;
        }
    }

    /** Asks the run to end now, with what it has; {@link #await} then returns soon. May be called from any thread, more than once. */
    public void stop() {
        run.thenAccept(r -> r.tell(new RunActor.Stop()));
    }

    /** Ends the run's actors, whatever they are doing. */
    @Override
    public void close() {
        run.thenAccept(r -> r.tell(new RunActor.Close()));
        ended.join();
    }
}
