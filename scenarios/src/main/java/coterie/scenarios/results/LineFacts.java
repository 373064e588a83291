package coterie.scenarios.results;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import coterie.model.task.Metric;
import coterie.model.task.Task;
import coterie.model.utility.Evidence;
import coterie.scenarios.config.LocatedTree;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What must hold inside one line of a result file in any simulation: types of fields, fields that follow from others,
 * columns of equal length.
 */
final class LineFacts {
    /** Two implementations of a function may each be one unit in the last place away from it. */
    private static final int ULPS = 3;

    private static final Set<String> WHOLE = Set.of(
            "user",
            "turn",
            "iteration",
            "tokens",
            "messages_sent",
            "messages_lost",
            "parameter_bytes",
            "prediction_bytes",
            "from",
            "to",
            "number",
            "bytes",
            "saved_turn",
            "row_computed_in_turn",
            "forward_passes",
            "aggregation_passes",
            "phase",
            "neighbour");
    private static final Set<String> NUMBERS =
            Set.of("virtual_seconds", "started", "delay_seconds", "sent_seconds", "since_seconds", "over_seconds");
    /** Null stands for values that are not finite or not known. */
    private static final Set<String> NUMBERS_OR_NULL = Stream.concat(
                    Stream.of("training_loss", "until_seconds", "distance", "utility"),
                    Arrays.stream(Evidence.values()).map(Evidence::label))
            .collect(Collectors.toUnmodifiableSet());

    private static final Set<String> BOOLEANS =
            Set.of("participated", "collaborative", "lost", "doubled", "copy", "taken", "trains");
    private static final List<String> COLUMNS = List.of(
            "age",
            "age_seconds",
            "information_seconds",
            "version",
            "updates",
            "evidence_age",
            "score",
            "influence",
            "moved");

    private final Task task;

    /** @param task whose metrics are in lines of evaluations */
    LineFacts(Task task) {
        this.task = task;
    }

    /** Faults of a line; empty if there are none. Missing fields are not faults. */
    List<String> faults(JsonNode line) {
        List<String> faults = new ArrayList<>();
        line.properties().forEach(f -> kind(f, faults));
        if (faults.isEmpty()) {
            task.metrics().stream().filter(Metric::isDerived).forEach(m -> derived(line, m, faults));
            columns(line, faults);
            snapshot(line, faults);
            if (line.path("messages_lost").asLong() > line.path("messages_sent").asLong()) {
                faults.add("messages_lost is more than messages_sent");
            }
            if (line.path("until_seconds").asDouble(Double.MAX_VALUE)
                    < line.path("virtual_seconds").asDouble()) {
                faults.add("until_seconds is before virtual_seconds");
            }
        }
        return faults;
    }

    private void kind(Map.Entry<String, JsonNode> field, List<String> faults) {
        String name = field.getKey();
        JsonNode n = field.getValue();
        String wanted = WHOLE.contains(name) && !(n.isIntegralNumber() && n.canConvertToLong())
                ? "a whole number"
                : NUMBERS.contains(name) && !n.isNumber()
                        ? "a number"
                        : (NUMBERS_OR_NULL.contains(name) || task.metric(name) != null) && !n.isNumber() && !n.isNull()
                                ? "a number or null"
                                : BOOLEANS.contains(name) && !n.isBoolean() ? "true or false" : null;
        if (wanted != null) {
            faults.add(name + " must be " + wanted + ", found " + LocatedTree.kind(n));
        }
    }

    /** Checks a metric that is a function of the loss. Null stands for a value that is not finite. */
    private void derived(JsonNode line, Metric metric, List<String> faults) {
        JsonNode said = line.get(metric.name());
        JsonNode loss = line.get(task.metrics().get(0).name());
        if (said == null || loss == null) {
            return;
        }
        double is = said.isNull() ? Double.POSITIVE_INFINITY : said.asDouble();
        double follows =
                loss.isNull() ? Double.POSITIVE_INFINITY : metric.ofLoss().applyAsDouble(loss.asDouble());
        if (is != follows && !(Math.abs(is - follows) <= ULPS * Math.ulp(follows))) {
            faults.add(metric.name() + " is " + said + ", and of a loss of " + loss + " it is " + follows);
        }
    }

