package coterie.actors.clock;

import coterie.actors.checkpoint.Checkpoints;
import coterie.actors.checkpoint.SavedRun;
import coterie.actors.user.SimulationConfig;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.typed.Behavior;

/** What a run's clock is told from outside. */
public sealed interface RunControl extends RunActor.Command {
    /** Somebody wants the run to end now. */
    record Stop() implements RunControl {}

    /** Virtual time is to stand still, or to go on. Real time does neither. */
    record Pause(boolean pause) implements RunControl {}

    /** Nobody wants to know any more. */
    record Close() implements RunControl {}

    /**
     * The clock of a run, to be spawned by whoever has a place for it.
     *
     * @param from what to go on from; null to begin
     * @param result is completed when the run has ended; if another component completes it, because the run cannot go
     *     on, the clock stops
     */
    static Behavior<RunControl> clock(
            SimulationConfig config,
            UserRouter.Factory users,
            RunObserver observer,
            Checkpoints checkpoints,
            SavedRun from,
            Simulation.Clock clock,
            CompletableFuture<RunResult> result) {
        RunActor.Parts parts = new RunActor.Parts(config, users, observer, checkpoints, from, result);
        return (clock instanceof Simulation.Wall wall
                        ? WallClock.create(parts, wall.speed())
                        : VirtualClock.create(parts))
                .narrow();
    }
}
