package coterie.scenarios.report;

import static org.assertj.core.api.Assertions.assertThat;

import coterie.actors.event.Observation;
import coterie.actors.message.Payload;
import coterie.actors.message.SentTotals;
import coterie.model.task.Metric;
import coterie.model.task.Task;
import coterie.model.trust.TrustRow;
import coterie.scenarios.results.Recorder;
import coterie.topology.random.Purpose;
import coterie.topology.random.RandomStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page of a run, in a browser and by its bytes. */
class ReportPageTest {
    private static final String[] CHARTS = {
        "#perplexity-chart",
        "#trust-learned",
        "#trust-oracle",
        "#graph-chart",
        "#versions-chart",
        "#ages-chart",
        "#participation-chart",
        "#timeline-chart",
        "#traffic-chart",
        "#change-chart",
        "#oracle-distance-chart",
        "#distance-chart"
    };

    @TempDir
    private Path folder;

    /**
     * A plausible run of two categories on a ring: turns of about 30 s, falling losses, and trust that finds users of
     * the same category.
     */
    static RunReport dataset(int users, int turns) {
        double[][] mixtures = IntStream.range(0, users)
                .mapToObj(u -> u % 2 == 0 ? new double[] {1, 0} : new double[] {0, 1})
                .toArray(double[][]::new);
        List<int[]> edges = new ArrayList<>();
        for (int u = 0; u < users; u++) {
            edges.add(new int[] {u, (u + 1) % users});
        }
        RunReport report =
                new RunReport(new RunParticipants(List.of("left", "right"), mixtures, edges), Task.LANGUAGE_MODELLING);
        double[] began = new double[users];
        for (int u = 0; u < users; u++) {
            report.observed(new Observation.Evaluated(0, u, 0, 0, Task.LANGUAGE_MODELLING.values(4)));
        }
        for (int turn = 1; turn <= turns; turn++) {
            for (int u = 0; u < users; u++) {
                RandomStream random = RandomStream.of(1, Purpose.COMPUTE_TIME, u, turn);
                double end = turn * 30.0 + 20.0 * u / users + random.uniform();
                boolean takesPart = random.chance(0.8);
                report.observed(new Observation.TurnEnded(
                        end,
                        u,
                        turn,
                        began[u],
                        10 * turn,
                        3,
                        100,
                        true,
                        takesPart,
                        new SentTotals(2, 0, 1000, 500),
                        turn));
                began[u] = end;
                int other = (u + 1) % users;
                if (takesPart) {
                    report.observed(new Observation.Received(
                            end + 0.1, other, u, turn, false, Payload.Kind.SNAPSHOT, turn, end, true));
                    double w = 0.5 / (1 + Math.exp(-0.1 * turn));
                    int[] candidates = {Math.min(u, other), Math.max(u, other)};
                    double[] weights = u < other ? new double[] {1 - w, w} : new double[] {w, 1 - w};
                    report.observed(new Observation.Mixed(
                            end,
                            u,
                            turn,
                            new TrustRow(candidates, weights, new int[] {0, 1}, new int[2], turn, 0, 5.0 / turn),
                            new int[] {turn, turn},
                            new double[] {0, 31},
                            new double[] {0, 60}));
                }
                report.observed(new Observation.Evaluated(
                        end,
                        u,
                        10 * turn,
                        turn,
                        Task.LANGUAGE_MODELLING.values(4 - 2 * turn / (turn + 5.0) + 0.1 * random.gaussian())));
            }
            if (turn == 2) {
                report.observed(new Observation.Crashed(75, 1, 2, 1, 85));
                report.observed(new Observation.Slept(80, 0, 2, 88));
            }
            report.wall(turn);
        }
        return report;
    }

