package coterie.scenarios.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import coterie.model.files.AtomicFiles;
import coterie.model.task.Task;
import coterie.scenarios.config.InputException;
import coterie.scenarios.config.InputFile;
import coterie.scenarios.config.Scenario;
import coterie.scenarios.config.ScenarioReader;
import coterie.scenarios.config.SimulationConfigs;
import coterie.scenarios.results.Records;
import coterie.scenarios.results.ResultJson;
import coterie.scenarios.results.TaskJson;
import coterie.scenarios.results.TrustInAttackers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

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

    /** Writes the page of a run that has ended. */
    public static void write(Path folder, JsonNode data) throws IOException {
        AtomicFiles.write(
                folder.resolve("report.html"), Page.of(data.path("title").asText(), data));
    }

    /**
     * Writes the page again from the files of a run, and compares the run with its baselines.
     *
     * @throws IOException if a file is missing or cannot be read
     */
    public static void write(Path folder) throws IOException {
        write(folder, data(folder));
    }

    /**
     * The data of the page of a run that has ended, from its files, with a comparison with its baselines.
     *
     * @throws IOException if a file is missing or cannot be read
     */
    public static ObjectNode data(Path folder) throws IOException {
        JsonNode s = ResultJson.read(folder.resolve("summary.json"));
        List<String> problems = new ArrayList<>();
        RunReport report = report(folder, TaskJson.read(s), problems::add);
        if (!problems.isEmpty()) {
            throw new InputException(folder + ": " + problems.get(0));
        }
        report.wall(s.path("wall_seconds").asDouble(), s.path("virtual_seconds").asDouble());
        String title = s.path("scenario").asText() + " " + s.path("strategy").asText();
        ObjectNode data = data(folder, title, report, s.toString());
        List<Path> runs = RunComparison.withBaselines(List.of(folder));
        if (runs.size() > 1) {
            data.set("compared", RunComparison.of(title, runs, folder).json(folder));
        }
        return data;
    }

    /**
     * The data of the page of a run that has not ended, as far as its files tell. {@code turns} of {@code of} have
     * ended, at {@code seconds} of virtual time.
     *
     * @throws IOException if a file is missing or cannot be read
     */
    public static ObjectNode begun(Path folder) throws IOException {
        Path file = folder.resolve("scenario.yaml");
        Scenario s =
                ScenarioReader.read(file, InputFile.text(file), List.of(), true).scenario();
        // The last lines may not be whole, because they are being written.
        RunReport report = report(folder, s.task(), problem -> {});
        String title = s.name() + " " + s.collaboration().strategy().label();
        return data(folder, title, report, null)
                .put("turns", report.turns())
                .put("of", (long) s.users() * SimulationConfigs.schedule(s).turns())
                .put("seconds", report.seconds());
    }

    /** Whether mixtures follow from trust rows. It is unknown, and no, if a setting is, such as that of a plug-in. */
    private static boolean mixesByRow(Path folder) {
        try {
            return TrustInAttackers.read(folder).mixesByRow();
        } catch (InputException e) {
            return false;
        }
    }

    private static RunReport report(Path folder, Task task, Consumer<String> problems) throws IOException {
        RunParticipants cast = RunParticipants.read(folder);
        RunReport report = new RunReport(cast, task, cast.attacks().isEmpty() || mixesByRow(folder));
        try {
            Records.read(folder, task, report::observed, problems);
        } catch (IndexOutOfBoundsException e) {
            throw new InputException(folder + ": its records name users that users.json does not have");
        }
        Records.timing(folder, report::wall);
        return report;
    }
}
