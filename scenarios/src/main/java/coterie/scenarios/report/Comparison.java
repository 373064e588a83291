package coterie.scenarios.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import coterie.model.task.Metric;
import coterie.scenarios.results.PairedDifference;
import coterie.scenarios.results.TaskJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
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
 * @param against name of the row that differences are from; null for the baseline of a study
 */
public record Comparison(
        String title,
        List<String> keys,
        String measure,
        Metric.Direction better,
        String over,
        List<Row> rows,
        String text,
        String against) {
    private static final ObjectMapper JSON = new ObjectMapper();
    /** Users whose differences are all in a page; of more, as many quantiles. */
    private static final int MOST_POINTS = 200;

    /**
     * A setting.
     *
     * @param values that identify it, by key
     * @param figures further results; the same ones in all rows
     * @param pairs differences user by user; null for none
     */
    public record Row(
            String name,
            Map<String, String> values,
            Found found,
            Difference difference,
            boolean best,
            List<Run> runs,
            List<Figure> figures,
            PairedDifference pairs) {
        /** A setting without further results. */
        public Row(
                String name,
                Map<String, String> values,
                Found found,
                Difference difference,
                boolean best,
                List<Run> runs) {
            this(name, values, found, difference, best, runs, List.of(), null);
        }
    }

    /** Units of figures. */
    enum Unit {
        NUMBER,
        SHARE,
        BYTES,
        SECONDS
    }

    /** A result of a run; NaN for none. */
    record Figure(String label, Unit unit, double value) {}

    /**
     * What was measured. NaN stands for missing numbers.
     *
     * @param n users or seeds with a number
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

    /** A comparison that names no run with which the others are compared. */
    public Comparison(
            String title,
            List<String> keys,
            String measure,
            Metric.Direction better,
            String over,
            List<Row> rows,
            String text) {
        this(title, keys, measure, better, over, rows, text, null);
    }

    /** The same with the name of the row that the others are compared with, and a table. */
    Comparison with(String against, String table) {
        return new Comparison(title, keys, measure, better, over, rows, table, against);
    }

    /**
     * The page of the comparison.
     *
     * @param at the folder in which it will be
     */
    public String html(Path at) throws IOException {
        return html(json(at));
    }

    /** The page of data that {@link #json} made. */
    public String html(JsonNode data) {
        return Page.of(title, data);
    }

    /**
     * The data of the page.
     *
     * @param at the folder from which runs' reports are linked
     */
    public ObjectNode json(Path at) throws IOException {
        ObjectNode n = JSON.createObjectNode();
        n.put("kind", "comparison")
                .put("title", title)
                .put("measure", measure)
                .put("better", better.name().toLowerCase(Locale.ROOT))
                .put("over", over)
                .put("text", text)
                .put("against", against);
        // Curves beside a measure of honest users are theirs, too.
        boolean honest = measure.startsWith("honest.");
        n.put("honest", honest);
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
            further(one, r);
            List<MetricCurves.Curve> byTime = new ArrayList<>();
            List<MetricCurves.Curve> byIteration = new ArrayList<>();
            ArrayNode runs = one.putArray("runs");
            for (Run run : r.runs) {
                Path report = run.folder.resolve("report.html");
                boolean here = same(run.folder, at);
                one.put("here", here);
                runs.addObject()
                        .put("seed", run.seed)
                        .put("report", Files.exists(report) && !here ? FolderNames.link(at, report) : null);
                MetricCurves curves = MetricCurves.of(run.folder, honest);
                if (metrics.isEmpty()) {
                    TaskJson.metrics(metrics, List.of(curves.metric()));
                }
                // Curves of other metrics have no place on the same axis.
                if (curves.metric().name().equals(metrics.get(0).path("name").asText())) {
                    byTime.add(curves.mean(false));
                    byIteration.add(curves.mean(true));
                }
            }
            if (byTime.stream().anyMatch(c -> c.at().length > 0)) {
                ObjectNode curve = one.putObject("curve");
                MetricCurves.Curve.merged(byTime).json(curve.putObject("by_time"));
                MetricCurves.Curve.merged(byIteration).json(curve.putObject("by_iteration"));
            }
        }
        return n;
    }

    private static boolean same(Path a, Path b) {
        return a.toAbsolutePath().normalize().equals(b.toAbsolutePath().normalize());
    }

    private static void further(ObjectNode one, Row r) {
        ArrayNode figures = one.putArray("figures");
        for (Figure f : r.figures) {
            ObjectNode n = figures.addObject()
                    .put("label", f.label)
                    .put("unit", f.unit.name().toLowerCase(Locale.ROOT));
            Json.put(n, "value", f.value);
        }
        if (r.pairs == null) {
            return;
        }
        one.put("users", r.pairs.users()).put("better_users", r.pairs.better());
        ArrayNode points = one.putArray("by_user");
        double[] all = r.pairs.byUser();
        if (all.length <= MOST_POINTS) {
            for (int u = 0; u < all.length; u++) {
                if (Double.isFinite(all[u])) {
                    Json.add(points.addArray().add(u), all[u]);
                }
            }
        } else {
            double[] sorted =
                    Arrays.stream(all).filter(Double::isFinite).sorted().toArray();
            for (int k = 0; k < MOST_POINTS; k++) {
                int at = (int) ((long) k * (sorted.length - 1) / (MOST_POINTS - 1));
                Json.add(points.addArray().addNull(), sorted[at]);
            }
        }
    }
}
