package coterie.scenarios.results;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import coterie.model.task.Metric;
import coterie.model.task.Metric.Direction;
import coterie.model.task.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A run's task in {@code summary.json}, so that pages and tables of a folder need no scenario to name its metrics.
 * Summaries of language modelling, the first task there was, do not have it.
 */
public final class TaskJson {
    private static final String KEY = "task";

    private TaskJson() {}

    /** Adds a task to a summary. */
    static void write(ObjectNode summary, Task task) {
        if (task.equals(Task.LANGUAGE_MODELLING)) {
            return;
        }
        ObjectNode n = summary.putObject(KEY)
                .put("name", task.name())
                .put("data", task.data().name().toLowerCase(Locale.ROOT));
        metrics(n.putArray("metrics"), task.metrics());
        task.reported().forEach(m -> n.withArray("reported").add(m.name()));
    }

    /** Describes metrics. */
    public static void metrics(ArrayNode list, List<Metric> metrics) {
        for (Metric m : metrics) {
            list.addObject()
                    .put("name", m.name())
                    .put("label", m.label())
                    .put("unit", m.unit())
                    .put("better", m.better().name().toLowerCase(Locale.ROOT));
        }
    }

    /** The task of a summary. All of its metrics but those of language modelling count as measured. */
    public static Task read(JsonNode summary) {
        JsonNode n = summary.path(KEY);
        if (!n.isObject()) {
            return Task.LANGUAGE_MODELLING;
        }
        List<Metric> metrics = new ArrayList<>();
        for (JsonNode m : n.path("metrics")) {
            boolean higher = m.path("better").asText().equals("higher");
            metrics.add(Metric.measured(
                    m.path("name").asText(),
                    m.path("label").asText(),
                    m.path("unit").asText(),
                    higher ? Direction.HIGHER : Direction.LOWER));
        }
        List<Metric> reported = new ArrayList<>();
        for (JsonNode name : n.path("reported")) {
            metrics.stream().filter(m -> m.name().equals(name.asText())).forEach(reported::add);
        }
        return new Task(
                n.path("name").asText(),
                Task.Data.valueOf(n.path("data").asText().toUpperCase(Locale.ROOT)),
                metrics,
                reported);
    }
}