    /** A task with two reported metrics, one of which is better the higher it is. */
    @Test
    void eachReportedMetricHasAChartOfItsOwn() throws IOException {
        RunReport report = new RunReport(
                new RunParticipants(List.of("left", "right"), new double[][] {{1, 0}, {0, 1}}, null),
                Task.CLASSIFICATION);
        for (int turn = 0; turn < 5; turn++) {
            for (int u = 0; u < 2; u++) {
                report.observed(new Observation.Evaluated(
                        10 * turn, u, turn, turn, Task.CLASSIFICATION.values(1.5 - 0.2 * turn, 0.5 + 0.1 * turn)));
            }
        }
        Path run = Files.createDirectories(folder.resolve("classes"));
        Files.writeString(run.resolve("scenario.yaml"), "name: classes\n");
        RunPage.write(run, "classes", report, """
                {"scenario": "x", "seed": 1, "status": "completed", "strategy": "s", "users": 2,
                 "topology": "ring", "mode": "asynchronous", "clock": "virtual",
                 "accuracy": {"mean": 0.9, "std": 0, "before": [0.5, 0.5]},
                 "loss": {"mean": 0.7, "std": 0, "before": [1.5, 1.5]},
                 "staleness": {"mean_versions": 1, "mean_seconds": 31}, "participation": 0.8,
                 "bytes_sent": {"total": 12345}, "messages": {"sent": 10, "lost": 1}, "consensus_distance": 1,
                 "trust_to_oracle_l1": 0.5, "virtual_seconds": 900, "wall_seconds": 30, "tokens_per_second": 1000}""");
        try (Browser browser = new Browser(1200, 1000)) {
            browser.open(run.resolve("report.html").toUri().toString());
            browser.seeEverything();
            assertThat(browser.option("#accuracy-chart", "yAxis.0.type")).isEqualTo("value");
            assertThat(browser.option("#loss-chart", "yAxis.0.type")).isEqualTo("log");
            assertThat((String) browser.js("return document.getElementById('tiles').textContent"))
                    .contains("accuracy at the end (before: 0.5)", "loss at the end (before: 1.5)");
            assertThat(browser.complaints()).isEmpty();
        }
    }

    private Path page(RunReport report) throws IOException {
        Path run = Files.createDirectories(folder.resolve("run"));
        Files.writeString(run.resolve("scenario.yaml"), "name: </script><script>alert(1)</script>\n");
        RunPage.write(run, "a <b>run</b>", report, """
                {"scenario": "x", "seed": 1, "status": "completed", "strategy": "s", "users": 8,
                 "topology": "ring", "mode": "asynchronous", "clock": "virtual",
                 "perplexity": {"mean": 9.1, "std": 0.4, "before": [54, null]},
                 "staleness": {"mean_versions": 1, "mean_seconds": 31}, "participation": 0.8,
                 "bytes_sent": {"total": 12345}, "messages": {"sent": 10, "lost": 1}, "consensus_distance": 1,
                 "trust_to_oracle_l1": 0.5, "virtual_seconds": 900,
                 "wall_seconds": 30, "tokens_per_second": 1000}""");
        return run.resolve("report.html");
    }

    @Test
    void aRunIsDrawnAndCanBeLookedInto() throws IOException {
        Path page = page(dataset(8, 30));
        try (Browser browser = new Browser(1200, 1000)) {
            browser.open(page.toUri().toString());
            assertThat(browser.js("return document.title")).isEqualTo("a <b>run</b>");
            browser.seeEverything();
            for (String chart : CHARTS) {
                assertThat(browser.colours(chart)).as(chart).isGreaterThan(3);
            }
            String end = (String) browser.js("return document.getElementById('trust-time').textContent");
            Object last = browser.option("#trust-learned", "series.0.data.1.2");
            browser.set("#trust-slider", "0");
            assertThat(browser.js("return document.getElementById('trust-time').textContent"))
                    .isNotEqualTo(end);
            assertThat(browser.option("#trust-learned", "series.0.data.4.2"))
                    .as("trust has moved")
                    .isNotEqualTo(last);
            long before = (Long) browser.option("#perplexity-chart", "series.length");
            browser.set("#perplexity input", "0, 2-4");
            assertThat((Long) browser.option("#perplexity-chart", "series.length"))
                    .isEqualTo(before + 4);
            for (String against : List.of("wall", "iteration", "time")) {
                browser.set("#perplexity select", against);
                assertThat(browser.colours("#perplexity-chart")).as(against).isGreaterThan(3);
            }
            assertThat(browser.option("#timeline-chart", "series.length")).isEqualTo(3L);
            browser.click("#messages");
            assertThat(browser.option("#timeline-chart", "series.length")).isEqualTo(4L);
            assertThat((Boolean) browser.js(
                            "return document.body.textContent.includes('alert(1)') && !document.querySelector('h1 b')"))
                    .isTrue();
            long light = browser.colours("#traffic-chart");
            Object ink = browser.option("#traffic-chart", "textStyle.color");
            browser.dark(true);
            browser.until("return echarts.getInstanceByDom(document.querySelector('#traffic-chart'))"
                    + ".getOption().textStyle.color !== '"
                    + ink + "'");
            assertThat(light).isPositive();
            assertThat(browser.complaints()).isEmpty();
        }
    }

