package coterie.actors.clock;

import coterie.actors.life.World;
import coterie.model.learn.Learner;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.apache.pekko.actor.typed.ActorSystem;

/** A run: its users begin to live when it is made. */
public final class Simulation implements AutoCloseable {
    private final ActorSystem<ClockActor.Command> system;
    private final CompletableFuture<RunResult> result = new CompletableFuture<>();

    /**
     * Starts a run.
     *
     * @param learners one a user, in the order of ids; they stay the caller's to close, after {@link #close}
     */
    public Simulation(World world, List<Learner> learners, RunObserver observer) {
        if (learners.size() != world.users()) {
            throw new IllegalArgumentException(world.users() + " users need as many learners, given " + learners.size());
        }
        system = ActorSystem.create(ClockActor.create(world, learners, observer, result), "coterie");
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
        system.tell(new ClockActor.Stop());
    }

    /** Ends the actors. */
    @Override
    public void close() {
        system.terminate();
        system.getWhenTerminated().toCompletableFuture().join();
    }
}
