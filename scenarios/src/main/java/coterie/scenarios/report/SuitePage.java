package coterie.scenarios.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import coterie.model.files.AtomicFiles;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;

/** {@code claims.html} of a suite: the verdicts of all of its studies, from the data of their pages. */
public final class SuitePage {
    private static final ObjectMapper JSON = new ObjectMapper();

    private SuitePage() {}

    /**
     * A study of the suite.
     *
     * @param folder of its tables
     * @param runs how many there are, and how long they took, in words
     */
    public record Part(String name, Path folder, String runs) {}

    /**
     * Writes the page.
     *
     * @param folder of the page, which exists
     * @param about what is claimed
     * @param made what made the results
     */
    public static void write(Path folder, String name, String about, String made, List<Part> parts) throws IOException {
        ObjectNode data = data(folder, name, about, made, parts);
        AtomicFiles.write(
                folder.resolve("claims.html"), Page.of(data.path("title").asText(), data));
    }

    static ObjectNode data(Path folder, String name, String about, String made, List<Part> parts) throws IOException {
        ObjectNode data = JSON.createObjectNode();
        data.put("kind", "suite")
                .put("title", "Claims: " + name)
                .put("about", about)
                .put("made", made);
        ArrayNode studies = data.putArray("studies");
        for (Part p : parts) {
            JsonNode page = StudyPage.read(p.folder);
            String link = FolderNames.link(folder, p.folder.resolve("report.html"));
            ObjectNode one = studies.addObject()
                    .put("name", p.name)
                    .put("runs", p.runs)
                    .put("report", link)
                    .put("question", page.path("question").asText());
            one.set("claims", page.path("claims"));
            ArrayNode rows = one.putArray("rows");
            for (JsonNode row : page.path("rows")) {
                ObjectNode r = rows.addObject().put("name", row.path("name").asText());
                ArrayNode runs = r.putArray("runs");
                for (JsonNode run : row.path("runs")) {
                    JsonNode report = run.path("report");
                    runs.addObject()
                            .put("seed", run.path("seed").asLong())
                            .put("report", report.isTextual() ? moved(link, report.asText()) : null);
                }
            }
        }
        return data;
    }

    /**
     * A link of another page, seen from this one.
     *
     * <p>Worked example: {@code ../runs/a/report.html} of {@code b/report.html} is {@code runs/a/report.html}.
     *
     * @param page the link to the other page
     */
    static String moved(String page, String link) {
        return URI.create(page).resolve(link).toString();
    }
}
