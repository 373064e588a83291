package coterie.actors.clock;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import coterie.actors.checkpoint.Checkpoints;
import coterie.actors.checkpoint.RunCheckpoint;
import coterie.actors.user.SimulationConfig;
import coterie.model.learn.Learner;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.slf4j.LoggerFactory;

/** Runs simulations in one actor system, one after another or at once. */
public final class Engine implements AutoCloseable {
    private sealed interface Command {}

    private record Start(
            Behavior<RunControl> run, CompletableFuture<ActorRef<RunControl>> started, CompletableFuture<Void> ended)
            implements Command {}

    private record Ended(CompletableFuture<Void> ended) implements Command {}

    private final ActorSystem<Command> system;

    /** Starts the actor system. */
    public Engine() {
        this(ConfigFactory.load());
    }

    Engine(Config config) {
        // Initialises logging before several threads ask for loggers, which prints a warning.
        LoggerFactory.getILoggerFactory();
        system = ActorSystem.create(guardian(), "coterie", config);
    }

    private static Behavior<Command> guardian() {
        return Behaviors.setup(context -> Behaviors.receive(Command.class)
                .onMessage(Start.class, s -> {
                    ActorRef<RunControl> run = context.spawnAnonymous(s.run);
                    context.watchWith(run, new Ended(s.ended));
                    s.started.complete(run);
                    return Behaviors.same();
                })
                .onMessage(Ended.class, e -> {
                    e.ended.complete(null);
                    return Behaviors.same();
                })
                .build());
    }

    /** Starts a run without checkpoints. */
    public Simulation start(
            SimulationConfig config, List<Learner> learners, RunObserver observer, Simulation.Clock clock) {
        return start(config, learners, observer, clock, Checkpoints.NONE, null);
    }

    /**
     * Starts a run, or continues a saved one.
     *
     * @param learners one for each user, in the order of ids; the caller closes them after {@link Simulation#close}
     * @param checkpoints decides when it is saved; not used under the wall clock
     * @param from a saved run of the same configuration; null to begin
     */
    public Simulation start(
            SimulationConfig config,
            List<Learner> learners,
            RunObserver observer,
            Simulation.Clock clock,
            Checkpoints checkpoints,
            RunCheckpoint from) {
        if (learners.size() != config.users()) {
            throw new IllegalArgumentException(
                    config.users() + " users need as many learners, given " + learners.size());
        }
        if (from != null && (from.users() != config.users() || clock instanceof Simulation.Wall)) {
            throw new IllegalArgumentException("a saved run goes on with its own users, and under the virtual clock");
        }
        CompletableFuture<RunResult> result = new CompletableFuture<>();
        Start start = new Start(
                Clocks.create(config, LocalUserRouter.of(config, learners), observer, checkpoints, from, clock, result),
                new CompletableFuture<>(),
                new CompletableFuture<>());
        system.tell(start);
        system.getWhenTerminated().whenComplete((done, failure) -> start.ended.complete(null));
        start.ended.whenComplete((done, failure) -> result.completeExceptionally(
                new RunFailedException("the run's actors ended before the run did; the log says why", failure)));
        return new Simulation(result, start.ended, control -> start.started.thenAccept(run -> run.tell(control)));
    }

    /** Stops the actor system and all its runs. */
    @Override
    public void close() {
        system.terminate();
        system.getWhenTerminated().toCompletableFuture().join();
    }
}
