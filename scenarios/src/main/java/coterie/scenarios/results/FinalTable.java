package coterie.scenarios.results;

import coterie.model.task.Metric;
import coterie.scenarios.config.Strategy;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The table at the end of a run: one line for its own strategy and one for each baseline. */
public final class FinalTable {
    /** Means over users of the headline metric. */
    private record Result(double before, double mean, double deviation, long finite, int users) {}

    private record Line(
            String strategy,
            Result result,
            boolean cut,
            double versions,
            double participation,
            double megabytes,
            String honest,
            String diverged) {
        /** The mean for comparisons: NaN if the run ended early. */
        double compared() {
            return cut ? Double.NaN : result.mean;
        }

        String found() {
            if (cut || result.finite == 0 && diverged != null) {
                return "diverged";
            }
            return Double.isNaN(result.mean)
                    ? "-"
                    : String.format(Locale.ROOT, "%.2f ± %5.2f", result.mean, result.deviation);
        }
    }

    /** The headline metric of all runs. */
    private Metric metric;

    private final List<Line> lines = new ArrayList<>();

    /**
     * Adds a run.
     *
     * @param cut whether the run ended early because a user's training diverged; its result cannot be compared
     */
    public void add(Strategy strategy, Statistics s, boolean cut) {
        metric = s.task().headline();
        double[] p = s.last(metric);
        lines.add(new Line(
                strategy.label(),
                new Result(
                        Statistics.mean(s.before(metric)),
                        Statistics.mean(p),
                        Statistics.deviation(p),
                        Statistics.finite(p),
                        p.length),
                cut,
                s.ages().versions().mean(),
                s.participation(),
                s.bytes() / 1e6,
                honest(s),
                s.diverged().isEmpty() ? null : Status.inWords(s.diverged())));
    }

    /** The result of honest users and their weight on attackers, in words; null if no user attacks. */
    private static String honest(Statistics s) {
        double weight = s.attackers().weight();
        double[] honest = s.attackers().honest(s.last(s.task().headline()));
        return Double.isNaN(weight)
                ? null
                : String.format(
                        Locale.ROOT,
                        "%d honest users %.2f ± %.2f; their weight on attackers %.3f",
                        honest.length,
                        Statistics.mean(honest),
                        Statistics.deviation(honest),
                        weight);
    }

    public void print(PrintStream out) {
        double best = lines.stream()
                .mapToDouble(Line::compared)
                .filter(Double::isFinite)
                .boxed()
                .reduce((a, b) -> metric.better().isBetter(b, a) ? b : a)
                .orElse(Double.NaN);
        out.printf(
                "%-24s %22s %12s %12s %12s %10s%n",
                "strategy", "test " + metric.label(), "before", "versions old", "took part", "MB sent");
        for (Line l : lines) {
            out.printf(
                    Locale.ROOT,
                    "%-24s %20s %s %12s %12s %12s %10.1f%n",
                    l.strategy,
                    l.found(),
                    l.compared() == best ? "*" : " ",
                    Double.isNaN(l.result.before) ? "-" : String.format(Locale.ROOT, "%.2f", l.result.before),
                    l.megabytes == 0 ? "-" : String.format(Locale.ROOT, "%.2f", l.versions),
                    Double.isNaN(l.participation) ? "-" : String.format(Locale.ROOT, "%.0f %%", 100 * l.participation),
                    l.megabytes);
        }
        out.println("(mean ± standard deviation over users; * the "
                + metric.better().best() + ")");
        for (Line l : lines) {
            if (l.honest != null) {
                out.println(l.strategy + ": " + l.honest);
            }
        }
        for (Line l : lines) {
            if (l.diverged != null) {
                out.println(l.strategy + " diverged: " + l.diverged
                        + (l.cut || l.result.finite == 0
                                ? ""
                                : String.format(
                                        Locale.ROOT,
                                        "; the mean is over %d of %d users",
                                        l.result.finite,
                                        l.result.users)));
            }
        }
    }
}
