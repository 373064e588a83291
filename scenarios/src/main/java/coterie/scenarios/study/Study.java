package coterie.scenarios.study;

import com.fasterxml.jackson.databind.JsonNode;
import coterie.model.task.Metric;
import coterie.model.task.Task;
import coterie.scenarios.config.Assignment;
import coterie.scenarios.config.InputException;
import coterie.scenarios.config.InputFile;
import coterie.scenarios.config.LocatedTree;
import coterie.scenarios.config.ScenarioFile;
import coterie.scenarios.config.ScenarioReader;
import coterie.scenarios.config.ScenarioReader.Loaded;
import coterie.scenarios.results.TaskJson;
import coterie.topology.files.Shown;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * A study: a scenario, the settings that are varied in it, and the seeds with which each variant is repeated.
 *
 * @param scenario the file that is varied, and the files that it extends
 * @param measure name of what is compared: see {@link Measure#parse}
 * @param baseline the values that distinguish a variant's baseline from it, by key; empty if nothing is compared
 * @param elsewhere whether the study is meant for another machine, so that the files that it names are not checked
 */
public record Study(
        String name,
        Path file,
        ScenarioFile scenario,
        List<Variant> variants,
        List<Long> seeds,
        String measure,
        Map<String, String> baseline,
        boolean elsewhere) {
    private static final Set<String> KEYS =
            new TreeSet<>(List.of("name", "scenario", "set", "grid", "variants", "seeds", "measure", "baseline"));
    static final int MOST_RUNS = 100_000;
    /** In a message. */
    private static final int MOST_SHOWN = 20;

    private static final int LONGEST_SHOWN = 80;
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

    /**
     * One combination of settings.
     *
     * @param values that name it: of each key of the grid, or its name
     * @param overrides replace settings of the scenario
     */
    public record Variant(Map<String, String> values, List<Assignment> overrides) {
        public String name() {
            return String.join(", ", values.values());
        }
    }

    /** A variant under one seed. */
    public record Run(Variant variant, long seed, Loaded loaded) {}

    /**
     * Whether a text is a study: a study names the scenario that it varies.
     *
     * @param file with the text, for messages
     */
    public static boolean isStudy(Path file, String text) {
        return LocatedTree.has(file.toString(), text, "scenario");
    }

    /**
     * Reads a study.
     *
     * @param text content of the file
     * @param overrides {@code key=value} that replace settings of every run
     * @throws InputException if anything in it is wrong
     */
    public static Study read(Path file, String text, List<String> overrides, boolean elsewhere) {
        LocatedTree tree = LocatedTree.parse(file.toString(), text);
        refuseOthers(tree, tree.root(), "", KEYS);
        Path named = InputFile.path(text(tree, "scenario", null), tree.at("scenario"));
        Path beside = file.toAbsolutePath().getParent().resolve(named).normalize();
        // A study that comes through a pipe has no folder.
        Path scenario = !Files.exists(beside) && Files.exists(named) ? named : beside;
        List<Assignment> typed =
                overrides.stream().map(o -> Assignment.typed(file, o)).toList();
        ScenarioFile varied;
        try {
            varied = ScenarioFile.read(scenario);
        } catch (InputException e) {
            throw e.within(tree.at("scenario"));
        }
        return of(tree, file, varied, typed, elsewhere);
    }

    /**
     * Makes a study.
     *
     * @param tree its settings; the scenario that it names was read already
     * @param overrides replace settings of every run
     */
    static Study of(LocatedTree tree, Path file, ScenarioFile scenario, List<Assignment> overrides, boolean elsewhere) {
        String name =
                tree.root().path("name").asText(file.getFileName().toString().replaceFirst("[.][^.]*$", ""));
        if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,99}")) {
            throw new InputException(
                    tree.at("name") + ": must be 1 to 100 letters, digits, dots, dashes or underscores, found "
                            + LocatedTree.kind(tree.root().path("name")));
        }
        List<Assignment> common = settings(tree, "set");
        common.addAll(overrides);
        List<Long> seeds = StudySeeds.of(tree);
        List<Variant> variants = variants(tree, common, MOST_RUNS / seeds.size());
        Set<String> names = new HashSet<>();
        for (Variant v : variants) {
            if (!names.add(v.name())) {
                throw new InputException(tree.at(tree.root().has("variants") ? "variants" : "grid")
                        + ": two variants are called \"" + v.name() + "\"");
            }
        }
        Map<String, String> baseline = baseline(tree, variants);
        String measure = text(tree, "measure", "");
        Study study = new Study(name, file, scenario, variants, seeds, measure, baseline, elsewhere);
        // A mistake in any variant is reported before the first run begins.
        List<Run> first = variants.stream().map(v -> study.run(v, seeds.get(0))).toList();
        if (measure.isEmpty()) {
            return study.measuring(study.task().headline().name() + ".mean");
        }
        check(tree.at("measure"), study.measured(tree.at("measure"), study.task()), first);
        return study;
    }

    /** Refuses an instant at which a run has ended by time. */
    private static void check(String place, Measure measure, List<Run> runs) {
        for (Run r : runs) {
            Double end = r.loaded.scenario().time().untilSeconds();
            if (end != null && measure.instant() > end) {
                throw new InputException(place + ": the run of variant \"" + r.variant.name() + "\" ends after " + end
                        + " s (time.until_seconds), and has no value at " + measure.instant()
                        + " s; allowed are instants until then");
            }
        }
    }

    /** @param place of its name, for messages */
    private Measure measured(String place, Task task) {
        try {
            return Measure.parse(measure, task);
        } catch (IllegalArgumentException e) {
            throw new InputException(place + ": " + e.getMessage());
        }
    }

    /**
     * The value of the measure in a run that has ended.
     *
     * @param folder of the run
     * @return NaN if training diverged, {@link StudyTable#NEVER} if the run ended before it had a value, null if there
     *     is none for another reason
     * @throws InputException if the run has no such number
     * @throws IOException if the run's files cannot be read
     */
    public Double measured(JsonNode summary, Path folder) throws IOException {
        return measured("measure", TaskJson.read(summary)).of(summary, folder);
    }

    private Study measuring(String other) {
        return new Study(name, file, scenario, variants, seeds, other, baseline, elsewhere);
    }

    /** The task of the runs: that of the first variant. */
    public Task task() {
        return run(variants.get(0), seeds.get(0)).loaded().scenario().task();
    }

    /**
     * Whether lower or higher values of the measure are better: lower, except for metrics of which higher is better.
     */
    public Metric.Direction better() {
        return measured("measure", task()).better();
    }

    /** A variant's name stands for all of its values. */
    private static Map<String, String> baseline(LocatedTree tree, List<Variant> variants) {
        JsonNode n = tree.root().path("baseline");
        if (n.isMissingNode() || n.isNull()) {
            return Map.of();
        }
        if (n.isArray() || n.isObject() && n.isEmpty()) {
            throw new InputException(tree.at("baseline")
                    + ": must be a variant's name or a map of key.path: value, found "
                    + (n.isObject() ? "an empty map" : LocatedTree.kind(n)));
        }
        if (!n.isObject()) {
            return variants.stream()
                    .filter(v -> v.name().equals(n.asText()))
                    .findFirst()
                    .map(Variant::values)
                    .orElseThrow(() -> new InputException(
                            tree.at("baseline") + ": there is no variant " + LocatedTree.kind(n) + "; there are "
                                    + variants.stream()
                                            .limit(MOST_SHOWN)
                                            .map(v -> '"' + v.name() + '"')
                                            .toList()));
        }
        Map<String, String> values = new LinkedHashMap<>();
        n.properties().forEach(e -> {
            Set<String> known = new LinkedHashSet<>();
            variants.forEach(v -> known.add(v.values.get(e.getKey())));
            if (known.contains(null)) {
                throw new InputException(tree.at("baseline." + e.getKey()) + ": is not varied; what is varied: "
                        + String.join(", ", variants.get(0).values.keySet()));
            }
            if (!known.contains(label(e.getValue()))) {
                throw new InputException(tree.at("baseline." + e.getKey()) + ": found "
                        + Shown.of(label(e.getValue()), LONGEST_SHOWN) + ", allowed are "
                        + known.stream().limit(MOST_SHOWN).collect(Collectors.joining(", ")));
            }
            values.put(e.getKey(), label(e.getValue()));
        });
        return values;
    }

    private static void refuseOthers(LocatedTree tree, JsonNode block, String path, Set<String> keys) {
        block.fieldNames().forEachRemaining(k -> {
            if (!keys.contains(k)) {
                throw new InputException(tree.at(path.isEmpty() ? k : path + "." + k) + ": unknown key; allowed here: "
                        + String.join(", ", keys));
            }
        });
    }

    /** @param standard the default; null if the key is required */
    private static String text(LocatedTree tree, String key, String standard) {
        JsonNode n = tree.root().path(key);
        if (standard != null && (n.isMissingNode() || n.isNull())) {
            return standard;
        }
        if (!n.isTextual() || n.asText().isBlank()) {
            throw new InputException(tree.at(key) + ": must be a text, found " + LocatedTree.kind(n));
        }
        return n.asText();
    }

    private static List<Variant> variants(LocatedTree tree, List<Assignment> common, int most) {
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
                throw new InputException(
                        tree.at("grid." + axis.getKey()) + ": the study would have more than " + MOST_RUNS + " runs");
            }
        }
        for (Map.Entry<String, JsonNode> axis : grid.properties()) {
            List<Variant> more = new ArrayList<>();
            for (Variant v : all) {
                for (JsonNode value : axis.getValue()) {
                    Map<String, String> values = new LinkedHashMap<>(v.values);
                    values.put(axis.getKey(), label(value));
                    List<Assignment> overrides = new ArrayList<>(v.overrides);
                    overrides.add(new Assignment(axis.getKey() + "=" + value, tree.source("grid." + axis.getKey())));
                    more.add(new Variant(values, overrides));
                }
            }
            all = more;
        }
        if (all.size() == 1 && all.get(0).values.isEmpty()) {
            throw new InputException(tree.at("grid") + ": a study needs a grid, or variants");
        }
        return all;
    }

    /** The label of a value in names and tables. */
    private static String label(JsonNode value) {
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
    private static List<Assignment> settings(LocatedTree tree, String path) {
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

    /** The baseline of each variant, with which it is compared seed by seed; a baseline's own is itself. */
    public Map<Variant, Variant> baselines() {
        Map<Map<String, String>, Variant> byValues = new HashMap<>();
        variants.forEach(v -> byValues.put(v.values, v));
        Map<Variant, Variant> all = new HashMap<>();
        for (Variant v : baseline.isEmpty() ? List.<Variant>of() : variants) {
            Map<String, String> wanted = new HashMap<>(v.values);
            wanted.putAll(baseline);
            all.put(v, byValues.get(wanted));
        }
        return all;
    }

    /**
     * One of the runs.
     *
     * @throws InputException if the scenario cannot have these settings
     */
    public Run run(Variant v, long seed) {
        List<Assignment> overrides = new ArrayList<>(v.overrides);
        // Variants have one name: in a shared folder they would take one another's checkpoints.
        for (String own : List.of("seed=" + seed, "baselines=[]", "checkpoints.path=~")) {
            overrides.add(new Assignment(own, null));
        }
        try {
            return new Run(v, seed, ScenarioReader.read(scenario, overrides, elsewhere));
        } catch (InputException e) {
            throw e.within(file + ": variant \"" + v.name() + "\"");
        }
    }

    /** All runs, seed by seed, so that a study that is stopped early has whole rows for few seeds. */
    public List<Run> runs() {
        List<Run> all = new ArrayList<>();
        for (long seed : seeds) {
            variants.forEach(v -> all.add(run(v, seed)));
        }
        return all;
    }
}