    @Test
    void itSaysWhereTheRunComesFromAndHowToRepeatIt() throws IOException {
        Path run = Files.createDirectories(folder.resolve("run"));
        Files.writeString(run.resolve("scenario.yaml"), "name: x\n");
        String hash = "sha256:" + "1".repeat(64);
        RunPage.write(run, "x", dataset(4, 3), """
                {"scenario": "x", "seed": 1, "status": "completed", "strategy": "s", "users": 4, "engine": "PyTorch 9",
                 "topology": "ring", "mode": "asynchronous", "clock": "virtual",
                 "perplexity": {"mean": 9.1, "std": 0.4, "before": [54, null]},
                 "staleness": {"mean_versions": 1, "mean_seconds": 31}, "participation": 0.8,
                 "bytes_sent": {"total": 12345}, "messages": {"sent": 10, "lost": 1}, "consensus_distance": 1,
                 "trust_to_oracle_l1": 0.5, "virtual_seconds": 900, "wall_seconds": 30, "tokens_per_second": 1000,
                 "provenance": {"began": "2026-01-02T03:04:05Z", "ended": "2026-01-02T04:05:06Z",
                  "command": "coterie run <x>.yaml", "program": "9.9-abc", "processor": "Some Processor", "cores": 3,
                  "operating_system": "Linux 6", "java": "17", "devices": ["cpu"], "threads": 2, "stack": 4, "nodes": 0,
                  "seed": 1, "base": "builtin:tiny", "base_hash": "HASH", "data": "builtin:romance",
                  "data_hash": "HASH",
                  "inputs": [{"setting": "topology.path", "hash": "HASH"}],
                  "resumed": [{"began": "2026-01-02T04:00:00Z", "command": null, "program": "9.9-def",
                   "processor": "Another", "cores": 1, "operating_system": "Linux 5", "java": "17",
                   "devices": ["cpu"], "threads": null, "stack": null, "nodes": 3}],
                  "repeat": ["coterie run a/scenario.yaml --out repeated",
                   "coterie query 'a & b'"]}}""".replace("HASH", hash));
        try (Browser browser = new Browser(400, 800)) {
            browser.open(run.resolve("report.html").toUri().toString());
            browser.seeEverything();
            assertThat((String) browser.js("return document.querySelector('#provenance table').textContent"))
                    .contains(
                            "began2026-01-02T03:04:05Z",
                            "commandcoterie run <x>.yaml",
                            "program9.9-abc",
                            "Some Processor, cores: 3; Linux 6; Java 17",
                            "cpu, threads: 2",
                            "PyTorch 9",
                            "builtin:tiny " + hash,
                            "topology.path" + hash,
                            "resumed2026-01-02T04:00:00Z; 9.9-def; Another, cores: 1",
                            "nodes: 3")
                    .doesNotContain("null");
            assertThat(browser.js("return document.getElementById('repeat').textContent"))
                    .isEqualTo("coterie run a/scenario.yaml --out repeated\ncoterie query 'a & b'");
            assertThat((Boolean) browser.js("return document.documentElement.scrollWidth <= window.innerWidth"))
                    .isTrue();
            assertThat(browser.complaints()).isEmpty();
        }
    }

