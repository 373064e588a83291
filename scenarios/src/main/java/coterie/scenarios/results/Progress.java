package coterie.scenarios.results;

import coterie.actors.clock.RunObserver;
import coterie.actors.event.Observation;
import coterie.model.task.Metric;
import java.io.PrintStream;
import java.util.Locale;

/** Shows the progress of a run: one line that is overwritten on a terminal, a new line from time to time elsewhere. */
public final class Progress implements RunObserver {
    private static final long TERMINAL_NANOS = 200_000_000L;
    private static final long PLAIN_NANOS = 10_000_000_000L;
    private final PrintStream out;
    private final boolean terminal;
    private final String label;
    private final long turns;
    private final Statistics statistics;
    private final long started = System.nanoTime();
    private long told = started;
    private int width;

    /**
     * @param turns of all users together
     * @param statistics that receive observations before this
     */
    public Progress(PrintStream out, boolean terminal, String label, long turns, Statistics statistics) {
        this.out = out;
        this.terminal = terminal;
        this.label = label;
        this.turns = turns;
        this.statistics = statistics;
    }

    @Override
    public void observed(Observation o) {
        long now = System.nanoTime();
        if (now - told >= (terminal ? TERMINAL_NANOS : PLAIN_NANOS)) {
            told = now;
            tell(o.seconds());
        }
    }

    private void tell(double virtualSeconds) {
        double wall = (System.nanoTime() - started) / 1e9;
        long done = statistics.turns();
        Metric metric = statistics.task().headline();
        String line = String.format(
                Locale.ROOT,
                "%s: %d of %d turns, %s virtual, %s %.2f, %.0f %s/s, %s left",
                label,
                done,
                turns,
                duration(virtualSeconds),
                metric.label(),
                Statistics.mean(statistics.last(metric)),
                statistics.tokens() / wall,
                statistics.task().data().unit(),
                done == 0 ? "?" : duration(wall / done * (turns - done)));
        if (terminal) {
            out.print("\r" + line + " ".repeat(Math.max(0, width - line.length())));
            out.flush();
            width = line.length();
        } else {
            out.println(line);
        }
    }

    /** Clears the line. */
    public void finish() {
        if (terminal && width > 0) {
            out.print("\r" + " ".repeat(width) + "\r");
            out.flush();
        }
    }

    /** "45 s", "12 min", "3.4 h". */
    static String duration(double seconds) {
        if (seconds < 100) {
            return String.format(Locale.ROOT, "%.0f s", seconds);
        }
        return seconds < 6000
                ? String.format(Locale.ROOT, "%.0f min", seconds / 60)
                : String.format(Locale.ROOT, "%.1f h", seconds / 3600);
    }
}
