package coterie.scenarios.results;

import coterie.scenarios.schema.Strategy;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The table at a run's end: a line for the scenario's own strategy and one for each baseline. */
public final class FinalTable {
    private record Line(String strategy, double before, double mean, double deviation, double versions, double participation, double megabytes) {
    }

    private final List<Line> lines = new ArrayList<>();

    public void add(Strategy strategy, Statistics s) {
        lines.add(new Line(strategy.label(), Statistics.mean(s.before()), Statistics.mean(s.perplexity()), Statistics.deviation(s.perplexity()),
                s.ages().versions().mean(), s.participation(), s.bytes() / 1e6));
    }

    public void print(PrintStream out) {
        double best = lines.stream().mapToDouble(Line::mean).min().orElse(Double.NaN);
        out.printf("%-24s %22s %12s %12s %12s %10s%n", "strategy", "test perplexity", "before", "versions old", "took part", "MB sent");
        for (Line l : lines) {
            out.printf(Locale.ROOT, "%-24s %12.2f ± %5.2f %s %12.2f %12s %12s %10.1f%n", l.strategy, l.mean, l.deviation, l.mean == best ? "*" : " ", l.before,
                    l.megabytes == 0 ? "-" : String.format(Locale.ROOT, "%.2f", l.versions),
                    Double.isNaN(l.participation) ? "-" : String.format(Locale.ROOT, "%.0f %%", 100 * l.participation), l.megabytes);
        }
        out.println("(mean ± standard deviation over users; * the lowest)");
    }
}
