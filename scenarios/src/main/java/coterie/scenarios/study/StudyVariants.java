package coterie.scenarios.study;

import com.fasterxml.jackson.databind.JsonNode;
import coterie.scenarios.config.Assignment;
import coterie.scenarios.config.InputException;
import coterie.scenarios.config.LocatedTree;
import coterie.scenarios.study.Study.Variant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads the variants of a study: those that are listed, and every combination of the grid. */
final class StudyVariants {
    /** Settings that a study decides itself, and what to do instead. */
    private static final Map<String, String> OWN = Map.of(
            "seed",
            "the study's own key seeds says which seeds are run",
            "baselines",
            "a study has no baselines: make a variant of each strategy",
            "checkpoints.path",
            "runs of a study keep their checkpoints in their own folders",
            "name",
            "a variant's name is that of its values, or stands beside its set");

    private StudyVariants() {}

    /** Refuses keys of a block other than these. */
    static void refuseOthers(LocatedTree tree, JsonNode block, String path, Set<String> keys) {
        block.fieldNames().forEachRemaining(k -> {
            if (!keys.contains(k)) {
                throw new InputException(tree.at(path.isEmpty() ? k : path + "." + k) + ": unknown key; allowed here: "
                        + String.join(", ", keys));
            }
        });
    }

    /**
     * Reads the variants.
     *
     * @param common settings of every run
     * @param most number of variants allowed
     * @throws InputException if there are none, too many, or one is malformed
     */
    static List<Variant> of(LocatedTree tree, List<Assignment> common, int most) {
        JsonNode listed = tree.root().path("variants");
        JsonNode grid = tree.root().path("grid");
        List<Variant> all = new ArrayList<>();
        if (listed.isMissingNode() || listed.isNull()) {
            all.add(new Variant(new LinkedHashMap<>(), common));
        } else if (!listed.isArray() || listed.isEmpty()) {
            throw new InputException(tree.at("variants") + ": must be a list of maps with name and set, found "
                    + LocatedTree.kind(listed));
        }
        for (int k = 0; k < listed.size(); k++) {
            String at = "variants." + k;
            JsonNode v = listed.get(k);
            refuseOthers(tree, v, at, Set.of("name", "set"));
            if (!v.path("name").isTextual() || v.path("name").asText().isBlank()) {
                throw new InputException(
                        tree.at(at) + ": each variant needs a name, found " + LocatedTree.kind(v.path("name")));
            }
            List<Assignment> overrides = new ArrayList<>(common);
            overrides.addAll(settings(tree, at + ".set"));
            all.add(new Variant(
                    new LinkedHashMap<>(Map.of("variant", v.path("name").asText())), overrides));
        }
        if (!grid.isMissingNode() && !grid.isNull() && !grid.isObject()) {
            throw new InputException(
                    tree.at("grid") + ": must be a map of key.path: [values], found " + LocatedTree.kind(grid));
        }
        // Counted before they are made: a grid grows fast.
        long count = all.size();
        for (Map.Entry<String, JsonNode> axis : grid.properties()) {
            if (!axis.getValue().isArray() || axis.getValue().isEmpty()) {
                throw new InputException(tree.at("grid." + axis.getKey()) + ": must be a list of values, found "
                        + LocatedTree.kind(axis.getValue()));
            }
            axis.getValue().forEach(v -> refuseOwn(tree, "grid." + axis.getKey(), axis.getKey(), v));
            count *= axis.getValue().size();
            if (count > most) {
                throw new InputException(tree.at("grid." + axis.getKey()) + ": the study would have more than "
                        + Study.MOST_RUNS + " runs");
            }
        }
        for (Map.Entry<String, JsonNode> axis : grid.properties()) {
            List<Variant> more = new ArrayList<>();
            for (Variant v : all) {
                for (JsonNode value : axis.getValue()) {
                    Map<String, String> values = new LinkedHashMap<>(v.values());
                    values.put(axis.getKey(), label(value));
                    List<Assignment> overrides = new ArrayList<>(v.overrides());
                    overrides.add(new Assignment(axis.getKey() + "=" + value, tree.source("grid." + axis.getKey())));
                    more.add(new Variant(values, overrides));
                }
            }
            all = more;
        }
        if (all.size() == 1 && all.get(0).values().isEmpty()) {
            throw new InputException(tree.at("grid") + ": a study needs a grid, or variants");
        }
        return all;
    }

    /** The label of a value in names and tables. */
    static String label(JsonNode value) {
        return value.isTextual()
                ? value.asText()
                : value.isNull() ? "none" : value.toString().replace("\"", "");
    }

    /**
     * Refuses a setting that a study decides itself.
     *
     * @param path of the setting, or of a map that contains it
     */
    private static void refuseOwn(LocatedTree tree, String path, String key, JsonNode value) {
        if (OWN.containsKey(key)) {
            throw new InputException(tree.at(path) + ": " + OWN.get(key));
        }
        value.properties().forEach(e -> refuseOwn(tree, path + "." + e.getKey(), key + "." + e.getKey(), e.getValue()));
    }

    /** Returns the settings of a block; a map replaces settings key by key. */
    static List<Assignment> settings(LocatedTree tree, String path) {
        JsonNode block = tree.root().at("/" + path.replace('.', '/'));
        if (!block.isMissingNode() && !block.isNull() && !block.isObject()) {
            throw new InputException(
                    tree.at(path) + ": must be a map of key.path: value, found " + LocatedTree.kind(block));
        }
        List<Assignment> all = new ArrayList<>();
        block.properties().forEach(e -> {
            // A study may say that there are no baselines and no folder for checkpoints.
            boolean empty = e.getValue().isNull()
                    || e.getValue().isArray() && e.getValue().isEmpty();
            if (!empty && !e.getKey().equals("name")) {
                refuseOwn(tree, path + "." + e.getKey(), e.getKey(), e.getValue());
            }
            all.add(new Assignment(e.getKey() + "=" + e.getValue(), tree.source(path + "." + e.getKey())));
        });
        return all;
    }
}
