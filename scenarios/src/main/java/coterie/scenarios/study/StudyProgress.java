package coterie.scenarios.study;

import coterie.scenarios.run.RunWatcher;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Shows the progress of a study: a line for each run that ends, and, on a terminal, a line with the runs under way that
 * is overwritten. Thread-safe.
 */
final class StudyProgress implements AutoCloseable {
    private static final long TICK_MILLIS = 500;
    private final PrintStream out;
    private final int total;
    private final Thread ticker;
    private final Map<Study.Run, RunWatcher.View> underWay = new LinkedHashMap<>();
    private final long begin = System.nanoTime();
    private int doneBefore;
    private int done;
    private int width;

    /**
     * @param out null for no output
     * @param total number of runs, including those that have ended
     */
    StudyProgress(PrintStream out, boolean terminal, int total) {
        this.out = out;
        this.total = total;
        ticker = out == null || !terminal ? null : new Thread(this::tick, "progress");
        if (ticker != null) {
            ticker.setDaemon(true);
            ticker.start();
        }
    }

    synchronized void begins(int doneAlready, int atOnce, int threads) {
        doneBefore = doneAlready;
        say(String.format(
                "%d of %d runs are done already; %d at once, %d threads each", doneAlready, total, atOnce, threads));
    }

    synchronized void runs(Study.Run run, RunWatcher.View view) {
        underWay.put(run, view);
    }

    /** @param value of the headline metric, the mean over users; NaN if there is none */
    synchronized void ended(Study.Run run, double value, double seconds) {
        underWay.remove(run);
        done++;
        String label = run.loaded().scenario().task().headline().label();
        String found = Double.isNaN(value)
                ? "no " + label + ", or training diverged"
                : String.format(Locale.ROOT, "%s %.2f", label, value);
        say(String.format(
                Locale.ROOT,
                "[%d of %d] %s, seed %d: %s, %.0f s; %s left",
                doneBefore + done,
                total,
                run.variant().name(),
                run.seed(),
                found,
                seconds,
                left()));
    }

    synchronized void failed(Study.Run run) {
        underWay.remove(run);
    }

    /** Progress in runs; those under way count by their share of turns. */
    private double share() {
        return done
                + underWay.values().stream()
                        .mapToDouble(v -> v.turns() == 0
                                ? 0
                                : Math.min(1, (double) v.report().turns() / v.turns()))
                        .sum();
    }

    private String left() {
        double share = share();
        double seconds = (System.nanoTime() - begin) / 1e9;
        return share == 0
                ? "?"
                : String.format(
                        Locale.ROOT, "about %.0f min", Math.ceil(seconds / share * (total - doneBefore - share) / 60));
    }

    private void say(String line) {
        if (out != null) {
            clear();
            out.println(line);
        }
    }

    private void clear() {
        if (width > 0) {
            out.print("\r" + " ".repeat(width) + "\r");
            width = 0;
        }
    }

    private void tick() {
        while (!Thread.interrupted()) {
            synchronized (this) {
                StringBuilder line =
                        new StringBuilder(doneBefore + done + " of " + total + " done, " + left() + " left");
                underWay.forEach((run, view) -> line.append(String.format(
                        Locale.ROOT,
                        "; %s, seed %d: %.0f %%",
                        run.variant().name(),
                        run.seed(),
                        view.turns() == 0 ? 0 : 100.0 * view.report().turns() / view.turns())));
                clear();
                out.print(line);
                out.flush();
                width = line.length();
            }
            try {
                Thread.sleep(TICK_MILLIS);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    @Override
    public void close() {
        if (ticker != null) {
            ticker.interrupt();
            try {
                ticker.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            synchronized (this) {
                clear();
            }
        }
    }
}
