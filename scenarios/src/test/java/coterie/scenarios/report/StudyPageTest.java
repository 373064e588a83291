package coterie.scenarios.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import coterie.actors.event.Observation;
import coterie.model.task.Metric;
import coterie.model.task.Task;
import coterie.scenarios.claim.Cells;
import coterie.scenarios.claim.Claim;
import coterie.scenarios.claim.Judgement;
import coterie.scenarios.claim.Relation;
import coterie.scenarios.claim.Verdict;
import coterie.scenarios.config.InputException;
import coterie.scenarios.results.Recorder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page of a study with claims: five strategies on two graphs under two seeds. */
class StudyPageTest {
    private static final List<String> STRATEGIES = List.of("local", "fedavg", "oracle", "one", "two");
    private static final List<Judgement> JUDGED = List.of(
            judged("mixing helps", Verdict.HOLDS, less("fedavg", "local"), 1.5, 0.25),
            judged("the ring hurts", Verdict.FAILS, less("ring", "full"), -1, 0.5),
            judged(
                    "one is like two",
                    Verdict.UNCLEAR,
                    new Relation.Equal(cells("one"), cells("two"), 0.02),
                    0.01,
                    0.03),
            judged("it ends", Verdict.NOT_REACHED, less("oracle", "local"), Double.NaN, Double.NaN));

    @TempDir
    private Path folder;

    private Path tables;

    private static Cells cells(String word) {
        return new Cells(Map.of(STRATEGIES.contains(word) ? "collaboration.strategy" : "topology.kind", word));
    }

    private static Relation less(String a, String b) {
        return new Relation.Less(cells(a), cells(b));
    }

    private static Judgement judged(String name, Verdict verdict, Relation relation, double effect, double interval) {
        Claim claim = new Claim(name, "<Table 5>: 1 < 2", "perplexity.mean", relation);
        return new Judgement(claim, verdict, effect, interval, 0.95, 0.001, 2, verdict == Verdict.UNCLEAR ? 1001 : 0);
    }

    /** A run's folder with as much in it as a study's page reads. */
    private Path run(String name, double end) throws IOException {
        Path run = Files.createDirectories(folder.resolve("runs").resolve(name));
        Files.writeString(run.resolve("summary.json"), "{\"users\": 1, \"perplexity\": {\"mean\": " + end + "}}");
        Files.writeString(run.resolve("report.html"), "");
        try (Recorder recorder =
                new Recorder(run, Task.LANGUAGE_MODELLING, (user, phase) -> "", false, false, null, 0)) {
            for (int k = 0; k <= 5; k++) {
                recorder.observed(new Observation.Evaluated(
                        10.0 * k, 0, 5 * k, k, Task.LANGUAGE_MODELLING.values(Math.log(60 + (end - 60) * k / 5))));
            }
        }
        return run;
    }

    @BeforeEach
    void write() throws IOException {
        List<Comparison.Row> rows = new ArrayList<>();
        for (String strategy : STRATEGIES) {
            for (String graph : List.of("full", "ring")) {
                Map<String, String> values = new LinkedHashMap<>();
                values.put("collaboration.strategy", strategy);
                values.put("topology.kind", graph);
                double mean = 20 + rows.size();
                rows.add(new Comparison.Row(
                        strategy + ", " + graph,
                        values,
                        new Comparison.Found(2, mean, 1.4, ""),
                        rows.isEmpty()
                                ? Comparison.Difference.NONE
                                : new Comparison.Difference(rows.size(), 0.5, false),
                        rows.isEmpty(),
                        List.of(
                                new Comparison.Run(1, run("a" + rows.size(), mean - 1)),
                                new Comparison.Run(2, run("b" + rows.size(), mean + 1)))));
            }
        }
        Comparison comparison = new Comparison(
                "Study x",
                List.of("collaboration.strategy", "topology.kind"),
                "perplexity.mean",
                Metric.Direction.LOWER,
                "seeds",
                rows,
                "as text");
        tables = Files.createDirectories(folder.resolve("x"));
        StudyPage.write(tables, comparison, "Does mixing help?", JUDGED);
    }

