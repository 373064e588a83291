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
     * A setting. NaN stands for missing numbers.
     *
     * @param values by key
     * @param n seeds with a number
     * @param difference from the baseline, the mean over seeds
     * @param interval half of its 95 % confidence interval
     * @param lost a remark on seeds without a number; empty for none
     * @param incomparable whether there is no difference because a target was never reached
     */
    public record Row(
            String name,
            Map<String, String> values,
            int n,
            double mean,
            double deviation,
            double difference,
            double interval,
            String lost,
            boolean incomparable,
            boolean best,
            List<Run> runs) {
        /** A setting whose seeds all have a number. */
        public Row(
                String name,
                Map<String, String> values,
                int n,
                double mean,
                double deviation,
                double difference,
                double interval,
                boolean best,
                List<Run> runs) {
            this(name, values, n, mean, deviation, difference, interval, "", false, best, runs);
        }
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
                    1,
                    mean,
                    found.path("std").asDouble(Double.NaN),
                    Double.NaN,
                    Double.NaN,
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
                    .put("n", r.n)
                    .put("best", r.best)
                    .put("lost", r.lost)
                    .put("incomparable", r.incomparable);
            ObjectNode values = one.putObject("values");
            r.values.forEach(values::put);
            Json.put(one, "mean", r.mean);
            Json.put(one, "deviation", r.deviation);
            Json.put(one, "difference", r.difference);
            Json.put(one, "interval", r.interval);
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
