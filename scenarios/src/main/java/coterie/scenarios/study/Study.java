package coterie.scenarios.study;

import com.fasterxml.jackson.databind.JsonNode;
import coterie.model.task.Metric;
import coterie.model.task.Task;
import coterie.scenarios.claim.Claim;
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
 * @param question what it asks; empty for nothing
 * @param scenario the file that is varied, and the files that it extends
 * @param measure name of what is compared: see {@link Measure#parse}
 * @param baseline the values that distinguish a variant's baseline from it, by key; empty if nothing is compared
 * @param claims about its results
 * @param elsewhere whether the study is meant for another machine, so that the files that it names are not checked
 */
public record Study(
        String name,
        String question,
        Path file,
        ScenarioFile scenario,
        List<Variant> variants,
        List<Long> seeds,
        String measure,
        Map<String, String> baseline,
        List<Claim> claims,
        boolean elsewhere) {
    private static final Set<String> KEYS = new TreeSet<>(List.of(
            "name",
            "question",
            "scenario",
            "set",
            "grid",
            "variants",
            "seeds",
            "measure",
            "baseline",
            "claims",
            "full"));
    /** What the full size may replace. */
    private static final Set<String> SIZED =
            new TreeSet<>(List.of("scenario", "set", "grid", "variants", "seeds", "measure", "baseline"));

    static final int MOST_RUNS = 100_000;
    /** In a message. */
    private static final int MOST_SHOWN = 20;

    private static final int LONGEST_SHOWN = 80;
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
        return read(file, text, overrides, elsewhere, false);
    }

    /**
     * Reads a study in one of its sizes.
     *
     * @param full whether keys of its block {@code full} replace those of the file
     * @throws InputException if anything in it is wrong, or it has no full size
     */
    public static Study read(Path file, String text, List<String> overrides, boolean elsewhere, boolean full) {
        LocatedTree tree = LocatedTree.parse(file.toString(), text);
        StudyVariants.refuseOthers(tree, tree.root(), "", KEYS);
        size(tree, full);
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

    private static void size(LocatedTree tree, boolean full) {
        JsonNode block = tree.root().path("full");
        if (!block.isMissingNode() && !block.isNull() && !block.isObject()) {
            throw new InputException(tree.at("full") + ": must be a map of " + String.join(", ", SIZED) + ", found "
                    + LocatedTree.kind(block));
        }
        if (full && block.isEmpty()) {
            throw new InputException(tree.at("full") + ": the study has no full size");
        }
        StudyVariants.refuseOthers(tree, block, "full", SIZED);
        if (full) {
            tree.lift("full");
        }
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
        List<Assignment> common = StudyVariants.settings(tree, "set");
        common.addAll(overrides);
        List<Long> seeds = StudySeeds.of(tree);
        List<Variant> variants = StudyVariants.of(tree, common, MOST_RUNS / seeds.size());
        Set<String> names = new HashSet<>();
        for (Variant v : variants) {
            if (!names.add(v.name())) {
                throw new InputException(tree.at(tree.root().has("variants") ? "variants" : "grid")
                        + ": two variants are called \"" + v.name() + "\"");
            }
        }
        Map<String, String> baseline = baseline(tree, variants);
        String measure = text(tree, "measure", "");
        String question = text(tree, "question", "").strip().replaceAll("\\s+", " ");
        Study study =
                new Study(name, question, file, scenario, variants, seeds, measure, baseline, List.of(), elsewhere);
        // A mistake in any variant is reported before the first run begins.
        List<Run> first = variants.stream().map(v -> study.run(v, seeds.get(0))).toList();
        if (measure.isEmpty()) {
            measure = study.task().headline().name() + ".mean";
        } else {
            check(tree.at("measure"), measured(measure, tree.at("measure"), study.task()), first);
        }
        List<Claim> claims = new StudyClaims(
                        tree, variants, measure, (place, of) -> check(place, measured(of, place, study.task()), first))
                .read();
        return new Study(name, question, file, scenario, variants, seeds, measure, baseline, claims, elsewhere);
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
    private static Measure measured(String text, String place, Task task) {
        try {
            return Measure.parse(text, task);
        } catch (IllegalArgumentException e) {
            throw new InputException(place + ": " + e.getMessage());
        }
    }

    /**
     * The value of a measure in a run that has ended.
     *
     * @param folder of the run
     * @return NaN if training diverged, {@link StudyTable#NEVER} if the run ended before it had a value, null if there
     *     is none for another reason
     * @throws InputException if the run has no such number
     * @throws IOException if the run's files cannot be read
     */
    public Double measured(String measure, JsonNode summary, Path folder) throws IOException {
        return measured(measure, "measure", TaskJson.read(summary)).of(summary, folder);
    }

    /** The task of the runs: that of the first variant. */
    public Task task() {
        return run(variants.get(0), seeds.get(0)).loaded().scenario().task();
    }

    /**
     * Whether lower or higher values of the measure are better: lower, except for metrics of which higher is better.
     */
    public Metric.Direction better() {
        return measured(measure, "measure", task()).better();
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
            if (!known.contains(StudyVariants.label(e.getValue()))) {
                throw new InputException(tree.at("baseline." + e.getKey()) + ": found "
                        + Shown.of(StudyVariants.label(e.getValue()), LONGEST_SHOWN) + ", allowed are "
                        + known.stream().limit(MOST_SHOWN).collect(Collectors.joining(", ")));
            }
            values.put(e.getKey(), StudyVariants.label(e.getValue()));
        });
        return values;
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
