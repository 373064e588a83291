package coterie.scenarios.study;

import coterie.model.task.Metric;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.apache.commons.statistics.distribution.TDistribution;

/**
 * The results of a study: for each variant the mean over seeds, its standard deviation, and the difference from the
 * baseline, seed by seed, with the 95 % confidence interval of Student's t: d̄ ± t₀.₉₇₅(n−1) · s_d / √n.
 *
 * <p>A measure of what reaching a target took has no number for a run that never reached it. Its cell says NA, means
 * and differences are over the other seeds, and such a row is never marked as the best.
 *
 * <p>Worked example: 10, 12, 11 compared with 12, 13, 14 differ by −2, −1, −3: their mean is −2, s_d is 1, and 4.303 ·
 * 1 / √3 = 2.48.
 */
public final class StudyTable {
    /** The value of a measure of what reaching a target took, if the target was never reached. */
    public static final double NEVER = Double.POSITIVE_INFINITY;

    private static final double QUANTILE = 0.975;
    private static final String NA = "NA";

    /**
     * Numbers of seeds of a variant.
     *
     * @param measured with a number
     * @param diverged under which training diverged
     * @param never under which the target was never reached
     * @param unpaired without a difference from the baseline because one of the two never reached the target
     */
    public record Seeds(int measured, int diverged, int never, int unpaired) {}

    /** A row: values that name the variant, and what was measured. NaN stands for missing numbers. */
    public record Row(
            Map<String, String> values,
            Seeds seeds,
            double mean,
            double deviation,
            double difference,
            double interval,
            boolean best) {
        /** A remark on seeds without a number. */
        public String lost() {
            if (seeds.measured == 0 && seeds.never == 0) {
                return seeds.diverged > 0 ? "diverged" : "";
            }
            if (seeds.measured == 0) {
                return NA + (seeds.diverged > 0 ? " (" + seeds.diverged + " diverged)" : "");
            }
            List<String> all = new ArrayList<>();
            if (seeds.diverged > 0) {
                all.add(seeds.diverged + " diverged");
            }
            if (seeds.never > 0) {
                all.add(seeds.never + " " + NA);
            }
            return all.isEmpty() ? "" : " (" + String.join(", ", all) + ")";
        }

        /** Whether the cell shows a number. */
        private boolean said() {
            return seeds.measured > 0 || seeds.diverged + seeds.never == 0;
        }

        private String difference(String plusMinus) {
            return incomparable() ? NA : spread(difference, interval, plusMinus) + missing();
        }

        /** Whether there is no difference from the baseline at all. */
        public boolean incomparable() {
            return seeds.unpaired > 0 && Double.isNaN(difference);
        }

        private String missing() {
            return seeds.unpaired > 0 ? " (" + seeds.unpaired + " " + NA + ")" : "";
        }
    }

    private final List<String> keys;
    private final Metric.Direction better;
    private final List<Row> rows = new ArrayList<>();

    /**
     * Computes the table.
     *
     * @param better which values are better
     * @param measured values of each variant by seed; NaN if training diverged, {@link #NEVER} if a target was never
     *     reached
     * @param baselineOf the baseline of each variant; itself or null for none
     */
    public StudyTable(
            List<Study.Variant> variants,
            Metric.Direction better,
            Function<Study.Variant, Map<Long, Double>> measured,
            UnaryOperator<Study.Variant> baselineOf) {
        this.better = better;
        Map<Study.Variant, Map<Long, Double>> found = new LinkedHashMap<>();
        variants.forEach(v -> found.put(v, measured.apply(v)));
        keys = variants.isEmpty()
                ? List.of()
                : List.copyOf(variants.get(0).values().keySet());
        // A mean over the seeds that reached a target cannot be compared with a mean over all.
        double best = found.values().stream()
                .filter(m -> never(m) == 0)
                .mapToDouble(m -> mean(List.copyOf(known(m).values())))
                .filter(m -> !Double.isNaN(m))
                .boxed()
                .reduce((a, b) -> better.isBetter(b, a) ? b : a)
                .orElse(Double.NaN);
        for (Study.Variant v : variants) {
            Map<Long, Double> every = found.get(v);
            Map<Long, Double> own = known(every);
            List<Double> all = List.copyOf(own.values());
            Study.Variant baseline = baselineOf.apply(v);
            Map<Long, Double> pairs =
                    baseline == null || baseline == v ? Map.of() : differences(every, found.get(baseline));
            List<Double> differences = List.copyOf(known(pairs).values());
            double mean = mean(all);
            int never = never(every);
            rows.add(new Row(
                    v.values(),
                    new Seeds(all.size(), every.size() - all.size() - never, never, never(pairs)),
                    mean,
                    deviation(all),
                    mean(differences),
                    interval(differences),
                    never == 0 && mean == best));
        }
    }

