package coterie.scenarios.run;

import coterie.scenarios.config.ScenarioReader.Loaded;
import java.io.PrintStream;
import java.util.List;

/** What a command provides for its runs: where they are computed, and who sees them. */
public interface RunHost {
    /**
     * Where runs are computed.
     *
     * @param backend with model and data loaded
     * @param nodes ends what was started for the backend, in this order
     */
    record Place(RunBackend backend, List<Runnable> nodes) implements AutoCloseable {
        @Override
        public void close() {
            backend.close();
            nodes.forEach(Runnable::run);
        }
    }

    /** A view of the runs with a button that stops them. */
    interface Viewer extends RunWatcher, AutoCloseable {
        /** Whether the button was pressed. */
        boolean stopped();

        /** Called when the results of all runs are written. */
        @Override
        void close();
    }

    /**
     * Where progress is shown.
     *
     * @param terminal whether a line can be overwritten
     */
    record Display(PrintStream out, boolean terminal) {}

    /** The words of the command line, for results. */
    List<String> commandLine();

    /** Opens the view; null if the runs are not shown. */
    Viewer viewer();

    /** Loads model and data, and waits for nodes if the run needs any. */
    Place place(Loaded loaded);

    /** Where progress is shown; null for nowhere. */
    Display display();
}
