package coterie.scenarios.results;

/** Cells of tables as CSV and LaTeX write them. */
public final class TableCells {
    private TableCells() {}

    /** A number for CSV; nothing for NaN. */
    public static String csv(double x) {
        return Double.isNaN(x) ? "" : String.valueOf(x);
    }

    /** A text for CSV, in quotes if it needs them. */
    public static String csv(String s) {
        return s.matches("[A-Za-z0-9._-]*") ? s : '"' + s.replace("\"", "\"\"") + '"';
    }

    /** A text for LaTeX. */
    public static String latex(String s) {
        return s.replace("\\", "\\textbackslash{}").replaceAll("([_&%#${}])", "\\\\$1");
    }
}
