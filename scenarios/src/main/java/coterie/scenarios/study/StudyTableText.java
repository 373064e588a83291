package coterie.scenarios.study;

import coterie.scenarios.results.AlignedText;
import coterie.scenarios.results.TableCells;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A study's table as text, CSV, Markdown and LaTeX. Where no seed of a variant reached the target, its cell says NA.
 */
public final class StudyTableText {
    private static final String NA = "NA";

    private final StudyTable table;
    private final String measure;

    /** @param measure name of what was measured */
    public StudyTableText(StudyTable table, String measure) {
        this.table = table;
        this.measure = measure;
    }

    /** A remark on seeds without a number. */
    public static String lost(StudyTable.Row r) {
        StudyTable.Seeds seeds = r.seeds();
        if (seeds.measured() == 0 && seeds.never() == 0) {
            return seeds.diverged() > 0 ? "diverged" : "";
        }
        if (seeds.measured() == 0) {
            return NA + (seeds.diverged() > 0 ? " (" + seeds.diverged() + " diverged)" : "");
        }
        List<String> all = new ArrayList<>();
        if (seeds.diverged() > 0) {
            all.add(seeds.diverged() + " diverged");
        }
        if (seeds.never() > 0) {
            all.add(seeds.never() + " " + NA);
        }
        return all.isEmpty() ? "" : " (" + String.join(", ", all) + ")";
    }

    /** Whether the cell shows a number. */
    private static boolean said(StudyTable.Row r) {
        StudyTable.Seeds seeds = r.seeds();
        return seeds.measured() > 0 || seeds.diverged() + seeds.never() == 0;
    }

    private static String difference(StudyTable.Row r) {
        return r.incomparable() ? NA : interval(r) + missing(r);
    }

    /** The difference with its confidence interval in brackets: in the same table, ± is a standard deviation. */
    private static String interval(StudyTable.Row r) {
        double mean = r.difference();
        return number(mean, "-")
                + (Double.isNaN(r.interval())
                        ? ""
                        : " [" + number(mean - r.interval(), "") + ", " + number(mean + r.interval(), "") + "]");
    }

    private static String missing(StudyTable.Row r) {
        return r.seeds().unpaired() > 0 ? " (" + r.seeds().unpaired() + " " + NA + ")" : "";
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
    public String text() {
        List<List<String>> cells = new ArrayList<>();
        List<String> head = new ArrayList<>(
                table.keys().stream().map(StudyTableText::shortened).toList());
        head.add(measure);
        head.add("n");
        if (table.compared()) {
            head.add("against the baseline");
        }
        cells.add(head);
        for (StudyTable.Row r : table.rows()) {
            List<String> line = new ArrayList<>(r.values().values());
            line.add((said(r) ? spread(r.mean(), r.deviation(), "±") : "") + lost(r) + (r.best() ? " *" : ""));
            line.add(String.valueOf(r.seeds().measured()));
            if (table.compared()) {
                line.add(difference(r));
            }
            cells.add(line);
        }
        return AlignedText.of(cells) + "(" + note("*", "±") + ")\n";
    }

    /** How to read the table. */
    private String note(String best, String plusMinus) {
        return "mean " + plusMinus + " standard deviation over n seeds (of the sample, ddof 1); " + best + ": the "
                + table.better().best()
                + (table.compared()
                        ? "; differences: means over seeds, seed by seed, with their 95 % confidence interval"
                                + " (Student's t) in brackets"
                        : "")
                + (table.rows().stream().anyMatch(r -> r.seeds().never() > 0)
                        ? "; NA: " + (measure.matches(".*@.*s") ? "the run had ended" : "the target was never reached")
                        : "");
    }

    /** The table as CSV, one line per variant. */
    public String csv() {
        StringBuilder out = new StringBuilder(String.join(
                        ",", table.keys().stream().map(TableCells::csv).toList()))
                .append(",n,mean,standard_deviation,difference,confidence_95,never_reached,unpaired\n");
        for (StudyTable.Row r : table.rows()) {
            out.append(String.join(
                            ",",
                            r.values().values().stream().map(TableCells::csv).toList()))
                    .append(',')
                    .append(r.seeds().measured());
            out.append(',')
                    .append(r.seeds().measured() == 0 && r.seeds().never() > 0 ? NA : TableCells.csv(r.mean()))
                    .append(',')
                    .append(TableCells.csv(r.deviation()))
                    .append(',')
                    .append(r.incomparable() ? NA : TableCells.csv(r.difference()))
                    .append(',')
                    .append(TableCells.csv(r.interval()))
                    .append(',')
                    .append(r.seeds().never())
                    .append(',')
                    .append(r.seeds().unpaired())
                    .append('\n');
        }
        return out.toString();
    }

    /** The table in Markdown. */
    public String markdown() {
        StringBuilder out = new StringBuilder("| "
                + String.join(
                        " | ",
                        table.keys().stream().map(StudyTableText::shortened).toList()) + " | " + measure + " | n |"
                + (table.compared() ? " against the baseline |" : "") + "\n|"
                + "---|".repeat(table.keys().size() + 2 + (table.compared() ? 1 : 0)) + "\n");
        for (StudyTable.Row r : table.rows()) {
            String value = (said(r) ? spread(r.mean(), r.deviation(), "±") : "") + lost(r);
            out.append("| ")
                    .append(String.join(" | ", r.values().values()))
                    .append(" | ")
                    .append(r.best() ? "**" + value + "**" : value)
                    .append(" | ")
                    .append(r.seeds().measured())
                    .append(" |")
                    .append(table.compared() ? " " + difference(r) + " |" : "")
                    .append('\n');
        }
        String note = note("bold", "±");
        return out + "\n" + note.substring(0, 1).toUpperCase(Locale.ROOT) + note.substring(1) + ".\n";
    }

    /** The table in LaTeX, with booktabs; a comment says how to read it. */
    public String latex() {
        StringBuilder out = new StringBuilder("% " + note("bold", "+-") + "\n\\begin{tabular}{"
                + "l".repeat(table.keys().size()) + "rr"
                + (table.compared() ? "r" : "") + "}\n\\toprule\n"
                + String.join(
                        " & ",
                        table.keys().stream()
                                .map(k -> TableCells.latex(shortened(k)))
                                .toList()) + " & " + TableCells.latex(measure)
                + " & $n$" + (table.compared() ? " & difference" : "")
                + " \\\\\n\\midrule\n");
        for (StudyTable.Row r : table.rows()) {
            String value = (said(r) ? "$" + spread(r.mean(), r.deviation(), "\\pm") + "$" : "") + lost(r);
            out.append(String.join(
                            " & ",
                            r.values().values().stream().map(TableCells::latex).toList()))
                    .append(" & ")
                    .append(r.best() ? "\\boldmath" + value : value)
                    .append(" & ")
                    .append(r.seeds().measured())
                    .append(table.compared() ? " & " + latexDifference(r) : "")
                    .append(" \\\\\n");
        }
        return out + "\\bottomrule\n\\end{tabular}\n";
    }

    private static String latexDifference(StudyTable.Row r) {
        if (r.incomparable()) {
            return NA;
        }
        return Double.isNaN(r.difference()) ? "" : "$" + interval(r) + "$" + missing(r);
    }
}
