package coterie.scenarios.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Charts as a page's buttons save them, drawn by a browser. Files are drawn by another engine: what both show must be
 * the same.
 */
final class SavedCharts {
    private SavedCharts() {}

    /** Saves all charts of a page and compares them with files of the same data. */
    @SuppressWarnings("unchecked")
    static void assertShow(Path page, Map<String, String> figures) {
        try (Browser browser = new Browser(1200, 800)) {
            browser.open(page.toUri().toString());
            browser.js("window.names = []; window.texts = [];"
                    + " HTMLAnchorElement.prototype.click = function () { names.push(this.download); };"
                    + " URL.createObjectURL = b => { const k = texts.length; texts.push(null);"
                    + " b.text().then(t => { texts[k] = t; }); return 'blob:x'; };"
                    + " document.querySelectorAll('figure .save button:nth-child(1)').forEach(b => b.click());");
            browser.until("return texts.length === " + figures.size() + " && texts.every(t => t !== null)");
            assertThat((List<String>) browser.js("return names")).containsExactlyElementsOf(figures.keySet());
            List<String> texts = (List<String>) browser.js("return texts");
            int k = 0;
            for (Map.Entry<String, String> figure : figures.entrySet()) {
                assertThat(shown(texts.get(k++))).as(figure.getKey()).isEqualTo(shown(figure.getValue()));
            }
        }
    }

    /** Texts and colours. Positions follow from the widths of letters, of which engines know more or less. */
    private static List<String> shown(String svg) {
        return Pattern.compile("(?:fill|stroke)=\"[^\"]*\"|>[^<>]+</text>")
                .matcher(svg)
                .results()
                .map(m -> m.group().replaceAll("zr\\d+-", "zr-"))
                .sorted()
                .toList();
    }
}
