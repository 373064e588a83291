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
    private final Part part;
    private final Pace pace = new Pace();
    private long told = System.nanoTime();
    private int width;

    /**
     * The place of a run among those of a command.
     *
     * @param number from 1
     */
    public record Part(int number, int of) {
        /** A run by itself. */
        public static final Part WHOLE = new Part(1, 1);
    }

    /**
     * @param part runs that follow count as long as this one
     * @param turns of all users together
     * @param statistics that receive observations before this
     */
    public Progress(PrintStream out, boolean terminal, Part part, String label, long turns, Statistics statistics) {
        this.out = out;
        this.part = part;
        this.terminal = terminal;
        this.label = label;
        this.turns = turns;
        this.statistics = statistics;
    }

    @Override
    public void observed(Observation o) {
        long now = System.nanoTime();
        if (o instanceof Observation.TurnEnded) {
            pace.ended(now, statistics.turns(), statistics.tokens());
        }
        if (now - told >= (terminal ? TERMINAL_NANOS : PLAIN_NANOS)) {
            told = now;
            tell(line(now, o.seconds()));
        }
    }

    /** @param now of {@link System#nanoTime} */
    String line(long now, double virtualSeconds) {
        long done = statistics.turns();
        Metric metric = statistics.task().headline();
        double[] values = statistics.last(metric);
        // A mean over the few users that were evaluated first would jump to that over all.
        boolean all = Statistics.finite(values) + statistics.diverged().size() >= statistics.training();
        double speed = pace.tokensPerSecond(now, statistics.tokens());
        double each = pace.secondsPerTurn(now, done);
        double left = each * (turns - done + (double) turns * (part.of - part.number));
        return label
                + (part.of > 1 ? " (" + part.number + " of " + part.of + ")" : "")
                + String.format(Locale.ROOT, ": %d of %d turns, %s virtual", done, turns, duration(virtualSeconds))
                + (all ? String.format(Locale.ROOT, ", %s %.2f", metric.label(), Statistics.mean(values)) : "")
                + (Double.isNaN(speed)
                        ? ""
                        : String.format(
                                Locale.ROOT,
                                ", %.0f %s/s",
                                speed,
                                statistics.task().data().unit()))
                + ", " + (Double.isNaN(left) ? "?" : duration(left)) + " left";
    }

    private void tell(String line) {
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
