package coterie.scenarios.run;

import coterie.actors.clock.Simulation;
import coterie.scenarios.report.RunReport;
import coterie.scenarios.results.LiveProgress;
import java.nio.file.Path;

/** Receives the events of a run. */
public interface RunWatcher {
    /**
     * A view of a run.
     *
     * @param turns of all users together
     * @param pausable whether virtual time can be paused
     * @param report of all observations so far
     * @param progress of this process
     * @param flush writes all observations to the run's files now; may be called from any thread
     */
    record View(
            Path folder,
            String title,
            long turns,
            boolean pausable,
            RunReport report,
            LiveProgress progress,
            Runnable flush) {}

    /** A run begins or goes on. */
    default void begins(View view) {
        // Optional.
    }

    /** The run's results are written. */
    default void ended() {
        // Optional.
    }

    /** The run has started, and can be stopped from now on. */
    void started(Simulation simulation);
}
