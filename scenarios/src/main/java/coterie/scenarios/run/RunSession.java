package coterie.scenarios.run;

import coterie.actors.checkpoint.Checkpoints;
import coterie.actors.clock.RunFailedException;
import coterie.actors.clock.RunResult;
import coterie.actors.clock.Simulation;
import coterie.actors.cluster.NodesChangedException;
import coterie.actors.user.SimulationConfig;
import coterie.scenarios.config.InputException;
import coterie.scenarios.config.Scenario;
import coterie.scenarios.config.ScenarioReader.Loaded;
import coterie.scenarios.config.Strategy;
import coterie.scenarios.report.RunPage;
import coterie.scenarios.results.FinalTable;
import coterie.scenarios.results.Progress;
import coterie.scenarios.results.Statistics;
import coterie.scenarios.results.Status;
import coterie.topology.files.Shown;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The life of a run, from its scenario to its exit code. It reads from top to bottom:
 *
 * <ol>
 *   <li>{@link #run} begins a run, {@link #resume} goes on with one: folders are locked and checked.
 *   <li>{@link #all} loads model and data once, and does the scenario's own run and then its baselines.
 *   <li>{@link #one} decides whether a run is to be done, and what to say if it ended early.
 *   <li>{@link #simulate} does one run, and goes on with it when nodes are lost or join. Studies begin here.
 *   <li>{@link #attempt} opens the result files, lets the users live until the end, and writes the results.
 *   <li>{@link #exitCode} tells the command's caller how it went.
 * </ol>
 */
public final class RunSession {
    private static final Logger LOG = LoggerFactory.getLogger(RunSession.class);
    private static final int DONE = 0;
    private static final int DIVERGED = 1;
    private static final int INTERRUPTED = 130;
    private static final int LONGEST_FAILURE = 500;

    private final RunHost host;
    /** Of the scenario's own run. */
    private final Path folder;

    private final Destination destination;

    private final FinalTable table = new FinalTable();
    /** Strategies whose runs ended early because training diverged, with the users. */
    private final List<String> cut = new ArrayList<>();

    private RunSession(RunHost host, Destination destination) {
        this.host = host;
        this.destination = destination;
        folder = destination.folder();
    }

    /** A run of the session; its folder is made when its turn has come. */
    private interface Step {
        RunFolder folder() throws IOException;
    }

    /**
     * Begins a run and its baselines.
     *
     * @return the exit code
     * @throws InputException if the scenario asks for what this machine lacks, or the folder cannot be used
     */
    public static int run(Loaded loaded, Destination destination, RunHost host) throws IOException {
        Preflight.checkMachine(loaded);
        Path folder = destination.folder();
        boolean overwrite = destination.overwrite();
        try (RunFolders folders = new RunFolders(host.commandLine())) {
            List<Step> steps = new ArrayList<>();
            // Files are hashed before they are read.
            InputHashes hashes = new InputHashes();
            RunFolder main = folders.add(new RunFolder(folder, loaded, overwrite, hashes));
            steps.add(() -> main);
            for (Strategy baseline : loaded.scenario().baselines()) {
                Loaded under = loaded.under(baseline);
                steps.add(() ->
                        folders.add(new RunFolder(RunFolder.ofBaseline(folder, baseline), under, overwrite, hashes)));
            }
            return new RunSession(host, destination).all(loaded, steps);
        }
    }

    /**
     * Goes on with a run and its baselines from their newest checkpoints.
     *
     * @param rules what may happen to results that a run cannot go on from
     * @return the exit code
     * @throws InputException if the run cannot go on, or has ended
     */
    public static int resume(Path folder, ResumeRules rules, RunHost host) throws IOException {
        try (RunFolders folders = new RunFolders(host.commandLine())) {
            List<Step> steps = new ArrayList<>();
            InputHashes hashes = new InputHashes();
            RunFolder main = folders.add(RunFolder.existing(folder));
            Loaded loaded = main.loaded();
            boolean ended = prepared(main, rules, hashes);
            steps.add(() -> main);
            for (Strategy baseline : loaded.scenario().baselines()) {
                Path own = RunFolder.ofBaseline(folder, baseline);
                Loaded under = main.under(baseline);
                if (RunFolder.isRun(own)) {
                    RunFolder begun = folders.add(RunFolder.existing(own, main.knows(baseline) ? under : null));
                    ended &= prepared(begun, rules, hashes);
                    steps.add(() -> begun);
                } else {
                    ended = false;
                    steps.add(() -> folders.add(new RunFolder(own, under, true, hashes)));
                }
            }
            if (ended) {
                throw new InputException(folder + ": " + whyNothingIsLeft(main));
            }
            return new RunSession(host, Destination.chosen(folder, false)).all(loaded, steps);
        }
    }

    /** @return whether the run has ended */
    private static boolean prepared(RunFolder run, ResumeRules rules, InputHashes hashes) throws IOException {
        String notice = run.prepare(rules, hashes);
        if (notice != null) {
            System.err.println("coterie: " + notice);
        }
        return run.completed();
    }

    private static String whyNothingIsLeft(RunFolder run) throws IOException {
        if (!run.cut()) {
            return "the run is completed; there is nothing to go on with";
        }
        return "the run has ended since training diverged: "
                + Status.inWords(run.statistics().diverged())
                + "; going on would do the same again. Run it again with another training.learning_rate, or with"
                + " training.on_divergence: continue";
    }

    /** Does all runs that have not ended yet, one after another, and prints the final table. */
    private int all(Loaded loaded, List<Step> steps) throws IOException {
        try (RunHost.Viewer viewer = host.viewer();
                RunHost.Place place = host.place(loaded);
                StopSignal signal = new StopSignal(INTERRUPTED)) {
            if (host.display() != null) {
                place.backend().dataset().notes().forEach(note -> System.err.println("coterie: data: " + note));
            }
            ScenarioNotes.of(loaded).forEach(note -> System.err.println("coterie: note: " + note));
            Stopping stopping = new Stopping(signal, viewer);
            for (int k = 0; k < steps.size(); k++) {
                RunFolder run = steps.get(k).folder();
                if (k > 0) {
                    // Other runs were done until now.
                    run.time().restart();
                }
                if (!one(run, place.backend(), new Progress.Part(k + 1, steps.size()), stopping)) {
                    System.err.println("coterie: interrupted; results so far are in " + folder + "; coterie resume "
                            + folder + " goes on");
                    break;
                }
            }
            if (!stopping.isStopped()) {
                if (steps.size() > 1) {
                    // Written again: only now can its page compare the run with its baselines.
                    RunPage.write(folder);
                }
                table.print(System.out);
                System.out.println("results: " + destination.inWords());
            }
            return exitCode(stopping);
        }
    }

    /**
     * Does one run, or reads its results if it has ended.
     *
     * @return false if the session was interrupted
     */
    private boolean one(RunFolder run, RunBackend backend, Progress.Part part, Stopping stopping) throws IOException {
        Statistics statistics;
        if (run.completed()) {
            statistics = run.statistics();
        } else {
            try {
                RunHost.Display display = host.display();
                Outcome outcome = simulate(run, backend, display == null ? null : display.of(part), stopping);
                if (outcome.result().endedBy() == RunResult.EndedBy.GONE) {
                    tellThatAllUsersAreGone(outcome.result());
                }
                statistics = outcome.statistics();
            } catch (RunFailedException e) {
                if (!stopping.isStopped()) {
                    if (run.saved()) {
                        System.err.println("coterie: coterie resume " + folder
                                + " goes on from the last checkpoint, once the cause" + " is gone");
                    }
                    throw e;
                }
                System.err.println("coterie: stopped before the run had begun: " + e.getMessage());
                return false;
            }
        }
        if (stopping.isStopped()) {
            return false;
        }
        Strategy strategy = run.loaded().scenario().collaboration().strategy();
        table.add(strategy, statistics, run.cut());
        if (run.cut()) {
            cut.add(strategy.label() + ": " + Status.inWords(statistics.diverged()));
        }
        return true;
    }

    private static void tellThatAllUsersAreGone(RunResult result) {
        System.err.printf(
                Locale.ROOT,
                "coterie: at %.1f virtual seconds no user is left: each one's device is down for ever, or the user is"
                        + " away for ever%s%n",
                result.virtualSeconds(),
                result.diverged() ? ", or its training has diverged" : "");
    }

    /** What is known of a run that has ended. */
    public record Outcome(Statistics statistics, RunResult result) {}

    /**
     * Does one run: from the checkpoint that {@link RunFolder#prepare} has found, or else from the beginning. When
     * nodes are lost or join, the run goes on from its last checkpoint, or from the beginning if there is none, on the
     * nodes that are there.
     *
     * @param display where progress is shown; null for nowhere
     * @param watcher is told when the run begins, and whenever it goes on
     * @throws RunFailedException if it could not go on; what was recorded until then stays
     */
    public static Outcome simulate(RunFolder run, RunBackend backend, RunHost.Display display, RunWatcher watcher)
            throws IOException {
        run.begin(backend.workers());
        try {
            return untilItsEnd(run, backend, display, watcher);
        } catch (IOException | RuntimeException | Error e) {
            try {
                run.noteFailure(Shown.of(e.getMessage() == null ? e.toString() : e.getMessage(), LONGEST_FAILURE));
            } catch (IOException | RuntimeException unnoted) {
                e.addSuppressed(unnoted);
            }
            throw e;
        }
    }

    private static Outcome untilItsEnd(RunFolder run, RunBackend backend, RunHost.Display display, RunWatcher watcher)
            throws IOException {
        while (true) {
            try {
                return attempt(run, backend, display, watcher);
            } catch (NodesChangedException e) {
                if (run.loaded().scenario().time().clock() == Scenario.Clock.WALL) {
                    throw e;
                }
                boolean saved = run.findCheckpoint(e);
                LOG.warn(
                        "{}; the run {}",
                        e.getMessage(),
                        saved ? "goes on from its last checkpoint" : "was not saved yet and begins again");
            }
        }
    }

    private static Outcome attempt(RunFolder run, RunBackend backend, RunHost.Display display, RunWatcher watcher)
            throws IOException {
        Loaded loaded = run.loaded();
        SimulationConfig config = backend.config(loaded);
        try (RunRecording recording = new RunRecording(run, backend, config, display)) {
            recording.replay();
            watcher.begins(recording.view());
            boolean virtual = loaded.scenario().time().clock() == Scenario.Clock.VIRTUAL;
            RunResult result = backend.run(
                    loaded,
                    config,
                    recording,
                    virtual ? recording.checkpoints() : Checkpoints.NONE,
                    run.checkpoint(),
                    watcher::started);
            recording.ended(result, backend);
            watcher.ended();
            return new Outcome(recording.statistics(), result);
        }
    }

    private int exitCode(Stopping stopping) {
        if (stopping.isStopped()) {
            return INTERRUPTED;
        }
        if (cut.isEmpty()) {
            return DONE;
        }
        System.err.println("coterie: training has diverged, and the run ended with it: " + String.join("; ", cut)
                + ". A smaller training.learning_rate may help; with training.on_divergence: continue a run goes on"
                + " as long as one user does");
        return DIVERGED;
    }

    /** The two ways to stop a session: a signal, and the button of its view. */
    private record Stopping(StopSignal signal, RunHost.Viewer viewer) implements RunWatcher {
        boolean isStopped() {
            return signal.isReceived() || viewer != null && viewer.stopped();
        }

        @Override
        public void begins(View view) {
            signal.begins(view);
            if (viewer != null) {
                viewer.begins(view);
            }
        }

        @Override
        public void started(Simulation simulation) {
            if (viewer != null) {
                viewer.started(simulation);
            }
            signal.started(simulation);
        }

        @Override
        public void ended() {
            signal.ended();
            if (viewer != null) {
                viewer.ended();
            }
        }
    }
}
