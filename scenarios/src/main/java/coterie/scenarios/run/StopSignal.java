package coterie.scenarios.run;

import coterie.actors.clock.Simulation;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Ctrl-C and termination signals. The first stops the run under way, and the process waits until its results are
 * written; its exit code is then the signal's. A second Ctrl-C flushes what was observed and ends the process at once.
 * While model and data are loaded there is nothing to wait for.
 */
final class StopSignal implements RunWatcher, AutoCloseable {
    private static final long WRITING_SECONDS = 60;

    private final int exitCode;
    private final CountDownLatch written = new CountDownLatch(1);
    private final Thread hook = new Thread(this::received, "interrupt");
    private volatile Simulation current;
    private volatile View view;
    private volatile boolean received;

    /** @param exitCode of a process that a second Ctrl-C ends */
    StopSignal(int exitCode) {
        this.exitCode = exitCode;
        Runtime.getRuntime().addShutdownHook(hook);
    }

    boolean isReceived() {
        return received;
    }

    @Override
    public void begins(View begun) {
        view = begun;
    }

    @Override
    public void started(Simulation simulation) {
        current = simulation;
        if (received) {
            simulation.stop();
        }
    }

    @Override
    public void ended() {
        current = null;
    }

    private void received() {
        received = true;
        Interrupts.handle(() -> {
            try {
                if (view != null) {
                    view.flush().run();
                }
            } finally {
                Runtime.getRuntime().halt(exitCode);
            }
        });
        Simulation simulation = current;
        if (simulation == null) {
            return;
        }
        System.err.println("coterie: stopping; results so far are being written. Ctrl-C again ends at once");
        simulation.stop();
        try {
            if (!written.await(WRITING_SECONDS, TimeUnit.SECONDS)) {
                System.err.println("coterie: gave up waiting for results after " + WRITING_SECONDS + " s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** All results are written. */
    @Override
    public void close() {
        written.countDown();
        if (!received) {
            // A run that fails ends the process without a signal.
            Interrupts.remove(hook);
        }
    }
}
