package coterie.actors.cluster;

import coterie.actors.checkpoint.Checkpoints;
import coterie.actors.checkpoint.RunCheckpoint;
import coterie.actors.clock.RunObserver;
import coterie.actors.clock.Simulation;
import coterie.actors.user.SimulationConfig;

/**
 * A run over nodes.
 *
 * @param description for the nodes
 * @param checkpoints when checkpoints are taken
 * @param from checkpoint from which it goes on; null to begin
 */
public record ClusterRun(
        RunDescription description,
        SimulationConfig config,
        RunObserver observer,
        Simulation.Clock clock,
        Checkpoints checkpoints,
        RunCheckpoint from) {
    /** The same run with other checkpoints. */
    ClusterRun with(Checkpoints others) {
        return new ClusterRun(description, config, observer, clock, others, from);
    }

    /** Virtual seconds per second; 0 if time is virtual. */
    double speed() {
        return clock instanceof Simulation.Wall w ? w.speed() : 0;
    }
}
