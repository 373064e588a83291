package coterie.scenarios.claim;

import coterie.scenarios.results.AlignedText;
import coterie.scenarios.results.TableCells;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The verdicts on a study's claims as text, CSV, Markdown and LaTeX. */
public final class ClaimsText {
    private static final double LEAST_PROBABILITY = 0.0001;
    private static final int EFFECT_DIGITS = 3;
    private static final int INTERVAL_DIGITS = 2;
    private static final int MOST_DECIMALS = 9;
    /** An interval that is a smaller share of its effect needs no decimals of its own. */
    private static final double LEAST_SHARE = 1e-4;

    private static final String NOTE =
            "effect: mean over n seeds, positive if the claim is right (larger less smaller, or relative"
                    + " difference, slope per step, Spearman's ρ), with its confidence interval (Student's t) in"
                    + " brackets; p and interval are corrected for the number of claims (Holm, 5 % for all together)";

    /** Head of the CSV. */
    static final String HEAD = "claim,verdict,what,measure,effect,interval,confidence,p,seeds,seeds_needed,from";

    private final List<Judgement> judged;

    public ClaimsText(List<Judgement> judged) {
        this.judged = List.copyOf(judged);
    }

    private static List<String> head() {
        return List.of("verdict", "claim", "what", "measure", "effect", "n", "p", "from");
    }

    private static List<String> cells(Judgement j) {
        return List.of(
                verdict(j),
                j.claim().name(),
                j.claim().relation().inWords(),
                j.claim().measure(),
                effect(j),
                String.valueOf(j.seeds()),
                probability(j.probability()),
                j.claim().from());
    }

    /** The verdict; if it is unclear, with the number of seeds that would tell. */
    private static String verdict(Judgement j) {
        if (j.verdict() != Verdict.UNCLEAR) {
            return j.verdict().label();
        }
        return j.verdict().label()
                + (j.seeds() < 2
                        ? " (too few seeds)"
                        : j.needed() > Effect.MOST_SEEDS
                                ? " (" + Effect.MOST_SEEDS + " seeds would not tell)"
                                : " (" + j.needed() + " seeds may tell)");
    }

    /** The effect and its interval with equally many decimals. */
    private static String effect(Judgement j) {
        if (Double.isNaN(j.effect())) {
            return "-";
        }
        boolean seen = j.interval() > LEAST_SHARE * Math.abs(j.effect());
        int decimals =
                Math.max(decimals(j.effect(), EFFECT_DIGITS), seen ? decimals(j.interval(), INTERVAL_DIGITS) : 0);
        String mean = number(j.effect(), decimals);
        return Double.isNaN(j.interval())
                ? mean
                : mean + " [" + number(j.effect() - j.interval(), decimals) + ", "
                        + number(j.effect() + j.interval(), decimals) + "]";
    }

    /** Decimals for that many significant digits. */
    private static int decimals(double x, int digits) {
        int shown = x == 0 || Double.isNaN(x) ? 0 : digits - 1 - (int) Math.floor(Math.log10(Math.abs(x)));
        return Math.max(0, Math.min(shown, MOST_DECIMALS));
    }

    private static String number(double x, int decimals) {
        return String.format(Locale.ROOT, "%." + decimals + "f", x);
    }

    private static String probability(double p) {
        return Double.isNaN(p) ? "-" : p < LEAST_PROBABILITY ? "< 0.0001" : String.format(Locale.ROOT, "%.4f", p);
    }

    /** How many claims hold, fail, and so on, in one line. */
    public String summary() {
        return "claims: "
                + Arrays.stream(Verdict.values())
                        .map(v -> v.label() + " " + count(judged, v))
                        .collect(Collectors.joining(", "));
    }

    static long count(List<Judgement> judged, Verdict verdict) {
        return judged.stream().filter(j -> j.verdict() == verdict).count();
    }

    /** The table with aligned columns, how to read it, and a line that sums it up. */
    public String text() {
        return aligned() + "(" + NOTE + ")\n" + summary() + "\n";
    }

    /** The table with aligned columns alone. */
    String aligned() {
        List<List<String>> lines = new ArrayList<>(List.of(head()));
        judged.forEach(j -> lines.add(cells(j)));
        return AlignedText.of(lines).lines().map(l -> l.stripTrailing() + "\n").collect(Collectors.joining());
    }

    /** The table as CSV, one line a claim. */
    public String csv() {
        return HEAD + "\n" + csvRows().stream().map(l -> l + "\n").collect(Collectors.joining());
    }

    /** The lines of the CSV below its head, without line ends. */
    List<String> csvRows() {
        List<String> out = new ArrayList<>();
        for (Judgement j : judged) {
            List<String> cells = List.of(
                    TableCells.csv(j.claim().name()),
                    TableCells.csv(j.verdict().label()),
                    TableCells.csv(j.claim().relation().inWords()),
                    TableCells.csv(j.claim().measure()),
                    TableCells.csv(j.effect()),
                    TableCells.csv(j.interval()),
                    TableCells.csv(j.confidence()),
                    TableCells.csv(j.probability()),
                    String.valueOf(j.seeds()),
                    String.valueOf(j.needed()),
                    TableCells.csv(j.claim().from()));
            out.add(String.join(",", cells));
        }
        return out;
    }

    /** The table in Markdown, and how to read it. */
    public String markdown() {
        return rows() + "\n" + note() + ".\n";
    }

    /** How to read a table, as a sentence without its full stop. */
    static String note() {
        return NOTE.substring(0, 1).toUpperCase(Locale.ROOT) + NOTE.substring(1);
    }

    /** The table in Markdown alone. */
    String rows() {
        StringBuilder out =
                new StringBuilder("| " + String.join(" | ", head()) + " |\n|" + "---|".repeat(head().size()) + "\n");
        for (Judgement j : judged) {
            List<String> cells = new ArrayList<>(cells(j));
            if (j.verdict() == Verdict.HOLDS) {
                cells.set(0, "**" + cells.get(0) + "**");
            }
            out.append("| ")
                    .append(cells.stream().map(c -> c.replace("|", "\\|")).collect(Collectors.joining(" | ")))
                    .append(" |\n");
        }
        return out.toString();
    }

    /** The table in LaTeX, with booktabs. */
    public String latex() {
        StringBuilder out = new StringBuilder("\\begin{tabular}{lllrrr}\n\\toprule\n"
                + "claim & verdict & measure & effect & $n$ & $p$ \\\\\n\\midrule\n");
        for (Judgement j : judged) {
            out.append(TableCells.latex(j.claim().name()))
                    .append(" & ")
                    .append(TableCells.latex(verdict(j)))
                    .append(" & ")
                    .append(TableCells.latex(j.claim().measure()))
                    .append(Double.isNaN(j.effect()) ? " & --" : " & $" + effect(j) + "$")
                    .append(" & ")
                    .append(j.seeds())
                    .append(" & ")
                    .append(Double.isNaN(j.probability()) ? "--" : "$" + probability(j.probability()) + "$")
                    .append(" \\\\\n");
        }
        return out + "\\bottomrule\n\\end{tabular}\n";
    }
}