    /** Differences by seed, if both have a value; {@link #NEVER} if one of them never reached the target. */
    private static Map<Long, Double> differences(Map<Long, Double> own, Map<Long, Double> base) {
        Map<Long, Double> differences = new TreeMap<>();
        own.forEach((seed, x) -> {
            Double y = base.get(seed);
            if (y != null) {
                differences.put(seed, x == NEVER || y == NEVER ? NEVER : x - y);
            }
        });
        return differences;
    }

    private static Map<Long, Double> known(Map<Long, Double> measured) {
        Map<Long, Double> known = new TreeMap<>(measured);
        known.values().removeIf(x -> !Double.isFinite(x));
        return known;
    }

    private static int never(Map<Long, Double> measured) {
        return (int) measured.values().stream().filter(x -> x == NEVER).count();
    }

    static double mean(List<Double> x) {
        return x.stream().mapToDouble(d -> d).average().orElse(Double.NaN);
    }

    /** Sample standard deviation; NaN for fewer than two. */
    static double deviation(List<Double> x) {
        double m = mean(x);
        return x.size() < 2
                ? Double.NaN
                : Math.sqrt(x.stream().mapToDouble(d -> (d - m) * (d - m)).sum() / (x.size() - 1));
    }

    /** Half of the 95 % confidence interval of the mean; NaN for fewer than two. */
    static double interval(List<Double> x) {
        return x.size() < 2
                ? Double.NaN
                : TDistribution.of(x.size() - 1).inverseCumulativeProbability(QUANTILE)
                        * deviation(x)
                        / Math.sqrt(x.size());
    }

    public List<Row> rows() {
        return rows;
    }

    private boolean compared() {
        return rows.stream().anyMatch(r -> r.incomparable() || !Double.isNaN(r.difference));
    }

    private static String number(double x, String none) {
        return Double.isNaN(x) ? none : String.format(Locale.ROOT, "%.2f", x);
    }

    private static String spread(double mean, double deviation, String plusMinus) {
        return number(mean, "-") + (Double.isNaN(deviation) ? "" : " " + plusMinus + " " + number(deviation, ""));
    }

    private static String shortened(String key) {
        return key.substring(key.lastIndexOf('.') + 1);
    }

    /** The table with aligned columns. */
    public String text(String measure) {
        List<List<String>> cells = new ArrayList<>();
        List<String> head =
                new ArrayList<>(keys.stream().map(StudyTable::shortened).toList());
        head.add(measure);
        head.add("n");
        if (compared()) {
            head.add("against the baseline");
        }
        cells.add(head);
        for (Row r : rows) {
            List<String> line = new ArrayList<>(r.values.values());
            line.add((r.said() ? spread(r.mean, r.deviation, "±") : "") + r.lost() + (r.best ? " *" : ""));
            line.add(String.valueOf(r.seeds.measured));
            if (compared()) {
                line.add(r.difference("±"));
            }
            cells.add(line);
        }
        StringBuilder out = new StringBuilder();
        for (List<String> line : cells) {
            for (int k = 0; k < line.size(); k++) {
                int column = k;
                int width = cells.stream()
                        .mapToInt(l -> l.get(column).length())
                        .max()
                        .orElse(0);
                out.append(line.get(k))
                        .append(
                                k + 1 < line.size()
                                        ? " ".repeat(width - line.get(k).length() + 2)
                                        : "");
            }
            out.append('\n');
        }
        return out + "(mean ± standard deviation over seeds; * the " + better.best()
                + (compared() ? "; differences seed by seed, ± 95 % confidence" : "")
                + (rows.stream().anyMatch(r -> r.seeds.never > 0) ? "; NA: the target was never reached" : "") + ")\n";
    }

