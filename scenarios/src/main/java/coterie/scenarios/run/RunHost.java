package coterie.scenarios.run;

import coterie.scenarios.config.ScenarioReader.Loaded;
import coterie.scenarios.results.Progress;
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
     * @param part of the command's runs that is shown
     */
    record Display(PrintStream out, boolean terminal, Progress.Part part) {
        /** The same for one of several runs. */
        Display of(Progress.Part one) {
            return new Display(out, terminal, one);
        }
    }

    /** The words of the command line, for results. */
    List<String> commandLine();

    /** Opens the view; null if the runs are not shown. */
    Viewer viewer();

    /** Loads model and data, and waits for nodes if the run needs any. */
    Place place(Loaded loaded);

    /** Where progress is shown; null for nowhere. */
    Display display();
}
