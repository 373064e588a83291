package coterie.scenarios.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import coterie.model.files.AtomicFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.mozilla.javascript.Context;
import org.mozilla.javascript.ScriptableObject;

/**
 * The charts of a page as SVG and PDF files for papers: light, without what only works on a screen. The page's own
 * script draws them, in a JavaScript engine without a browser.
 */
public final class Figures {
    /** In this order: the page's scripts, with {@code paper} in the place of what needs a browser. */
    private static final List<String> SCRIPTS = List.of(
            "words",
            "paper",
            "charts",
            "attackers",
            "metrics",
            "trust",
            "activity",
            "traffic",
            "utility",
            "effects",
            "comparison",
            "parts",
            "figures");

    private Figures() {}

    /**
     * Draws all charts that have something to show.
     *
     * @param data of a page, see {@link Page#of}
     * @return SVG by file name, in the order of the page
     */
    static Map<String, String> of(JsonNode data) throws IOException {
        String found;
        try (Context context = Context.enter()) {
            context.setLanguageVersion(Context.VERSION_ES6);
            // Compiled, functions of ECharts would exceed what a method of a class may hold.
            context.setInterpretedMode(true);
            ScriptableObject scope = context.initSafeStandardObjects();
            context.evaluateString(scope, Page.echarts(), "echarts.js", 1, null);
            ScriptableObject.putProperty(scope, "source", data.toString());
            context.evaluateString(scope, Page.script(SCRIPTS), "figures.js", 1, null);
            found = (String) ScriptableObject.getProperty(scope, "figures");
        }
        Map<String, String> figures = new LinkedHashMap<>();
        for (JsonNode one : new ObjectMapper().readTree(found)) {
            figures.put(one.get(0).asText(), one.get(1).asText());
        }
        return figures;
    }

    /**
     * Writes the charts of a page, an SVG and a PDF file each. Other files in the folder stay.
     *
     * @param data of a page, see {@link Page#of}
     * @return the files, in the order of the page
     * @throws IOException if a file cannot be written, or if Java finds no fonts on this machine, which PDF files need;
     *     the SVG files are there then
     */
    public static List<Path> write(JsonNode data, Path folder) throws IOException {
        Files.createDirectories(folder);
        Map<String, String> figures = of(data);
        for (Map.Entry<String, String> figure : figures.entrySet()) {
            AtomicFiles.write(folder.resolve(figure.getKey()), figure.getValue() + "\n");
        }
        List<Path> files = new ArrayList<>();
        for (Map.Entry<String, String> figure : figures.entrySet()) {
            Path pdf = folder.resolve(figure.getKey().replaceAll("svg$", "pdf"));
            byte[] page = PdfFigure.of(figure.getValue());
            AtomicFiles.write(pdf, out -> out.write(page));
            files.add(folder.resolve(figure.getKey()));
            files.add(pdf);
        }
        return files;
    }
}
