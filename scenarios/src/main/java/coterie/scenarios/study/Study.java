package coterie.scenarios.study;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import coterie.scenarios.schema.InputException;
import coterie.scenarios.schema.ScenarioReader;
import coterie.scenarios.schema.ScenarioReader.Loaded;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A question to many runs: a scenario, what is varied in it, and the seeds with which each variant is repeated.
 *
 * @param measure where in {@code summary.json} the number stands that is compared, keys parted by dots; lower is better
 * @param baseline the variant with which others are compared; null for none
 */
public record Study(String name, Path file, Path scenario, List<Variant> variants, List<Long> seeds, String measure, String baseline) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Set<String> KEYS = Set.of("name", "scenario", "set", "grid", "variants", "seeds", "measure", "baseline");
    private static final int MOST_RUNS = 100_000;

    /**
     * One setting of the question.
     *
     * @param values what it is known by: of each grid's key, or its name
     * @param overrides {@code key=value} that are laid over the scenario
     */
    public record Variant(Map<String, String> values, List<String> overrides) {
        public String name() {
            return String.join(", ", values.values());
        }
    }

    /** A run: a variant under a seed. */
    public record Run(Variant variant, long seed, Loaded loaded) {
    }

    /** Whether a file looks like a study: it names the scenario that it varies. */
    public static boolean isStudy(Path file) {
        try {
            return new ObjectMapper(new YAMLFactory()).readTree(file.toFile()).has("scenario");
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * Reads a study.
     *
     * @param overrides {@code key=value} laid over the scenario of every run
     * @throws InputException where anything in it is wrong
     */
    public static Study read(Path file, List<String> overrides) {
        if (!Files.isRegularFile(file)) {
            throw new InputException(file + ": there is no such file");
        }
        JsonNode n;
        try {
            n = new ObjectMapper(new YAMLFactory()).readTree(file.toFile());
        } catch (JsonProcessingException e) {
            throw new InputException(file + ": " + e.getOriginalMessage() + (e.getLocation() == null ? "" : " (line " + e.getLocation().getLineNr() + ")"));
        } catch (IOException e) {
            throw new InputException(file + ": cannot be read: " + e.getMessage());
        }
        if (!n.isObject()) {
            throw new InputException(file + ": a study is a block of keys: " + String.join(", ", KEYS.stream().sorted().toList()));
        }
        n.fieldNames().forEachRemaining(k -> {
            if (!KEYS.contains(k)) {
                throw new InputException(file + ": " + k + ": there is no such key; a study has " + String.join(", ", KEYS.stream().sorted().toList()));
            }
        });
        String name = n.path("name").asText(file.getFileName().toString().replaceFirst("[.][^.]*$", ""));
        if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,99}")) {
            throw new InputException(file + ": name: must be 1 to 100 letters, digits, dots, dashes or underscores, found " + name);
        }
        if (!n.path("scenario").isTextual()) {
            throw new InputException(file + ": scenario: must name the scenario file that is varied");
        }
        Path scenario = file.toAbsolutePath().getParent().resolve(n.path("scenario").asText()).normalize();
        List<String> common = new ArrayList<>();
        settings(n.path("set"), file, "set").forEach((k, v) -> common.add(k + "=" + v));
        common.addAll(overrides);
        List<Variant> variants = variants(n, file, common);
        List<Long> seeds = new ArrayList<>();
        for (JsonNode s : n.path("seeds")) {
            if (!s.isIntegralNumber()) {
                throw new InputException(file + ": seeds: must be a list of whole numbers, found " + s);
            }
            seeds.add(s.asLong());
        }
        if (seeds.isEmpty()) {
            seeds.add(1L);
        }
        String baseline = n.path("baseline").isMissingNode() || n.path("baseline").isNull() ? null : n.path("baseline").asText();
        if (baseline != null && variants.stream().noneMatch(v -> v.name().equals(baseline))) {
            throw new InputException(file + ": baseline: there is no variant \"" + baseline + "\"; there are "
                    + variants.stream().map(v -> '"' + v.name() + '"').toList());
        }
        if ((long) variants.size() * seeds.size() > MOST_RUNS) {
            throw new InputException(file + ": " + variants.size() + " variants and " + seeds.size() + " seeds are more than " + MOST_RUNS + " runs");
        }
        Study study = new Study(name, file, scenario, variants, List.copyOf(seeds), n.path("measure").asText("perplexity.mean"), baseline);
        // Whatever is wrong in any of them is told before the first begins.
        variants.forEach(v -> study.run(v, study.seeds.get(0)));
        return study;
    }

    private static List<Variant> variants(JsonNode n, Path file, List<String> common) {
        List<Variant> all = new ArrayList<>();
        if (n.has("variants")) {
            for (JsonNode v : n.path("variants")) {
                if (!v.path("name").isTextual()) {
                    throw new InputException(file + ": variants: each needs a name, found " + v);
                }
                List<String> overrides = new ArrayList<>(common);
                settings(v.path("set"), file, "variants.set").forEach((k, x) -> overrides.add(k + "=" + x));
                all.add(new Variant(new LinkedHashMap<>(Map.of("variant", v.path("name").asText())), overrides));
            }
        } else {
            all.add(new Variant(new LinkedHashMap<>(), common));
        }
        for (Map.Entry<String, JsonNode> axis : n.path("grid").properties()) {
            if (!axis.getValue().isArray() || axis.getValue().isEmpty()) {
                throw new InputException(file + ": grid." + axis.getKey() + ": must be a list of values, found " + axis.getValue());
            }
            List<Variant> more = new ArrayList<>();
            for (Variant v : all) {
                for (JsonNode value : axis.getValue()) {
                    Map<String, String> values = new LinkedHashMap<>(v.values);
                    values.put(axis.getKey(), value.isTextual() ? value.asText() : value.isNull() ? "none" : value.toString().replace("\"", ""));
                    List<String> overrides = new ArrayList<>(v.overrides);
                    overrides.add(axis.getKey() + "=" + value);
                    more.add(new Variant(values, overrides));
                }
            }
            all = more;
        }
        if (all.size() == 1 && all.get(0).values.isEmpty()) {
            throw new InputException(file + ": a study needs a grid, or variants");
        }
        return all;
    }

    private static Map<String, String> settings(JsonNode block, Path file, String key) {
        Map<String, String> all = new LinkedHashMap<>();
        if (!block.isMissingNode() && !block.isObject()) {
            throw new InputException(file + ": " + key + ": must be a block of key.path: value, found " + block);
        }
        block.properties().forEach(e -> {
            try {
                all.put(e.getKey(), JSON.writeValueAsString(e.getValue()));
            } catch (JsonProcessingException x) {
                throw new IllegalStateException(x);
            }
        });
        return all;
    }

    /** One of its runs. @throws InputException where the scenario cannot be so */
    public Run run(Variant v, long seed) {
        List<String> overrides = new ArrayList<>(v.overrides);
        overrides.add("seed=" + seed);
        overrides.add("baselines=[]");
        // Variants have one name: in a folder that they share they would take one another's checkpoints.
        overrides.add("checkpoints.path=~");
        try {
            return new Run(v, seed, ScenarioReader.read(scenario, overrides));
        } catch (InputException e) {
            throw new InputException(file + ": variant \"" + v.name() + "\": " + e.getMessage());
        }
    }

    /** All of them, seed by seed, so that an early end leaves whole rows of few seeds. */
    public List<Run> runs() {
        List<Run> all = new ArrayList<>();
        for (long seed : seeds) {
            variants.forEach(v -> all.add(run(v, seed)));
        }
        return all;
    }
}
