package coterie.scenarios.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import coterie.model.files.AtomicFiles;
import coterie.model.task.Task;
import coterie.scenarios.config.InputException;
import coterie.scenarios.results.Records;
import coterie.scenarios.results.ResultJson;
import coterie.scenarios.results.TaskJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** {@code report.html} of a run. */
public final class RunPage {
    private static final ObjectMapper JSON = new ObjectMapper();

    private RunPage() {}

    /**
     * The data of a run's page.
     *
     * @param summary as JSON; null during the run
     */
    public static ObjectNode data(Path folder, String title, RunReport report, String summary) throws IOException {
        ObjectNode n = JSON.createObjectNode();
        n.put("kind", "run").put("title", title);
        n.set("summary", summary == null ? null : JSON.readTree(summary));
        n.put("scenario", Files.readString(folder.resolve("scenario.yaml")));
        n.set("report", report.json());
        Path samples = folder.resolve("samples.json");
        n.set(
                "samples",
                summary != null && Files.exists(samples)
                        ? JSON.readTree(Files.readAllBytes(samples))
                        : JSON.createArrayNode());
        return n;
    }

    /** Writes the page of a run from a report that followed the run. */
    public static void write(Path folder, String title, RunReport report, String summary) throws IOException {
        AtomicFiles.write(folder.resolve("report.html"), Page.of(title, data(folder, title, report, summary)));
    }

    /**
     * Writes the page again from the files of a run, and compares the run with its baselines.
     *
     * @throws IOException if a file is missing or cannot be read
     */
    public static void write(Path folder) throws IOException {
        JsonNode s = ResultJson.read(folder.resolve("summary.json"));
        String summary = s.toString();
        Task task = TaskJson.read(s);
        RunReport report = new RunReport(RunParticipants.read(folder), task);
        List<String> problems = new ArrayList<>();
        try {
            Records.read(folder, task, report::observed, problems::add);
        } catch (IndexOutOfBoundsException e) {
            throw new InputException(folder + ": its records name users that users.json does not have");
        }
        if (!problems.isEmpty()) {
            throw new InputException(folder + ": " + problems.get(0));
        }
        Records.timing(folder, report::wall);
        report.wall(s.path("wall_seconds").asDouble(), s.path("virtual_seconds").asDouble());
        String title = s.path("scenario").asText() + " " + s.path("strategy").asText();
        ObjectNode data = data(folder, title, report, summary);
        List<Path> runs = RunComparison.withBaselines(List.of(folder));
        if (runs.size() > 1) {
            data.set("compared", RunComparison.of(title, runs, folder).json(folder));
        }
        AtomicFiles.write(folder.resolve("report.html"), Page.of(title, data));
    }
}
