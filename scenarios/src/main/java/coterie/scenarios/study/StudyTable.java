package coterie.scenarios.study;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.apache.commons.statistics.distribution.TDistribution;

/**
 * What a study has found: of each variant the mean over seeds, its standard deviation, and the difference to the baseline, seed by seed, with the 95 %
 * confidence interval of Student's t: d̄ ± t₀.₉₇₅(n−1) · s_d / √n.
 *
 * <p>Worked example: 10, 12, 11 against 12, 13, 14 are the differences −2, −1, −3: their mean is −2, s_d is 1, and 4.303 · 1 / √3 = 2.48.
 */
public final class StudyTable {
    private static final double QUANTILE = 0.975;

    /** A row. NaN where there is nothing to say. */
    public record Row(Map<String, String> values, int n, int diverged, double mean, double deviation,
            double difference, double interval, boolean best) {
        /** What stands in a cell beside or instead of a number, where training has diverged under some seeds. */
        private String lost() {
            return diverged == 0 ? "" : n == 0 ? "diverged" : " (" + diverged + " diverged)";
        }
    }

    private final List<String> keys;
    private final List<Row> rows = new ArrayList<>();

    /**
     * Adds up.
     *
     * @param measured of each variant what was measured under each seed, where it was; NaN where training diverged
     * @param baseline null for none
     */
    public StudyTable(List<Study.Variant> variants, Function<Study.Variant, Map<Long, Double>> measured, String baseline) {
        keys = variants.isEmpty() ? List.of() : List.copyOf(variants.get(0).values().keySet());
        Map<Long, Double> base = variants.stream().filter(v -> v.name().equals(baseline)).findFirst().map(measured)
                .map(StudyTable::known).orElse(Map.of());
        double lowest = variants.stream().mapToDouble(v -> mean(List.copyOf(known(measured.apply(v)).values())))
                .filter(m -> !Double.isNaN(m)).min().orElse(Double.NaN);
        for (Study.Variant v : variants) {
            Map<Long, Double> every = measured.apply(v);
            Map<Long, Double> own = known(every);
            List<Double> all = List.copyOf(own.values());
            List<Double> differences = v.name().equals(baseline) ? List.of()
                    : own.keySet().stream().filter(base::containsKey).map(s -> own.get(s) - base.get(s)).toList();
            double mean = mean(all);
            rows.add(new Row(v.values(), all.size(), every.size() - all.size(), mean, deviation(all),
                    mean(differences), interval(differences), mean == lowest));
        }
    }

    private static Map<Long, Double> known(Map<Long, Double> measured) {
        Map<Long, Double> known = new TreeMap<>(measured);
        known.values().removeIf(x -> Double.isNaN(x));
        return known;
    }

    static double mean(List<Double> x) {
        return x.stream().mapToDouble(d -> d).average().orElse(Double.NaN);
    }

    /** Sample standard deviation; NaN of fewer than two. */
    static double deviation(List<Double> x) {
        double m = mean(x);
        return x.size() < 2 ? Double.NaN : Math.sqrt(x.stream().mapToDouble(d -> (d - m) * (d - m)).sum() / (x.size() - 1));
    }

    /** Half of the 95 % confidence interval of the mean; NaN of fewer than two. */
    static double interval(List<Double> x) {
        return x.size() < 2 ? Double.NaN : TDistribution.of(x.size() - 1).inverseCumulativeProbability(QUANTILE) * deviation(x) / Math.sqrt(x.size());
    }

    public List<Row> rows() {
        return rows;
    }

