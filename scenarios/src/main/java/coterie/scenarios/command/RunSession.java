package coterie.scenarios.command;

import coterie.actors.clock.Simulation;
import coterie.scenarios.report.RunPage;
import coterie.scenarios.results.FinalTable;
import coterie.scenarios.results.Statistics;
import coterie.scenarios.run.Laboratory;
import coterie.scenarios.run.RunFolder;
import coterie.scenarios.run.RunWatcher;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The runs of one command, one after another, until they are done or somebody interrupts. */
final class RunSession implements RunWatcher {
    private static final long WRITING_SECONDS = 60;
    private static final int INTERRUPTED = 130;
    private final CountDownLatch written = new CountDownLatch(1);
    private final LiveView live;
    private volatile Simulation current;
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
     * Runs them and prints the final table.
     *
     * @param folder of the first, for messages
     * @param resume whether to leave out what is done, and to go on where something has begun
     * @return the exit code
     */
    int run(Laboratory laboratory, List<Step> steps, Path folder, boolean resume, PrintStream progress) throws IOException {
        boolean terminal = System.console() != null;
        Thread hook = new Thread(this::interrupt, "interrupt");
        FinalTable table = new FinalTable();
        try {
            Runtime.getRuntime().addShutdownHook(hook);
            for (Step step : steps) {
                RunFolder target = step.folder();
                Statistics statistics = resume && target.completed() ? target.statistics()
                        : target.run(laboratory, resume, progress, terminal, this).statistics();
                table.add(target.loaded().scenario().collaboration().strategy(), statistics);
                if (interrupted || live != null && live.stopped()) {
                    System.err.println("coterie: interrupted; what was done until now is in " + folder + "; coterie resume " + folder + " goes on");
                    break;
                }
            }
            boolean stopped = interrupted || live != null && live.stopped();
            if (!stopped) {
                if (steps.size() > 1) {
                    // Once more, now that there is something to compare with.
                    RunPage.write(folder);
                }
                table.print(System.out);
                System.out.println("results: " + folder);
            }
        } finally {
            written.countDown();
        }
        if (!interrupted) {
            Runtime.getRuntime().removeShutdownHook(hook);
        }
        return interrupted || live != null && live.stopped() ? INTERRUPTED : 0;
    }

    @Override
    public void begins(View view) {
        if (live != null) {
            live.begins(view);
        }
    }

    @Override
    public void ended() {
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

    /** On Ctrl-C or a termination signal the process waits until the results so far are written; its exit code is then the signal's. */
    private void interrupt() {
        interrupted = true;
        Simulation simulation = current;
        if (simulation != null) {
            simulation.stop();
        }
        try {
            if (!written.await(WRITING_SECONDS, TimeUnit.SECONDS)) {
                System.err.println("coterie: gave up waiting for results after " + WRITING_SECONDS + " s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
