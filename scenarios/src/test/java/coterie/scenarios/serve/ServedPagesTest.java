package coterie.scenarios.serve;

import static coterie.scenarios.serve.ServedRuns.begun;
import static coterie.scenarios.serve.ServedRuns.ended;
import static coterie.scenarios.serve.ServedRuns.recorder;
import static coterie.scenarios.serve.ServedRuns.turn;
import static org.assertj.core.api.Assertions.assertThat;

import coterie.scenarios.report.Browser;
import coterie.scenarios.results.Recorder;
import coterie.scenarios.run.FolderLock;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The pages of {@code coterie serve} in a browser. */
@Tag("slow")
class ServedPagesTest {
    private static final String NAMES =
            "return [...document.querySelectorAll('#runs td.name')].map(e => e.textContent).join(' ');";
    private static final String FITS = "return document.documentElement.scrollWidth <= window.innerWidth";

    @TempDir
    private Path folder;

    @Test
    void runsAreSortedFilteredOpenedAndCompared() throws Exception {
        ended(folder.resolve("a"), "fedavg", 0.0, 112);
        ended(folder.resolve("b"), "local", 0.0, 20);
        ended(folder.resolve("c"), "fedavg", 0.1, 11);
        Files.writeString(begun(folder.resolve("d"), "local", 0).resolve("summary.json"), "<script>alert(1)</script>");
        try (ServedRuns served = new ServedRuns(folder);
                Browser browser = new Browser(1200, 1000)) {
            browser.open(served.server.address());
            assertThat(browser.js(NAMES)).isEqualTo("a b c d");
            String metric = "#runs [data-key=\"sort perplexity\"]";
            browser.click(metric);
            assertThat(browser.js(NAMES)).isEqualTo("c b a d");
            browser.click(metric);
            assertThat(browser.js(NAMES)).as("without a value comes last").isEqualTo("a b c d");
            browser.set("#filter", "FEDAVG loss=0.0");
            assertThat(browser.js(NAMES)).isEqualTo("a");
            browser.set("#filter", "damaged");
            assertThat(browser.js(NAMES)).isEqualTo("d");
            assertThat((String) browser.js("return document.querySelector('#runs .reason').textContent"))
                    .contains("summary.json");
            browser.set("#filter", "");
            assertThat(browser.js("return document.getElementById('compare').disabled"))
                    .isEqualTo(true);
            browser.click("[data-key='compare c']");
            browser.click("[data-key='compare b']");

            ended(folder.resolve("e"), "local", 0.1, 30);
            browser.until("return document.querySelectorAll('#runs td.name').length === 5");
            browser.click("#compare");
            browser.until("return document.getElementById('curves-chart') !== null");
            browser.seeEverything();
            assertThat(browser.js("return [...document.querySelectorAll('#table td a')].map(a => a.textContent)"
                            + ".join(' ')"))
                    .isEqualTo("c b");
            browser.js("history.back()");
            browser.until("return document.getElementById('runs') !== null");
            assertThat(browser.js(NAMES)).as("the order is still there").isEqualTo("a e b c d");
            assertThat(browser.js("return document.querySelectorAll('#runs input:checked').length"))
                    .isEqualTo(2L);
            browser.click("#compare");
            browser.until("return document.getElementById('against') !== null");
            browser.set("#against", "b");
            browser.until("return location.search.includes('against=b') && document.getElementById('forest') !== null");
            assertThat((String) browser.js("return document.querySelector('#forest h2').textContent"))
                    .startsWith("Differences from local");
            browser.js("document.querySelector('#table td a').click()");
            browser.until("return document.getElementById('tiles') !== null");
            browser.seeEverything();
            assertThat(browser.js("return document.getElementById('state').textContent"))
                    .isEqualTo("completed");
            browser.js("document.querySelector('.live a').click()");
            browser.until("return document.getElementById('runs') !== null");
            assertThat(browser.complaints()).isEmpty();
        }
    }

    @Test
    void aRunUnderWayIsFollowedAndAllFitsOnAPhone() throws Exception {
        Path run = begun(folder.resolve("a-run-with-a-long-name-in-a-folder/of-a-study/runs/0123456789"), "fedavg", 0);
        ended(folder.resolve("b"), "local", 0.0, 20);
        FolderLock lock = FolderLock.take(run);
        try (ServedRuns served = new ServedRuns(folder);
                Browser browser = new Browser(400, 800)) {
            Recorder recorder = recorder(run);
            turn(recorder, 1, 12);
            recorder.save();
            browser.dark(true);
            browser.open(served.server.address());
            assertThat(browser.js(FITS)).isEqualTo(true);
            browser.click("#runs td.name a");
            browser.until("return document.getElementById('state') !== null");
            assertThat(browser.js("return document.getElementById('state').textContent"))
                    .isEqualTo("running, 2 of 8 turns, 31 s");
            browser.seeEverything();
            turn(recorder, 2, 12);
            recorder.close();
            browser.until("return document.getElementById('state').textContent.startsWith('running, 4 of 8 turns')");
            assertThat(browser.js(FITS)).isEqualTo(true);
            ended(run, "fedavg", 0, 12);
            lock.close();
            browser.until("return document.getElementById('tiles') !== null");
            assertThat(browser.js("return document.getElementById('state').textContent"))
                    .isEqualTo("completed");
            assertThat(browser.complaints()).isEmpty();
        } finally {
            lock.close();
        }
    }
}
