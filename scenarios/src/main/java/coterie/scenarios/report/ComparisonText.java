package coterie.scenarios.report;

import coterie.scenarios.results.AlignedText;
import coterie.scenarios.results.PairedDifference;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A comparison of runs as a table for terminals. */
final class ComparisonText {
    private static final double MINUTES = 120;
    private static final double HOURS = 7200;
    private static final double DAYS = 172_800;

    private ComparisonText() {}

    /**
     * The lines of the table.
     *
     * @param heads names of the columns that identify a row, by key
     */
    static String of(Comparison c, Map<String, String> heads) {
        boolean paired = c.rows().stream().anyMatch(r -> r.pairs() != null);
        List<List<String>> cells = new ArrayList<>();
        List<String> head = new ArrayList<>(heads.values());
        head.add(c.measure());
        if (paired) {
            head.add("difference");
            head.add("better");
        }
        c.rows().get(0).figures().forEach(f -> head.add(f.label()));
        cells.add(head);
        for (Comparison.Row r : c.rows()) {
            List<String> line = new ArrayList<>();
            heads.keySet().forEach(key -> line.add(r.values().get(key)));
            line.add(found(r));
            if (paired) {
                PairedDifference p = r.pairs();
                line.add(p == null ? "-" : difference(p));
                line.add(p == null ? "-" : p.better() + "/" + p.users());
            }
            r.figures().forEach(f -> line.add(value(f)));
            cells.add(line);
        }
        return AlignedText.of(cells);
    }

    private static String found(Comparison.Row r) {
        return r.found().n() == 0
                ? r.found().lost().isEmpty() ? "-" : r.found().lost()
                : spread(r.found().mean(), r.found().deviation()) + (r.best() ? " *" : "");
    }

    private static String spread(double x, double deviation) {
        return Double.isFinite(deviation)
                ? String.format(Locale.ROOT, "%.2f ± %.2f", x, deviation)
                : String.format(Locale.ROOT, "%.2f", x);
    }

    /** The mean and its confidence interval: ± is a standard deviation in the same table. */
    private static String difference(PairedDifference p) {
        return Double.isFinite(p.interval())
                ? String.format(
                        Locale.ROOT, "%.2f [%.2f, %.2f]", p.mean(), p.mean() - p.interval(), p.mean() + p.interval())
                : String.format(Locale.ROOT, "%.2f", p.mean());
    }

    private static String value(Comparison.Figure f) {
        double x = f.value();
        if (!Double.isFinite(x)) {
            return "-";
        }
        return switch (f.unit()) {
            case NUMBER -> String.format(Locale.ROOT, "%.2f", x);
            case SHARE -> String.format(Locale.ROOT, "%.0f %%", 100 * x);
            case BYTES -> String.format(Locale.ROOT, "%.1f MB", x / 1e6);
            case SECONDS -> duration(x);
        };
    }

    private static String duration(double s) {
        if (s < HOURS) {
            return String.format(Locale.ROOT, s < MINUTES ? "%.0f s" : "%.0f min", s < MINUTES ? s : s / 60);
        }
        return String.format(Locale.ROOT, s < DAYS ? "%.1f h" : "%.1f d", s / (s < DAYS ? 3600 : 86_400));
    }
}