    @Test
    void eachClaimKnowsItsVariants() throws IOException {
        JsonNode claims = StudyPage.read(tables).path("claims");
        assertThat(claims).hasSize(4);
        assertThat(claims.at("/0/rows").toString()).as("of both graphs").isEqualTo("[0,1,2,3]");
        assertThat(claims.at("/1/rows").toString()).isEqualTo("[0,1,2,3,4,5,6,7,8,9]");
        assertThat(claims.at("/2/quantity").asText()).isEqualTo("relative difference of perplexity.mean");
        assertThat(claims.at("/2/within").asDouble()).isEqualTo(0.02);
        assertThat(claims.at("/3/effect").isNull()).isTrue();
    }

    @Test
    void figuresAreDrawnWithoutABrowser() throws IOException {
        Map<String, String> figures = Figures.of(StudyPage.read(tables));
        assertThat(figures.keySet())
                .containsExactly(
                        "effects.svg", "effects-2.svg", "forest.svg", "curves-full.svg", "curves-ring.svg", "grid.svg");
        assertThat(figures.get("effects.svg"))
                .contains(">mixing helps<", ">the ring hurts<", ">holds<", ">fails<")
                .contains(">Difference of perplexity.mean (right: as claimed)<")
                .doesNotContain(">it ends<", ">unclear<", "NaN", "undefined");
        assertThat(figures.get("effects-2.svg"))
                .contains(">one is like two<", ">unclear<", ">Relative difference of perplexity.mean (%)<");
        assertThat(figures.get("curves-ring.svg"))
                .as("a line for each strategy, and none of the other graph")
                .contains(">local<", ">two<", ">virtual time (s)<")
                .doesNotContain(">ring<", "NaN");
        SavedCharts.assertShow(tables.resolve("report.html"), figures);
    }

    @Test
    void theVerdictsComeFirstAndLeadToTheRuns() throws IOException {
        try (Browser browser = new Browser(1200, 1000)) {
            browser.open(tables.resolve("report.html").toUri().toString());
            browser.seeEverything();
            assertThat(browser.js("return document.querySelector('section').id"))
                    .isEqualTo("verdicts");
            assertThat((String) browser.js("return document.querySelector('#verdicts table').textContent"))
                    .contains(
                            "✓ holds",
                            "✗ fails",
                            "? unclear",
                            "– not reached",
                            "1.50 [1.25, 1.75]",
                            "> 1,000",
                            "<Table 5>: 1 < 2",
                            "fedavg < local");
            assertThat(browser.js("return document.querySelectorAll('#verdicts tbody tr:first-child a').length"))
                    .isEqualTo(8L);
            assertThat((String) browser.js("return document.querySelector('#verdicts tbody a').getAttribute('href')"))
                    .isEqualTo("../runs/a0/report.html");
            assertThat(browser.colours("#effects-chart")).isGreaterThan(3);
            assertThat(browser.option("#curves-ring-chart", "series.length"))
                    .as("a line and a band each")
                    .isEqualTo(10L);
            assertThat(browser.complaints()).isEmpty();
        }
    }

    @Test
    void aSuiteShowsTheVerdictsOfItsStudies() throws IOException {
        List<SuitePage.Part> parts = List.of(new SuitePage.Part("x", tables, "x.yaml, runs: 20, 90 s"));
        JsonNode data = SuitePage.data(folder, "mini", "Mixing helps.", "coterie made it.", parts);
        assertThat(data.at("/studies/0/question").asText()).isEqualTo("Does mixing help?");
        assertThat(data.at("/studies/0/report").asText()).isEqualTo("x/report.html");
        assertThat(data.at("/studies/0/rows/1/runs/0/report").asText()).isEqualTo("runs/a1/report.html");
        assertThat(Figures.of(data).keySet()).containsExactly("x-effects.svg", "x-effects-2.svg");
        SuitePage.write(folder, "mini", "Mixing helps.", "coterie made it.", parts);
        try (Browser browser = new Browser(1200, 1000)) {
            browser.open(folder.resolve("claims.html").toUri().toString());
            browser.seeEverything();
            assertThat((String) browser.js("return document.body.textContent"))
                    .contains("Claims: mini", "Mixing helps.", "Does mixing help?", "✓ 1 holds", "x.yaml, runs: 20");
            assertThat(browser.colours("#x-effects-chart")).isGreaterThan(3);
            assertThat(browser.complaints()).isEmpty();
        }
    }

    @Test
    void aStudyOfAnEarlierVersionHasToBeWrittenAgain() throws IOException {
        Files.delete(tables.resolve("report.json"));
        assertThatThrownBy(() -> StudyPage.read(tables))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("coterie study writes them again");
    }
}
