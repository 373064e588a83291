package coterie.actors.clock;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import coterie.actors.checkpoint.Checkpoints;
import coterie.actors.checkpoint.SavedRun;
import coterie.actors.user.SimulationConfig;
import coterie.model.learn.Learner;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.slf4j.LoggerFactory;

/** Where runs live: one actor system for as many as one likes, one after another or at once. */
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
        // Loggers that several threads ask for before there are any are told so on the terminal.
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

    /** Starts a run that nobody saves; its users begin to live at once. */
    public Simulation start(
            SimulationConfig config, List<Learner> learners, RunObserver observer, Simulation.Clock clock) {
        return start(config, learners, observer, clock, Checkpoints.NONE, null);
    }

    /**
     * Starts a run, or goes on with one.
     *
     * @param learners one a user, in the order of ids; they stay the caller's to close, after the run's
     *     {@link Simulation#close}
     * @param checkpoints when it is saved; under the wall clock never
     * @param from what to go on from, of a run in the same world; null to begin
     */
    public Simulation start(
            SimulationConfig config,
            List<Learner> learners,
            RunObserver observer,
            Simulation.Clock clock,
            Checkpoints checkpoints,
            SavedRun from) {
        if (learners.size() != config.users()) {
            throw new IllegalArgumentException(
                    config.users() + " users need as many learners, given " + learners.size());
        }
        if (from != null && (from.users() != config.users() || clock instanceof Simulation.Wall)) {
            throw new IllegalArgumentException("a saved run goes on with its own users, and under the virtual clock");
        }
        CompletableFuture<RunResult> result = new CompletableFuture<>();
        Start start = new Start(
                RunControl.clock(
                        config, LocalUserRouter.of(config, learners), observer, checkpoints, from, clock, result),
                new CompletableFuture<>(),
                new CompletableFuture<>());
        system.tell(start);
        system.getWhenTerminated().whenComplete((done, failure) -> start.ended.complete(null));
        start.ended.whenComplete((done, failure) -> result.completeExceptionally(
                new RunFailedException("the run's actors ended before the run did; the log says why", failure)));
        return new Simulation(result, start.ended, control -> start.started.thenAccept(run -> run.tell(control)));
    }

    /** Ends the actor system, and with it all runs. */
    @Override
    public void close() {
        system.terminate();
        system.getWhenTerminated().toCompletableFuture().join();
    }
}
