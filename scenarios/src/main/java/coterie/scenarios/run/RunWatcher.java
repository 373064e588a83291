package coterie.scenarios.run;

import coterie.actors.clock.Simulation;
import coterie.scenarios.report.RunReport;
import java.nio.file.Path;

/** Somebody who wants to know of a run while it goes. */
public interface RunWatcher {
    /**
     * A run, to be looked at.
     *
     * @param turns of all users together
     * @param pausable whether its time can stand still
     * @param report what was observed until now
     * @param flush has all that was observed written to the run's files now; from any thread
     */
    record View(Path folder, String title, long turns, boolean pausable, RunReport report, Runnable flush) {}

    /** A run begins, or goes on. */
    default void begins(View view) {
        // Not everybody looks.
    }

    /** Its results are written. */
    default void ended() {
        // Not everybody looks.
    }

    /** It can be stopped from now on. */
    void started(Simulation simulation);
}