    private boolean compared() {
        return rows.stream().anyMatch(r -> !Double.isNaN(r.difference));
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

    /** Columns that line up. */
    public String text(String measure) {
        List<List<String>> cells = new ArrayList<>();
        List<String> head = new ArrayList<>(keys.stream().map(StudyTable::shortened).toList());
        head.add(measure);
        head.add("n");
        if (compared()) {
            head.add("against the baseline");
        }
        cells.add(head);
        for (Row r : rows) {
            List<String> line = new ArrayList<>(r.values.values());
            line.add((r.n == 0 && r.diverged > 0 ? "" : spread(r.mean, r.deviation,
                    "±")) + r.lost() + (r.best ? " *" : ""));
            line.add(String.valueOf(r.n));
            if (compared()) {
                line.add(spread(r.difference, r.interval, "±"));
            }
            cells.add(line);
        }
        StringBuilder out = new StringBuilder();
        for (List<String> line : cells) {
            for (int k = 0; k < line.size(); k++) {
                int column = k;
                int width = cells.stream().mapToInt(l -> l.get(column).length()).max().orElse(0);
                out.append(line.get(k)).append(k + 1 < line.size() ? " ".repeat(width - line.get(k).length() + 2) : "");
            }
            out.append('\n');
        }
        return out + "(mean ± standard deviation over seeds; * the lowest" + (compared() ? "; differences seed by seed, ± 95 % confidence" : "") + ")\n";
    }

    /** A line a variant, for programs. */
    public String csv() {
        StringBuilder out = new StringBuilder(String.join(",", keys.stream().map(StudyTable::quoted).toList()))
                .append(",n,mean,standard_deviation,difference,confidence_95\n");
        for (Row r : rows) {
            out.append(String.join(",", r.values.values().stream().map(StudyTable::quoted).toList())).append(',').append(r.n);
            for (double x : new double[] {r.mean, r.deviation, r.difference, r.interval}) {
                out.append(',').append(Double.isNaN(x) ? "" : x);
            }
            out.append('\n');
        }
        return out.toString();
    }

    private static String quoted(String s) {
        return s.matches("[A-Za-z0-9._-]*") ? s : '"' + s.replace("\"", "\"\"") + '"';
    }

    /** A table as Markdown has it. */
    public String markdown(String measure) {
        StringBuilder out = new StringBuilder("| " + String.join(" | ", keys.stream().map(StudyTable::shortened).toList()) + " | " + measure + " | n |"
                + (compared() ? " against the baseline |" : "") + "\n|" + "---|".repeat(keys.size() + 2 + (compared() ? 1 : 0)) + "\n");
        for (Row r : rows) {
            String value = (r.n == 0 && r.diverged > 0 ? "" : spread(r.mean, r.deviation, "±")) + r.lost();
            out.append("| ").append(String.join(" | ", r.values.values())).append(" | ").append(r.best ? "**" + value + "**" : value).append(" | ").append(r.n)
                    .append(" |").append(compared() ? " " + spread(r.difference, r.interval, "±") + " |" : "").append('\n');
        }
        return out.toString();
    }

    /** A table as LaTeX has it, with booktabs. */
    public String latex(String measure) {
        StringBuilder out = new StringBuilder("\\begin{tabular}{" + "l".repeat(keys.size()) + "rr" + (compared() ? "r" : "") + "}\n\\toprule\n"
                + String.join(" & ", keys.stream().map(k -> escaped(shortened(k))).toList()) + " & " + escaped(measure) + " & $n$" + (compared() ? " & difference" : "")
                + " \\\\\n\\midrule\n");
        for (Row r : rows) {
            String value = (r.n == 0 && r.diverged > 0 ? "" : "$" + spread(r.mean, r.deviation,
                    "\\pm") + "$") + r.lost();
            out.append(String.join(" & ", r.values.values().stream().map(StudyTable::escaped).toList())).append(" & ")
                    .append(r.best ? "\\boldmath" + value : value).append(" & ").append(r.n)
                    .append(compared() ? " & " + (Double.isNaN(r.difference) ? "" : "$" + spread(r.difference, r.interval, "\\pm") + "$") : "").append(" \\\\\n");
        }
        return out + "\\bottomrule\n\\end{tabular}\n";
    }

    private static String escaped(String s) {
        return s.replace("\\", "\\textbackslash{}").replaceAll("([_&%#${}])", "\\\\$1");
    }
}
