package coterie.scenarios.listing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import coterie.model.task.Metric;
import coterie.scenarios.config.InputException;
import coterie.scenarios.results.DifferingSettings;
import coterie.scenarios.results.ResultFiles;
import coterie.scenarios.results.ResultJson;
import coterie.scenarios.results.RunSettings;
import coterie.scenarios.results.TaskJson;
import coterie.scenarios.run.FolderLock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.TreeMap;

/**
 * A run in its folder, as far as a list shows it.
 *
 * @param settings resolved, by key path; of those that name files the hashes of the files
 * @param metric the first that the run reports; null if there are no results yet
 * @param mean of the metric over users; NaN if there is none, or the run ended because training diverged
 * @param deviation of the metric over users; NaN if there is none
 * @param status as the summary says it; or {@code running}, {@code failed}, {@code unfinished} (its process was killed)
 *     or {@code damaged}
 * @param began null if it cannot be told
 * @param seconds of wall-clock time that the run took; NaN if it has not ended
 * @param problem what is damaged, or why the run failed; null if nothing is to be told
 */
public record FoundRun(
        Path folder,
        Map<String, String> settings,
        Metric metric,
        double mean,
        double deviation,
        String status,
        Instant began,
        double seconds,
        String problem) {
    static final String SCENARIO = "scenario.yaml";
    private static final String DAMAGED = "damaged";

    /** Whether it has ended with results. */
    public boolean hasEnded() {
        return metric != null;
    }

    /** Whether its settings or its summary cannot be read. */
    public boolean isDamaged() {
        return status.equals(DAMAGED);
    }

    String strategy() {
        return settings.getOrDefault(DifferingSettings.STRATEGY, "");
    }

    /** Reads what the folder of a run says. Damage is told by the status. */
    static FoundRun read(Path folder) {
        Map<String, String> settings = new TreeMap<>();
        JsonNode origin = MissingNode.getInstance();
        try {
            origin = RunSettings.origin(folder);
            settings = RunSettings.read(folder, origin);
            JsonNode summary = json(folder.resolve(ResultFiles.SUMMARY));
            if (summary.isMissingNode()) {
                return begun(folder, settings, origin);
            }
            return ended(folder, settings, origin, summary);
        } catch (InputException e) {
            return without(folder, settings, origin, DAMAGED, e.getMessage());
        } catch (RuntimeException e) {
            // JSON that no run has written may break any assumption, and the other runs are to be listed.
            return without(folder, settings, origin, DAMAGED, folder + ": its files are not as a run writes them");
        }
    }

    private static FoundRun begun(Path folder, Map<String, String> settings, JsonNode origin) {
        if (FolderLock.isHeld(folder)) {
            return without(folder, settings, origin, "running", null);
        }
        JsonNode failure = origin.path("failure");
        return failure.isTextual()
                ? without(folder, settings, origin, "failed", folder + ": " + failure.asText())
                : without(folder, settings, origin, "unfinished", null);
    }

    private static FoundRun ended(Path folder, Map<String, String> settings, JsonNode origin, JsonNode summary) {
        String status = summary.path("status").asText();
        if (status.isEmpty()) {
            String file = folder.resolve(ResultFiles.SUMMARY).toString();
            return without(folder, settings, origin, DAMAGED, file + ": status is missing");
        }
        Metric metric = TaskJson.read(summary).headline();
        JsonNode found = summary.path(metric.name());
        boolean cut = summary.path("ended_by").asText().equals("divergence");
        return new FoundRun(
                folder,
                settings,
                metric,
                cut ? Double.NaN : found.path("mean").asDouble(Double.NaN),
                cut ? Double.NaN : found.path("std").asDouble(Double.NaN),
                status,
                began(folder, summary.at("/provenance/began"), origin),
                summary.path("wall_seconds").asDouble(Double.NaN),
                null);
    }

    private static FoundRun without(
            Path folder, Map<String, String> settings, JsonNode origin, String status, String problem) {
        Instant began = began(folder, MissingNode.getInstance(), origin);
        return new FoundRun(folder, settings, null, Double.NaN, Double.NaN, status, began, Double.NaN, problem);
    }

    private static JsonNode json(Path file) {
        return Files.exists(file) ? ResultJson.read(file) : MissingNode.getInstance();
    }

    /** When the run began: as its files say, or else when its scenario was written. */
    private static Instant began(Path folder, JsonNode said, JsonNode origin) {
        JsonNode text = said.isTextual() ? said : origin.at("/process/began");
        try {
            return text.isTextual()
                    ? Instant.parse(text.asText())
                    : Files.getLastModifiedTime(folder.resolve(SCENARIO))
                            .toInstant()
                            .truncatedTo(ChronoUnit.SECONDS);
        } catch (DateTimeParseException | IOException e) {
            return null;
        }
    }
}
