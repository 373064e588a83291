package coterie.actors.clock;

import coterie.actors.checkpoint.Checkpoints;
import coterie.actors.checkpoint.RunCheckpoint;
import coterie.actors.user.SimulationConfig;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.typed.Behavior;

/** Creates clocks. */
public final class Clocks {
    private Clocks() {}

    /**
     * Creates the clock of a run.
     *
     * @param from the saved run to continue; null to begin
     * @param result completed when the run has ended. If another component completes it, since the run cannot continue,
     *     the clock stops
     */
    public static Behavior<RunControl> create(
            SimulationConfig config,
            UserRouter.Factory users,
            RunObserver observer,
            Checkpoints checkpoints,
            RunCheckpoint from,
            Simulation.Clock clock,
            CompletableFuture<RunResult> result) {
        RunActor.Parts parts = new RunActor.Parts(config, users, observer, checkpoints, from, result);
        return (clock instanceof Simulation.Wall wall
                        ? WallClock.create(parts, wall.speed())
                        : VirtualClock.create(parts))
                .narrow();
    }
}
