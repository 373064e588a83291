package coterie.scenarios.claim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The verdicts of two studies in one document. */
class SuiteTextTest {
    private static Judgement judged(String name, Verdict verdict, double effect, double interval) {
        Cells a = new Cells(Map.of("k", "a"));
        Cells b = new Cells(Map.of("k", "b"));
        Claim claim = new Claim(name, "Table 1: 2 < 3", "loss.mean", new Relation.Less(a, b));
        int needed = verdict == Verdict.UNCLEAR ? 12 : 0;
        return new Judgement(claim, verdict, effect, interval, 0.975, 0.01, 5, needed);
    }

    private final SuiteText text = new SuiteText(new ClaimSuite(
            "mini",
            "Mixing helps.",
            new ClaimSuite.Made(
                    "./coterie reproduce mini", "1-abc", "a processor, cores: 2", new ClaimSuite.Runs(12, 13, 4000)),
            List.of(
                    new ClaimSuite.Study(
                            "one",
                            "Does it?",
                            "claims/mini/one.yaml",
                            List.of(judged("right", Verdict.HOLDS, 1.5, 0.25), judged("far", Verdict.UNCLEAR, 0.1, 2)),
                            new ClaimSuite.Runs(10, 10, 90)),
                    new ClaimSuite.Study(
                            "two",
                            "",
                            "claims/mini/two.yaml",
                            List.of(judged("wrong", Verdict.FAILS, -1234, 60)),
                            new ClaimSuite.Runs(4, 6, 4000)))));

    @Test
    void markdownIsADocumentWithASectionForEachStudy() {
        assertThat(text.markdown())
                .startsWith("# Claims: mini\n\nMixing helps. `./coterie reproduce mini` (version 1-abc) made 12 of 13"
                        + " runs in 67 min on a processor, cores: 2.\n\n"
                        + "| study | claims | holds | fails | unclear | not reached | runs | time |\n")
                .contains(
                        "| [one](#one) | 2 | 1 | 0 | 1 | 0 | 10 | 90 s |\n",
                        "| [two](#two) | 1 | 0 | 1 | 0 | 0 | 4 of 6 | 67 min |\n",
                        "| all | 3 | 1 | 1 | 1 | 0 | 12 of 13 | 67 min |\n",
                        "\n## one\n\nDoes it?\n\n`claims/mini/one.yaml`, runs: 10, 90 s.\n\n| verdict | claim |",
                        "\n## two\n\n`claims/mini/two.yaml`, runs: 4 of 6, 67 min.\n\n| verdict | claim |",
                        "| **holds** | right | a < b | loss.mean | 1.50 [1.25, 1.75] | 5 | 0.0100 | Table 1: 2 < 3 |",
                        "| unclear (12 seeds may tell) | far | a < b | loss.mean | 0.100 [-1.900, 2.100] |",
                        "| fails | wrong | a < b | loss.mean | -1234 [-1294, -1174] |");
    }

    @Test
    void otherFormsSayTheSame() {
        assertThat(text.text())
                .contains("one: Does it?\n", "holds", "1.50 [1.25, 1.75]", "claims: holds 1, fails 1, unclear 1")
                .doesNotContain("`");
        assertThat(text.csv().lines())
                .hasSize(4)
                .startsWith(
                        "suite,study,claim,verdict,what,measure,effect,interval,confidence,p,seeds,seeds_needed,from")
                .anyMatch(l -> l.startsWith("mini,two,wrong,fails,\"a < b\",loss.mean,-1234.0,60.0,0.975,0.01,5,0,"));
        assertThat(text.latex())
                .contains("% one: Does it?\n\\begin{tabular}", "right & holds & loss.mean & $1.50 [1.25, 1.75]$ & 5");
    }
}