    /** The table as CSV, one line per variant. */
    public String csv() {
        StringBuilder out = new StringBuilder(
                        String.join(",", keys.stream().map(StudyTable::quoted).toList()))
                .append(",n,mean,standard_deviation,difference,confidence_95,never_reached,unpaired\n");
        for (Row r : rows) {
            out.append(String.join(
                            ",",
                            r.values.values().stream().map(StudyTable::quoted).toList()))
                    .append(',')
                    .append(r.seeds.measured);
            out.append(',')
                    .append(r.seeds.measured == 0 && r.seeds.never > 0 ? NA : plain(r.mean))
                    .append(',')
                    .append(plain(r.deviation))
                    .append(',')
                    .append(r.incomparable() ? NA : plain(r.difference))
                    .append(',')
                    .append(plain(r.interval))
                    .append(',')
                    .append(r.seeds.never)
                    .append(',')
                    .append(r.seeds.unpaired)
                    .append('\n');
        }
        return out.toString();
    }

    private static String plain(double x) {
        return Double.isNaN(x) ? "" : String.valueOf(x);
    }

    private static String quoted(String s) {
        return s.matches("[A-Za-z0-9._-]*") ? s : '"' + s.replace("\"", "\"\"") + '"';
    }

    /** The table in Markdown. */
    public String markdown(String measure) {
        StringBuilder out = new StringBuilder("| "
                + String.join(" | ", keys.stream().map(StudyTable::shortened).toList()) + " | " + measure + " | n |"
                + (compared() ? " against the baseline |" : "") + "\n|"
                + "---|".repeat(keys.size() + 2 + (compared() ? 1 : 0)) + "\n");
        for (Row r : rows) {
            String value = (r.said() ? spread(r.mean, r.deviation, "±") : "") + r.lost();
            out.append("| ")
                    .append(String.join(" | ", r.values.values()))
                    .append(" | ")
                    .append(r.best ? "**" + value + "**" : value)
                    .append(" | ")
                    .append(r.seeds.measured)
                    .append(" |")
                    .append(compared() ? " " + r.difference("±") + " |" : "")
                    .append('\n');
        }
        return out.toString();
    }

    /** The table in LaTeX, with booktabs. */
    public String latex(String measure) {
        StringBuilder out = new StringBuilder("\\begin{tabular}{" + "l".repeat(keys.size()) + "rr"
                + (compared() ? "r" : "") + "}\n\\toprule\n"
                + String.join(
                        " & ", keys.stream().map(k -> escaped(shortened(k))).toList()) + " & " + escaped(measure)
                + " & $n$" + (compared() ? " & difference" : "")
                + " \\\\\n\\midrule\n");
        for (Row r : rows) {
            String value = (r.said() ? "$" + spread(r.mean, r.deviation, "\\pm") + "$" : "") + r.lost();
            out.append(String.join(
                            " & ",
                            r.values.values().stream().map(StudyTable::escaped).toList()))
                    .append(" & ")
                    .append(r.best ? "\\boldmath" + value : value)
                    .append(" & ")
                    .append(r.seeds.measured)
                    .append(compared() ? " & " + latexDifference(r) : "")
                    .append(" \\\\\n");
        }
        return out + "\\bottomrule\n\\end{tabular}\n";
    }

    private static String latexDifference(Row r) {
        if (r.incomparable()) {
            return NA;
        }
        return Double.isNaN(r.difference) ? "" : "$" + spread(r.difference, r.interval, "\\pm") + "$" + r.missing();
    }

    private static String escaped(String s) {
        return s.replace("\\", "\\textbackslash{}").replaceAll("([_&%#${}])", "\\\\$1");
    }
}
