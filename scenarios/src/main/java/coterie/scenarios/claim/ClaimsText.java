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
    private static final String NOTE =
            "effect: mean over seeds, positive if the claim is right (larger less smaller, or"
                    + " relative difference, slope a step, Spearman's ρ), ± its confidence interval; p and interval are"
                    + " corrected for the number of claims (Holm, 5 % for all together)";

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
                effect(j, "±"),
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

    private static String effect(Judgement j, String plusMinus) {
        return Double.isNaN(j.effect())
                ? "-"
                : number(j.effect()) + (Double.isNaN(j.interval()) ? "" : " " + plusMinus + " " + number(j.interval()));
    }

    /** Three significant digits. */
    private static String number(double x) {
        int digits = x == 0 ? 2 : Math.max(0, 2 - (int) Math.floor(Math.log10(Math.abs(x))));
        return String.format(Locale.ROOT, "%." + Math.min(digits, 9) + "f", x);
    }

    private static String probability(double p) {
        return Double.isNaN(p)
                ? "-"
                : p < LEAST_PROBABILITY ? "< " + LEAST_PROBABILITY : String.format(Locale.ROOT, "%.4f", p);
    }

    /** How many claims hold, fail, and so on, in one line. */
    public String summary() {
        return "claims: "
                + Arrays.stream(Verdict.values())
                        .map(v -> v.label() + " "
                                + judged.stream().filter(j -> j.verdict() == v).count())
                        .collect(Collectors.joining(", "));
    }

    /** The table with aligned columns, and a line that sums it up. */
    public String text() {
        List<List<String>> lines = new ArrayList<>(List.of(head()));
        judged.forEach(j -> lines.add(cells(j)));
        String aligned =
                AlignedText.of(lines).lines().map(String::stripTrailing).collect(Collectors.joining("\n"));
        return aligned + "\n(" + NOTE + ")\n" + summary() + "\n";
    }

    /** The table as CSV, one line a claim. */
    public String csv() {
        StringBuilder out =
                new StringBuilder("claim,verdict,what,measure,effect,interval,confidence,p,seeds,seeds_needed,from\n");
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
            out.append(String.join(",", cells)).append('\n');
        }
        return out.toString();
    }

    /** The table in Markdown. */
    public String markdown() {
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
        return out + "\n" + NOTE + ".\n";
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
                    .append(Double.isNaN(j.effect()) ? " & --" : " & $" + effect(j, "\\pm") + "$")
                    .append(" & ")
                    .append(j.seeds())
                    .append(" & ")
                    .append(Double.isNaN(j.probability()) ? "--" : "$" + probability(j.probability()) + "$")
                    .append(" \\\\\n");
        }
        return out + "\\bottomrule\n\\end{tabular}\n";
    }
}