    /** A run's folder with as much in it as a comparison reads. */
    private Path run(String name, double end) throws IOException {
        Path run = Files.createDirectories(folder.resolve(name));
        Files.writeString(
                run.resolve("summary.json"),
                "{\"scenario\": \"x\", \"strategy\": \"" + name
                        + "\", \"seed\": 1, \"users\": 2, \"perplexity\": {\"mean\": " + end
                        + ", \"std\": 1, \"per_user\": [" + (end - 1) + ", " + (end + 1) + "]}}");
        Files.writeString(run.resolve("scenario.yaml"), "name: x\nusers: 2\n");
        try (Recorder recorder =
                new Recorder(run, Task.LANGUAGE_MODELLING, (user, phase) -> "", false, false, null, 0)) {
            for (int k = 0; k <= 10; k++) {
                for (int u = 0; u < 2; u++) {
                    recorder.observed(new Observation.Evaluated(
                            10.0 * k + u,
                            u,
                            5 * k,
                            k,
                            Task.LANGUAGE_MODELLING.values(Math.log(60 + (end - 60) * k / 10))));
                }
            }
        }
        return run;
    }

    @Test
    void chartsAreDrawnWhenTheyAreSavedOrPrinted() throws IOException {
        Path page = page(dataset(4, 10));
        try (Browser browser = new Browser(1200, 800)) {
            browser.open(page.toUri().toString());
            browser.js("window.saved = []; HTMLAnchorElement.prototype.click = function () {"
                    + " saved.push([this.download, this.href]); };"
                    + " URL.createObjectURL = b => { b.text().then(t => { window.text = t; }); return 'blob:x'; };");
            assertThat(browser.js("return document.querySelector('#distance-chart canvas')"))
                    .as("not seen yet")
                    .isNull();
            browser.click("figure:has(#distance-chart) .save button:nth-child(1)");
            browser.click("figure:has(#distance-chart) .save button:nth-child(2)");
            browser.until("return window.text !== undefined");
            assertThat((String) browser.js("return window.text"))
                    .startsWith("<svg")
                    .contains("Distance of parameters (RMS)");
            assertThat((String) browser.js("return saved.map(s => s[0] + ' ' + s[1].slice(0, 22)).join()"))
                    .isEqualTo("distance.svg blob:x,distance.png data:image/png;base64,");
            browser.js("dispatchEvent(new Event('beforeprint'))");
            assertThat((Boolean) browser.js(
                            "return [...document.querySelectorAll('.chart')].every(c => c.querySelector('canvas'))"))
                    .isTrue();
            assertThat(
                            (String)
                                    browser.js(
                                            "return document.querySelector('#tiles a[href=\"#term-consensus-distance\"]')"
                                                    + ".title + document.getElementById('term-consensus-distance').nextSibling.textContent"))
                    .matches("Mean over users of the distance.*Mean over users of the distance.*");
            assertThat((Boolean) browser.js("return [...document.querySelectorAll('a.term')]"
                            + ".every(a => document.querySelector(a.getAttribute('href')))"))
                    .isTrue();
            assertThat(browser.complaints()).isEmpty();
        }
    }

