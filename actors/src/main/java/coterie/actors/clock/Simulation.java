package coterie.actors.clock;

import coterie.actors.life.World;
import coterie.model.learn.Learner;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.apache.pekko.actor.typed.ActorSystem;
import org.slf4j.LoggerFactory;

/** A run: its users begin to live when it is made. */
public final class Simulation implements AutoCloseable {
    private final ActorSystem<RunActor.Command> system;
    private final CompletableFuture<RunResult> result = new CompletableFuture<>();

    /** What drives a run. */
    public sealed interface Clock {
    }

    /** Virtual time: as fast as it goes, the same every time. */
    public record Virtual() implements Clock {
    }

    /** Time as it goes by. @param speed virtual seconds a second */
    public record Wall(double speed) implements Clock {
    }

    /** Starts a run under the virtual clock. */
    public Simulation(World world, List<Learner> learners, RunObserver observer) {
        this(world, learners, observer, new Virtual());
    }

    /**
     * Starts a run.
     *
     * @param learners one a user, in the order of ids; they stay the caller's to close, after {@link #close}
     */
    public Simulation(World world, List<Learner> learners, RunObserver observer, Clock clock) {
        if (learners.size() != world.users()) {
            throw new IllegalArgumentException(world.users() + " users need as many learners, given " + learners.size());
        }
        // Loggers that several threads ask for before there are any are told so on the terminal.
        LoggerFactory.getILoggerFactory();
        RunActor.Parts parts = new RunActor.Parts(world, learners, observer, result);
        system = ActorSystem.create(clock instanceof Wall wall ? WallClock.create(parts, wall.speed()) : VirtualClock.create(parts), "coterie");
        system.getWhenTerminated().whenComplete((done, failure) ->
                result.completeExceptionally(new RunFailedException("the run's actors ended before the run did; the log says why", failure)));
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
        system.tell(new RunActor.Stop());
    }

    /** Ends the actors. */
    @Override
    public void close() {
        system.terminate();
        system.getWhenTerminated().toCompletableFuture().join();
    }
}
