package coterie.scenarios.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import coterie.model.files.AtomicFiles;
import coterie.scenarios.claim.Judgement;
import coterie.scenarios.config.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** {@code report.html} of a study, and {@code report.json} with its data, from which the page is written again. */
public final class StudyPage {
    private static final String DATA = "report.json";
    private static final String PAGE = "report.html";

    private StudyPage() {}

    /** Whether a folder is that of a study's tables. */
    public static boolean isStudy(Path folder) {
        return Files.exists(folder.resolve("runs.csv")) && !Files.exists(folder.resolve("summary.json"));
    }

    /**
     * The data of the page.
     *
     * @param folder of the page, from which runs' reports are linked
     * @param question what the study asks; empty for nothing
     * @param judged verdicts on its claims; empty for none
     */
    static ObjectNode data(Path folder, Comparison comparison, String question, List<Judgement> judged)
            throws IOException {
        ObjectNode data = comparison.json(folder).put("question", question);
        data.set(
                "claims",
                ClaimsJson.of(
                        judged,
                        comparison.rows().stream().map(Comparison.Row::values).toList()));
        return data;
    }

    /**
     * Writes the page and its data.
     *
     * @param folder that exists
     * @param question what the study asks; empty for nothing
     * @param judged verdicts on its claims; empty for none
     */
    public static void write(Path folder, Comparison comparison, String question, List<Judgement> judged)
            throws IOException {
        ObjectNode data = data(folder, comparison, question, judged);
        AtomicFiles.write(folder.resolve(DATA), data + "\n");
        write(folder, data);
    }

    /** Writes the page. */
    public static void write(Path folder, JsonNode data) throws IOException {
        AtomicFiles.write(folder.resolve(PAGE), Page.of(data.path("title").asText(), data));
    }

    /**
     * Reads the data of the page.
     *
     * @throws InputException if an earlier version wrote the study's tables
     */
    public static JsonNode read(Path folder) throws IOException {
        Path file = folder.resolve(DATA);
        if (!Files.exists(file)) {
            throw new InputException(folder + " has no " + DATA + ": its tables were written by an earlier version;"
                    + " coterie study writes them again, and repeats no run");
        }
        return new ObjectMapper().readTree(Files.readAllBytes(file));
    }
}