    /** Checks what a measurement says of a neighbour's snapshot; trust rows have columns of the same names. */
    private static void snapshot(JsonNode line, List<String> faults) {
        if (!line.has("neighbour")) {
            return;
        }
        for (String field : List.of("version", "age")) {
            if (!(line.path(field).isIntegralNumber() && line.path(field).canConvertToInt())) {
                faults.add(field + " must be a whole number, found " + LocatedTree.kind(line.path(field)));
            }
        }
        if (!line.path("age_seconds").isNumber()) {
            faults.add("age_seconds must be a number, found " + LocatedTree.kind(line.path("age_seconds")));
        }
    }

    private static void columns(JsonNode line, List<String> faults) {
        if (!(line.get("row") instanceof ObjectNode row)) {
            return;
        }
        Set<String> users = names(row);
        for (String column : List.of("row", "age", "age_seconds", "information_seconds", "version", "influence")) {
            for (JsonNode cell : line.path(column)) {
                if (!cell.isNumber()) {
                    faults.add(column + " must hold numbers, found " + LocatedTree.kind(cell));
                }
            }
        }
        for (String column : List.of("age", "version", "evidence_age")) {
            for (JsonNode cell : line.path(column)) {
                if (!(cell.isIntegralNumber() && cell.canConvertToInt()) && !cell.isNull()) {
                    faults.add(column + " must hold whole numbers, found " + LocatedTree.kind(cell));
                }
            }
        }
        for (String column : List.of("score", "moved")) {
            for (JsonNode cell : line.path(column)) {
                if (!cell.isNumber() && !cell.isNull()) {
                    faults.add(column + " must hold numbers or null, found " + LocatedTree.kind(cell));
                }
            }
        }
        for (String column : COLUMNS) {
            if (line.has(column) && !names(line.get(column)).equals(users)) {
                faults.add(column + " is not of the users of row");
            }
        }
        for (JsonNode turns : line.path("updates")) {
            boolean whole = turns.isArray() && !turns.isEmpty();
            for (JsonNode turn : turns) {
                whole &= turn.isInt();
            }
            if (!whole) {
                faults.add("updates must hold lists of turns, found " + LocatedTree.kind(turns));
            }
        }
        for (String list : List.of("refused", "clipped")) {
            for (JsonNode user : line.path(list)) {
                if (!user.isInt() || !users.contains(user.asText())) {
                    faults.add(list + " must hold users of row, found " + LocatedTree.kind(user));
                }
            }
        }
        refused(line, faults);
        String self = line.path("user").asText();
        for (String column : List.of("age_seconds", "information_seconds")) {
            if (line.path(column).path(self).asDouble() != 0) {
                faults.add(column + " of the user itself is not 0");
            }
        }
        if (line.path("row_computed_in_turn").asLong() > line.path("turn").asLong()) {
            faults.add("row_computed_in_turn is after turn");
        }
    }

    /** Checks that those are refused that have a weight and no influence. */
    private static void refused(JsonNode line, List<String> faults) {
        if (!line.has("influence") || !faults.isEmpty()) {
            return;
        }
        Set<String> follows = new HashSet<>();
        line.get("row").properties().forEach(e -> {
            if (e.getValue().asDouble() > 0
                    && line.get("influence").path(e.getKey()).asDouble() == 0) {
                follows.add(e.getKey());
            }
        });
        Set<String> said = new HashSet<>();
        line.path("refused").forEach(user -> said.add(user.asText()));
        if (!said.equals(follows)) {
            faults.add("refused is " + line.path("refused") + ", and by row and influence it is " + follows);
        }
    }

    private static Set<String> names(JsonNode object) {
        Set<String> names = new HashSet<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }
}