    @Test
    void aStudyIsATableCurvesDifferencesAndAGrid() throws IOException {
        List<Comparison.Row> rows = new ArrayList<>();
        for (int k = 0; k < 4; k++) {
            Map<String, String> values = new LinkedHashMap<>();
            values.put("collaboration.strategy", k < 2 ? "fedavg" : "local");
            values.put("topology", k % 2 == 0 ? "ring" : "full");
            List<Comparison.Run> runs =
                    List.of(new Comparison.Run(1, run("a" + k, 20 + k)), new Comparison.Run(2, run("b" + k, 22 + k)));
            rows.add(new Comparison.Row(
                    String.join(", ", values.values()),
                    values,
                    new Comparison.Found(2, 21 + k, 1.4, ""),
                    k == 0 ? Comparison.Difference.NONE : new Comparison.Difference(k, 0.5, false),
                    k == 0,
                    runs));
        }
        Path page = folder.resolve("study.html");
        Files.writeString(
                page,
                new Comparison(
                                "Study x",
                                List.of("collaboration.strategy", "topology"),
                                "perplexity.mean",
                                Metric.Direction.LOWER,
                                "seeds",
                                rows,
                                "as text")
                        .html(folder));
        try (Browser browser = new Browser(1200, 1000)) {
            browser.open(page.toUri().toString());
            browser.seeEverything();
            for (String chart : List.of("#forest-chart", "#curves-chart", "#grid-chart")) {
                assertThat(browser.colours(chart)).as(chart).isGreaterThan(3);
            }
            assertThat(browser.option("#curves-chart", "series.length"))
                    .as("a line and an area each")
                    .isEqualTo(8L);
            assertThat(browser.option("#curves-chart", "series.1.data.0.1"))
                    .as("both seeds begin at 60")
                    .isEqualTo(60L);
            assertThat((String) browser.js("return document.getElementById('table').textContent"))
                    .contains("21.00 ± 1.40")
                    .contains("3.00 [2.50, 3.50]");
            assertThat((String) browser.js("return document.querySelector('#comparison p').textContent"))
                    .contains("standard deviation over n seeds", "ddof 1", "95 % confidence intervals");
            assertThat(browser.complaints()).isEmpty();
        }
        Path two = folder.resolve("two.html");
        Files.writeString(
                two,
                RunComparison.of("two", List.of(folder.resolve("a0"), folder.resolve("b3")), folder.resolve("a0"))
                        .html(folder));
        assertThat(two).content().contains("\"over\":\"users\"").contains("\"best\":true");
        try (Browser browser = new Browser(1200, 1000)) {
            browser.open(two.toUri().toString());
            browser.seeEverything();
            assertThat(browser.colours("#curves-chart")).isGreaterThan(3);
            assertThat(browser.colours("#forest-chart")).isGreaterThan(3);
            assertThat(browser.option("#forest-chart", "series.1.data.length"))
                    .as("a point for each user")
                    .isEqualTo(2L);
            assertThat((String) browser.js("return document.getElementById('table').textContent"))
                    .contains("runstrategyperplexity", "difference", "users that are better", "b3", "5.00", "0 of 2");
            assertThat(browser.complaints()).isEmpty();
        }
    }

    @Test
    void itFitsOnAPhone() throws IOException {
        Path page = page(dataset(8, 10));
        try (Browser browser = new Browser(400, 800)) {
            browser.open(page.toUri().toString());
            browser.seeEverything();
            assertThat((Boolean) browser.js("return document.documentElement.scrollWidth <= window.innerWidth"))
                    .isTrue();
            assertThat(browser.complaints()).isEmpty();
        }
    }

    @Test
    void aThousandUsersAndAHundredThousandTurnsStaySmall() throws IOException {
        Path page = page(dataset(1000, 100));
        assertThat(Files.size(page)).isLessThan(10_000_000);
        try (Browser browser = new Browser(1200, 1000)) {
            browser.open(page.toUri().toString());
            browser.seeEverything();
            assertThat(browser.option("#trust-learned", "series.0.data.length")).isEqualTo(64L * 64);
            assertThat(browser.option("#graph-chart", "series.0.data.length"))
                    .as("categories instead of users")
                    .isEqualTo(2L);
            System.out.println("1,000 users, 100,000 turns: " + Files.size(page) / 1000 + " KB, open after "
                    + browser.js("const t = performance.getEntriesByType('navigation')[0]; return "
                            + "Math.round(t.loadEventEnd - t.startTime)")
                    + " ms");
            assertThat(browser.complaints()).isEmpty();
        }
    }

    @Test
    void nothingIsDrawnOfARunThatHasOnlyBegun() throws IOException {
        Path page = page(dataset(3, 0));
        try (Browser browser = new Browser(1200, 1000)) {
            browser.open(page.toUri().toString());
            browser.seeEverything();
            assertThat(browser.complaints()).isEmpty();
        }
    }
}
