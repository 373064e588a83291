package coterie.scenarios.command;

import coterie.actors.clock.RunFailedException;
import coterie.actors.clock.RunResult;
import coterie.actors.clock.Simulation;
import coterie.scenarios.config.Strategy;
import coterie.scenarios.report.RunPage;
import coterie.scenarios.results.FinalTable;
import coterie.scenarios.results.Statistics;
import coterie.scenarios.results.Status;
import coterie.scenarios.run.RunBackend;
import coterie.scenarios.run.RunFolder;
import coterie.scenarios.run.RunFolder.Outcome;
import coterie.scenarios.run.RunWatcher;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The runs of one command, one after another, until they are done or somebody interrupts. */
final class RunSession implements RunWatcher {
    private static final long WRITING_SECONDS = 60;
    private static final int INTERRUPTED = 130;
    private static final int FAILED = 1;
    private final CountDownLatch written = new CountDownLatch(1);
    private final LiveView live;
    private volatile Simulation current;
    private volatile View view;
    private volatile boolean interrupted;

    /** @param live where the runs can be watched; null for nowhere */
    RunSession(LiveView live) {
        this.live = live;
    }

    /** A run of the session; made when its turn has come. */
    interface Step {
        RunFolder folder() throws IOException;
    }

    /**
     * Runs them, but for those that are completed already, and prints the final table.
     *
     * @param folder of the first, for messages
     * @return the exit code
     */
    int run(RunBackend backend, List<Step> steps, Path folder, PrintStream progress) throws IOException {
        boolean terminal = Terminals.attached();
        Thread hook = new Thread(this::interrupt, "interrupt");
        FinalTable table = new FinalTable();
        List<String> cut = new ArrayList<>();
        try {
            Runtime.getRuntime().addShutdownHook(hook);
            for (Step step : steps) {
                RunFolder target = step.folder();
                Strategy strategy = target.loaded().scenario().collaboration().strategy();
                Statistics statistics = statistics(backend, target, progress, terminal);
                if (statistics == null || stopped()) {
                    System.err.println("coterie: interrupted; what was done until now is in " + folder
                            + "; coterie resume " + folder + " goes on");
                    break;
                }
                table.add(strategy, statistics, target.cut());
                if (target.cut()) {
                    cut.add(strategy.label() + ": " + Status.inWords(statistics.diverged()));
                }
            }
            if (!stopped()) {
                if (steps.size() > 1) {
                    // Once more, now that there is something to compare with.
                    RunPage.write(folder);
                }
                table.print(System.out);
                System.out.println("results: " + folder);
            }
        } finally {
            written.countDown();
            if (!interrupted) {
                // Where the run fails, the process ends without a signal.
                Interrupts.remove(hook);
            }
        }
        if (stopped()) {
            return INTERRUPTED;
        }
        if (!cut.isEmpty()) {
            System.err.println("coterie: training has diverged, and the run ended with it: " + String.join("; ", cut)
                    + ". A smaller training.learning_rate may help; with training.on_divergence: "
                    + "continue a run goes on as long as one user does");
        }
        return cut.isEmpty() ? 0 : FAILED;
    }

    /** What a run has brought; null where it was interrupted before it had begun. */
    private Statistics statistics(RunBackend backend, RunFolder target, PrintStream progress, boolean terminal)
            throws IOException {
        if (target.completed()) {
            return target.statistics();
        }
        try {
            Outcome outcome = target.run(backend, progress, terminal, this);
            if (outcome.result().endedBy() == RunResult.EndedBy.GONE) {
                System.err.printf(
                        Locale.ROOT,
                        "coterie: at %.1f virtual seconds no user is left: each one's device is down for "
                                + "ever, or the user is away"
                                + " for ever%s%n",
                        outcome.result().virtualSeconds(),
                        outcome.result().diverged() ? ", or its training has diverged" : "");
            }
            return outcome.statistics();
        } catch (RunFailedException e) {
            if (!stopped()) {
                throw e;
            }
            System.err.println("coterie: stopped before the run had begun: " + e.getMessage());
            return null;
        }
    }

    private boolean stopped() {
        return interrupted || live != null && live.stopped();
    }

    @Override
    public void begins(View begun) {
        view = begun;
        if (live != null) {
            live.begins(begun);
        }
    }

    @Override
    public void ended() {
        current = null;
        if (live != null) {
            live.ended();
        }
    }

    @Override
    public void started(Simulation simulation) {
        current = simulation;
        if (live != null) {
            live.started(simulation);
        }
        if (interrupted) {
            simulation.stop();
        }
    }

    /**
     * On Ctrl-C or a termination signal the process waits until the results so far are written; its exit code is then
     * the signal's. While a base is loaded or text is read, there is nothing to wait for. A second Ctrl-C ends the
     * process at once.
     */
    private void interrupt() {
        interrupted = true;
        Interrupts.handle(() -> {
            try {
                if (view != null) {
                    view.flush().run();
                }
            } finally {
                Runtime.getRuntime().halt(INTERRUPTED);
            }
        });
        Simulation simulation = current;
        if (simulation == null) {
            return;
        }
        System.err.println("coterie: stopping; what was done until now is being written. Ctrl-C again ends at once");
        simulation.stop();
        try {
            if (!written.await(WRITING_SECONDS, TimeUnit.SECONDS)) {
                System.err.println("coterie: gave up waiting for results after " + WRITING_SECONDS + " s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
