package coterie.scenarios.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import coterie.model.task.Metric;
import coterie.scenarios.results.ResultJson;
import coterie.scenarios.results.TaskJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Several settings side by side, each with one run per seed.
 *
 * @param keys names of the columns that identify a setting
 * @param measure what was measured
 * @param better which of its values are better
 * @param over what standard deviations are taken over
 * @param text the table for programs and terminals; null for none
 */
public record Comparison(
        String title,
        List<String> keys,
        String measure,
        Metric.Direction better,
        String over,
        List<Row> rows,
        String text) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * A setting.
     *
     * @param values that identify it, by key
     */
    public record Row(
            String name,
            Map<String, String> values,
            Found found,
            Difference difference,
            boolean best,
            List<Run> runs) {}

    /**
     * What was measured. NaN stands for missing numbers.
     *
     * @param n seeds with a number
     * @param lost a remark on seeds without a number; empty for none
     */
    public record Found(int n, double mean, double deviation, String lost) {}

    /**
     * A difference from the baseline. NaN stands for missing numbers.
     *
     * @param mean over seeds, each compared with the baseline under the same seed
     * @param interval half of the mean's 95 % confidence interval
     * @param incomparable whether there is none because a target was never reached
     */
    public record Difference(double mean, double interval, boolean incomparable) {
        /** Of a setting that is not compared. */
        public static final Difference NONE = new Difference(Double.NaN, Double.NaN, false);
    }

    /** A run of a setting. */
    public record Run(long seed, Path folder) {}

    /**
     * Compares runs, one row each, by their names and strategies.
     *
     * @throws IOException if one has no summary
     */
    public static Comparison ofRuns(String title, List<Path> folders) throws IOException {
        List<JsonNode> summaries = new ArrayList<>();
        for (Path f : folders) {
            summaries.add(ResultJson.read(f.resolve("summary.json")));
        }
        Metric metric = TaskJson.read(summaries.get(0)).headline();
        double best = metric.better().worst();
        for (JsonNode s : summaries) {
            double mean = s.path(metric.name()).path("mean").asDouble(Double.NaN);
            best = metric.better().isBetter(mean, best) ? mean : best;
        }
        List<Row> rows = new ArrayList<>();
        for (int k = 0; k < folders.size(); k++) {
            JsonNode s = summaries.get(k);
            JsonNode found = s.path(metric.name());
            double mean = found.path("mean").asDouble(Double.NaN);
            Map<String, String> values = new LinkedHashMap<>();
            for (String key : List.of("scenario", "strategy", "topology", "mode")) {
                values.put(key, s.path(key).asText());
            }
            rows.add(new Row(
                    s.path("scenario").asText() + " " + s.path("strategy").asText(),
                    values,
                    new Found(1, mean, found.path("std").asDouble(Double.NaN), ""),
                    Difference.NONE,
                    mean == best,
                    List.of(new Run(s.path("seed").asLong(), folders.get(k)))));
        }
        return new Comparison(
                title,
                List.of("scenario", "strategy", "topology", "mode"),
                metric.label(),
                metric.better(),
                "users",
                rows,
                null);
    }

    /**
     * The page of the comparison.
     *
     * @param at the folder in which it will be
     */
    public String html(Path at) throws IOException {
        return Page.of(title, json(at));
    }

    /** @param at the folder from which runs' reports are linked */
    ObjectNode json(Path at) throws IOException {
        ObjectNode n = JSON.createObjectNode();
        n.put("kind", "comparison")
                .put("title", title)
                .put("measure", measure)
                .put("better", better.name().toLowerCase(Locale.ROOT))
                .put("over", over)
                .put("text", text);
        keys.forEach(n.putArray("keys")::add);
        ArrayNode metrics = n.putArray("metrics");
        ArrayNode list = n.putArray("rows");
        for (Row r : rows) {
            ObjectNode one = list.addObject();
            one.put("name", r.name)
                    .put("n", r.found.n)
                    .put("best", r.best)
                    .put("lost", r.found.lost)
                    .put("incomparable", r.difference.incomparable);
            ObjectNode values = one.putObject("values");
            r.values.forEach(values::put);
            Json.put(one, "mean", r.found.mean);
            Json.put(one, "deviation", r.found.deviation);
            Json.put(one, "difference", r.difference.mean);
            Json.put(one, "interval", r.difference.interval);
            List<MetricCurves.Curve> byTime = new ArrayList<>();
            List<MetricCurves.Curve> byIteration = new ArrayList<>();
            ArrayNode runs = one.putArray("runs");
            for (Run run : r.runs) {
                Path report = run.folder.resolve("report.html");
                one.put("here", run.folder.equals(at));
                runs.addObject()
                        .put("seed", run.seed)
                        .put(
                                "report",
                                Files.exists(report) && !run.folder.equals(at)
                                        ? at.toAbsolutePath()
                                                .relativize(report.toAbsolutePath())
                                                .toString()
                                                .replace('\\', '/')
                                        : null);
                MetricCurves curves = MetricCurves.of(run.folder);
                if (metrics.isEmpty()) {
                    TaskJson.metrics(metrics, List.of(curves.metric()));
                }
                byTime.add(curves.mean(false));
                byIteration.add(curves.mean(true));
            }
            if (byTime.stream().anyMatch(c -> c.at().length > 0)) {
                ObjectNode curve = one.putObject("curve");
                MetricCurves.Curve.merged(byTime).json(curve.putObject("by_time"));
                MetricCurves.Curve.merged(byIteration).json(curve.putObject("by_iteration"));
            }
        }
        return n;
    }
}
