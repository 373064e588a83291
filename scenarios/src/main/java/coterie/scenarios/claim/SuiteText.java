package coterie.scenarios.claim;

import coterie.scenarios.results.Durations;
import coterie.scenarios.results.TableCells;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The verdicts of a suite as text, CSV, Markdown and LaTeX: a table for each of its studies. */
public final class SuiteText {
    private static final List<Verdict> VERDICTS = List.of(Verdict.values());

    private final ClaimSuite suite;

    public SuiteText(ClaimSuite suite) {
        this.suite = suite;
    }

    /** How many claims hold, fail, and so on, in one line. */
    public String summary() {
        return new ClaimsText(suite.judged()).summary();
    }

    /** What was computed, by what, and how long it took, in one sentence. */
    public String made() {
        ClaimSuite.Made m = suite.made();
        return "`" + m.command() + "` (version " + m.program() + ") made " + count(m.runs()) + " runs in "
                + Durations.inWords(m.runs().seconds()) + " on " + m.machine() + ".";
    }

    /** The tables with aligned columns. */
    public String text() {
        StringBuilder out = new StringBuilder(suite.name() + "\n\n");
        for (ClaimSuite.Study s : suite.studies()) {
            out.append(s.name()).append(": ").append(s.question()).append('\n');
            out.append(runs(s)).append("\n\n");
            out.append(new ClaimsText(s.judged()).aligned()).append('\n');
        }
        return out + "(" + ClaimsText.note() + ", for each study by itself)\n" + made().replace("`", "") + "\n"
                + summary() + "\n";
    }

    private static String runs(ClaimSuite.Study s) {
        return inWords(s.file(), s.runs());
    }

    /** A study's file, how many runs it has, and how long they took. */
    public static String inWords(String file, ClaimSuite.Runs runs) {
        return file + ", runs: " + count(runs) + ", " + Durations.inWords(runs.seconds());
    }

    private static String count(ClaimSuite.Runs runs) {
        return (runs.ended() == runs.all() ? "" : runs.ended() + " of ") + runs.all();
    }

    /** One line a claim. */
    public String csv() {
        StringBuilder out = new StringBuilder("suite,study," + ClaimsText.HEAD + "\n");
        for (ClaimSuite.Study s : suite.studies()) {
            new ClaimsText(s.judged())
                    .csvRows()
                    .forEach(line -> out.append(TableCells.csv(suite.name()))
                            .append(',')
                            .append(TableCells.csv(s.name()))
                            .append(',')
                            .append(line)
                            .append('\n'));
        }
        return out.toString();
    }

    /** A page in Markdown: what it is about, a summary, and a section for each study. */
    public String markdown() {
        StringBuilder out = new StringBuilder("# Claims: " + suite.name() + "\n\n");
        out.append(suite.about()).append(' ').append(made()).append("\n\n");
        List<String> head = new ArrayList<>(List.of("study", "claims"));
        VERDICTS.forEach(v -> head.add(v.label()));
        head.addAll(List.of("runs", "time"));
        out.append("| ")
                .append(String.join(" | ", head))
                .append(" |\n|---|")
                .append("---:|".repeat(head.size() - 1))
                .append('\n');
        for (ClaimSuite.Study s : suite.studies()) {
            row(out, "[" + s.name() + "](#" + s.name().toLowerCase(Locale.ROOT) + ")", s.judged(), s.runs());
        }
        row(out, "all", suite.judged(), suite.made().runs());
        out.append('\n')
                .append(ClaimsText.note())
                .append(", for each study by itself. *n*: seeds. Time is that in which any run was under way; studies")
                .append(" share runs, which count in each.\n");
        for (ClaimSuite.Study s : suite.studies()) {
            out.append("\n## ").append(s.name()).append("\n\n");
            if (!s.question().isEmpty()) {
                out.append(s.question()).append("\n\n");
            }
            out.append("`").append(runs(s).replaceFirst(",", "`,")).append(".\n\n");
            out.append(new ClaimsText(s.judged()).rows());
        }
        return out.toString();
    }

    private static void row(StringBuilder out, String name, List<Judgement> judged, ClaimSuite.Runs runs) {
        out.append("| ").append(name).append(" | ").append(judged.size()).append(" | ");
        out.append(VERDICTS.stream()
                .map(v -> String.valueOf(ClaimsText.count(judged, v)))
                .collect(Collectors.joining(" | ")));
        out.append(" | ")
                .append(count(runs))
                .append(" | ")
                .append(Durations.inWords(runs.seconds()))
                .append(" |\n");
    }

    /** A table with booktabs for each study, under a comment that names it. */
    public String latex() {
        StringBuilder out =
                new StringBuilder("% " + made().replace("`", "") + "\n% " + ClaimsText.note() + ", for each study.\n");
        for (ClaimSuite.Study s : suite.studies()) {
            out.append("\n% ")
                    .append(s.name())
                    .append(": ")
                    .append(s.question().replaceAll("\\s+", " "))
                    .append('\n')
                    .append(new ClaimsText(s.judged()).latex());
        }
        return out.toString();
    }
}
