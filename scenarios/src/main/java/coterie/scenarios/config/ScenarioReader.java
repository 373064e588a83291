package coterie.scenarios.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.util.StringQuotingChecker;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/**
 * Reads scenario files: what a file says is laid over the defaults, every key checked against them, and the whole
 * turned into a {@link Scenario}. Whatever is wrong is told in one {@link InputException}.
 */
public final class ScenarioReader {
    private static final ObjectNode DEFAULTS = defaults();
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final ObjectMapper YAML = new ObjectMapper(YAMLFactory.builder()
            .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
            .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
            .stringQuotingChecker(new Quoting())
            .build());

    /**
     * A scenario as read.
     *
     * @param scenario with every setting filled in
     * @param resolved the same as a tree, in the file's own form
     * @param text what the file says; a pipe can be read only once
     * @param overrides what was laid over it
     * @param said where each setting stands
     * @param elsewhere whether it is meant for another machine
     */
    public record Loaded(
            Scenario scenario,
            ObjectNode resolved,
            Path file,
            String text,
            List<String> overrides,
            LocatedTree said,
            boolean elsewhere) {
        /** A setting's key path with file and line, for messages. */
        public String at(String path) {
            return said.at(path);
        }

        /** Keys that name files or folders. */
        public List<String> files() {
            return paths(resolved).stream().filter(key -> isFile(resolved, key)).toList();
        }

        /** As YAML, to be written beside the results: read again it gives the same scenario. */
        public String yaml() {
            return ScenarioReader.yaml(resolved);
        }

        /** The same for readers in other folders: with absolute paths. */
        public String portable() {
            ObjectNode moved = resolved.deepCopy();
            relocate(moved, this::at, Path::toAbsolutePath);
            return ScenarioReader.yaml(moved);
        }

        /**
         * The same file under another strategy: what the file leaves open follows the strategy, what it says of the
         * run's own strategy alone is open, and what it says of this one as a baseline counts.
         */
        public Loaded under(Strategy strategy) {
            return under(strategy, List.of());
        }

        /**
         * The same, with settings laid over all that.
         *
         * @param settings each KEY=VALUE
         */
        public Loaded under(Strategy strategy, List<String> settings) {
            List<String> more = new ArrayList<>(overrides);
            if (strategy != scenario.collaboration().strategy()) {
                OWN.forEach((key, open) -> more.add("collaboration.trust." + key + "=" + open));
            }
            for (JsonNode b : resolved.path("baseline_settings")) {
                if (b.path("strategy").asText().equals(strategy.label())) {
                    b.path("set").properties().forEach(e -> more.add(e.getKey() + "=" + e.getValue()));
                }
            }
            more.addAll(settings);
            more.add("collaboration.strategy=" + strategy.label());
            more.add("baselines=[]");
            more.add("baseline_settings=[]");
            return read(file, text, more, elsewhere);
        }
    }

    /** Quotes a text that would be read as a number, a truth value or nothing. */
    private static final class Quoting extends StringQuotingChecker.Default {
        private static final long serialVersionUID = 1;

        @Override
        public boolean needToQuoteValue(String value) {
            return super.needToQuoteValue(value)
                    || !new CoreSchema()
                            .getScalarResolver()
                            .resolve(value, true)
                            .equals(Tag.STR);
        }
    }

    private static final double RELEASED_BASE_DROPOUT = 0.2;
    /** Settings of trust that mean something else under each strategy, and what they are where they are left open. */
    private static final Map<String, String> OWN = Map.of("scale", "null", "top_k", "0", "threshold", "null");
    /** What is filled in where it is left open, other than {@link #OWN}. */
    private static final List<String> FOLLOWING = List.of(
            "model.base_dropout",
            "model.evaluation_dropout",
            "model.adapter.init",
            "model.lora.rank",
            "model.lora.alpha",
            "model.lora.targets",
            "data.seed",
            "collaboration.trust.compare",
            "collaboration.trust.normalise",
            "collaboration.trust.shared_windows",
            "collaboration.trust.positions",
            "evaluation.protocol");

    private static final Set<String> NOT_IN_PHASES = Set.of("schedule", "random-peers", "trusted-peers");

    private ScenarioReader() {}

    private static String yaml(ObjectNode tree) {
        try {
            return YAML.writeValueAsString(tree);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Reads a file.
     *
     * @param overrides {@code key.path=value} laid over it, the value as YAML, a map key by key
     * @throws InputException where the file cannot be read or anything in it is wrong
     */
    public static Loaded read(Path file, List<String> overrides) {
        return read(file, InputFile.text(file), overrides);
    }

    /**
     * Reads what a file says, or would say.
     *
     * @param file whose text it is, for messages and for paths beside it
     */
    public static Loaded read(Path file, String text, List<String> overrides) {
        return read(file, text, overrides, false);
    }

    /** @param elsewhere whether it is meant for another machine, so that the files it names are not looked at */
    public static Loaded read(Path file, String text, List<String> overrides, boolean elsewhere) {
        LocatedTree tree = LocatedTree.parse(file.toString(), text);
        overrides.forEach(o -> tree.override(o, DEFAULTS));
        ObjectNode merged = merge(DEFAULTS, tree.root(), "", Kinds.at(""), tree);
        fillOpen(merged);
        fillPhases(merged, tree);
        locate(merged, file, tree);
        if (!elsewhere) {
            AdapterLora.follow(merged, tree.root());
        }
        Scenario scenario = convert(merged, tree);
        Loaded loaded = new Loaded(scenario, merged, file, text, List.copyOf(overrides), tree, elsewhere);
        ScenarioChecks.check(scenario, tree::at);
        boolean files = loaded.files().stream()
                .anyMatch(
                        key -> key.startsWith("topology") || key.startsWith("time") || key.startsWith("participation"));
        if (!scenario.topology().needsCategories() && !(elsewhere && files)) {
            SimulationConfigs.checked(scenario, null, tree::at);
        }
        fillBaselines(loaded);
        return loaded;
    }

    /**
     * The defaults with what the file says in their place. A block or a list with nothing in it, all of it commented
     * out perhaps, is its default.
     *
     * @param choice what is chosen in this block; null for nothing
     */
    private static ObjectNode merge(
            ObjectNode defaults, ObjectNode said, String path, Kinds.Choice choice, LocatedTree tree) {
        ObjectNode known = withChoice(defaults, said, path, choice, tree);
        for (Map.Entry<String, JsonNode> e : said.properties()) {
            if (!known.has(e.getKey())) {
                throw new InputException(tree.at(LocatedTree.join(path, e.getKey())) + ": unknown key; allowed here: "
                        + list(names(known))
                        + NearestName.hint(e.getKey(), names(known)));
            }
        }
        ObjectNode out = MAPPER.createObjectNode();
        for (Map.Entry<String, JsonNode> e : known.properties()) {
            String at = LocatedTree.join(path, e.getKey());
            JsonNode standard = e.getValue();
            JsonNode mine = said.get(e.getKey());
            boolean empty = mine == null || mine.isNull() && standard.isContainerNode();
            if (standard instanceof ObjectNode block) {
                if (!empty && !(mine instanceof ObjectNode)) {
                    throw new InputException(tree.at(at) + ": must be a map with keys among " + list(names(block))
                            + ", found "
                            + LocatedTree.kind(mine));
                }
                out.set(
                        e.getKey(),
                        merge(block, empty ? MAPPER.createObjectNode() : (ObjectNode) mine, at, Kinds.at(at), tree));
            } else if (!empty && mine.isNull() && !standard.isNull()) {
                throw new InputException(
                        tree.at(at) + ": must be like " + LocatedTree.kind(standard) + ", its default, found nothing");
            } else {
                out.set(e.getKey(), empty ? standard : mine);
            }
        }
        return out;
    }

    /** The defaults of a block, with those of the kind that is chosen in it. */
    private static ObjectNode withChoice(
            ObjectNode defaults, ObjectNode said, String path, Kinds.Choice choice, LocatedTree tree) {
        if (choice == null) {
            return defaults;
        }
        JsonNode chosen = said.has(choice.key()) ? said.get(choice.key()) : defaults.get(choice.key());
        ObjectNode settings = chosen.isTextual() ? choice.choices().get(chosen.asText()) : null;
        if (settings == null) {
            throw new InputException(tree.at(LocatedTree.join(path, choice.key())) + ": found "
                    + LocatedTree.kind(chosen) + ", allowed: "
                    + list(choice.choices().keySet())
                    + NearestName.hint(chosen.asText(), choice.choices().keySet()));
        }
        ObjectNode all = defaults.deepCopy();
        settings.properties().stream()
                .filter(e -> !e.getKey().equals("about"))
                .forEach(e -> all.set(e.getKey(), e.getValue()));
        return all;
    }

    /** Settings that are left open follow strategy and fidelity. */
    private static void fillOpen(ObjectNode root) {
        String fidelity = root.at("/collaboration/fidelity").asText();
        boolean released = fidelity.equals("released");
        boolean own = fidelity.equals("coterie");
        ObjectNode trust = (ObjectNode) root.at("/collaboration/trust");
        fill(trust, "compare", own && trust.get("normalise").isNull() ? "changes" : "logits");
        boolean changes = trust.get("compare").asText().equals("changes");
        if (!changes) {
            fill(trust, "normalise", released ? "row" : own ? "mean" : "none");
        }
        fill(
                trust,
                "scale",
                switch (root.at("/collaboration/strategy").asText()) {
                    case "prediction-similarity" ->
                        changes ? 8.0 : scale(trust.get("normalise").asText());
                    case "validation-performance" -> own ? 40.0 : 1.0;
                    default -> 1.0;
                });
        fill(trust, "shared_windows", released ? 200 : 16);
        fill(trust, "positions", released ? "last" : "all");
        fill((ObjectNode) root.at("/model/adapter"), "init", released ? "released" : "shared");
        fill((ObjectNode) root.get("model"), "base_dropout", released ? RELEASED_BASE_DROPOUT : 0.0);
        fill((ObjectNode) root.get("model"), "evaluation_dropout", released);
        fill((ObjectNode) root.at("/evaluation"), "protocol", released ? "released" : "test");
        if (root.at("/data/seed").isNull()) {
            ((ObjectNode) root.get("data")).set("seed", root.get("seed"));
        }
    }

    /** The scale of distances that are normalised so: it belongs to their unit. */
    private static double scale(String normalise) {
        return switch (normalise) {
            case "mean" -> 3;
            case "row" -> 10;
            default -> 1;
        };
    }

    /**
     * What a baseline's settings leave open follows them, and not what the run's own strategy has there: it is filled
     * in beside them, so that the resolved scenario gives the same baselines again.
     */
    private static void fillBaselines(Loaded loaded) {
        ObjectNode root = loaded.resolved();
        ArrayNode filled = root.path("baseline_settings").deepCopy();
        for (int k = 0; k < filled.size(); k++) {
            ObjectNode set = (ObjectNode) filled.get(k).get("set");
            Set<String> said = new LinkedHashSet<>();
            leaves("", set, said);
            for (String key : said) {
                if (key.equals("collaboration.strategy") || key.startsWith("baseline")) {
                    throw new InputException(loaded.at("baseline_settings." + k + ".set") + ": " + key
                            + " follows from strategy and cannot be set, found " + LocatedTree.kind(set));
                }
            }
            ObjectNode baseline;
            try {
                baseline = loaded.under(
                                loaded.scenario().baselineSettings().get(k).strategy())
                        .resolved();
            } catch (InputException e) {
                throw new InputException(loaded.at("baseline_settings." + k + ".set") + ": " + e.getMessage());
            }
            for (String key : FOLLOWING) {
                if (!said.contains(key) && !node(root, key).equals(node(baseline, key))) {
                    set.set(key, node(baseline, key));
                }
            }
        }
        root.set("baseline_settings", filled);
    }

    /** Adds the key paths of all that is no map. */
    private static void leaves(String path, ObjectNode block, Set<String> to) {
        for (Map.Entry<String, JsonNode> e : block.properties()) {
            String at = LocatedTree.join(path, e.getKey());
            if (e.getValue() instanceof ObjectNode inner) {
                leaves(at, inner, to);
            } else {
                to.add(at);
            }
        }
    }

    /** Graphs within a schedule have the same settings and defaults as one that stands alone. */
    private static void fillPhases(ObjectNode root, LocatedTree tree) {
        JsonNode phases = root.at("/topology/phases");
        for (int k = 0; k < phases.size(); k++) {
            String at = "topology.phases." + k;
            if (!(phases.get(k) instanceof ObjectNode phase) || !(phase.get("graph") instanceof ObjectNode graph)) {
                throw new InputException(
                        tree.at(at) + ": must be a map with from_seconds and graph, a map itself; found "
                                + LocatedTree.kind(
                                        phases.get(k).path("graph").isMissingNode()
                                                ? phases.get(k)
                                                : phases.get(k).path("graph")));
            }
            if (NOT_IN_PHASES.contains(graph.path("kind").asText())) {
                throw new InputException(tree.at(at + ".graph.kind")
                        + ": a phase has a graph that stays as it is, found " + LocatedTree.kind(graph.path("kind")));
            }
            phase.set(
                    "graph",
                    merge((ObjectNode) DEFAULTS.get("topology"), graph, at + ".graph", Kinds.at("topology"), tree));
        }
    }

    /**
     * Files are named as seen from here, or else from the scenario file's folder; what is written beside the results
     * names them for good.
     */
    private static void locate(ObjectNode root, Path file, LocatedTree tree) {
        relocate(root, tree::at, path -> {
            Path beside = file.toAbsolutePath().getParent().resolve(path);
            return !Files.exists(path) && Files.exists(beside) ? beside.normalize() : path;
        });
    }

    /**
     * Replaces all paths to files.
     *
     * @throws InputException where a path cannot be one
     */
    private static void relocate(ObjectNode root, UnaryOperator<String> at, UnaryOperator<Path> other) {
        for (String key : paths(root)) {
            if (isFile(root, key)) {
                Path path = InputFile.path(node(root, key).asText(), at.apply(key));
                int last = key.lastIndexOf('.');
                ((ObjectNode) node(root, key.substring(0, last)))
                        .put(key.substring(last + 1), other.apply(path).toString());
            }
        }
    }

    /** Keys whose values are paths. */
    private static List<String> paths(ObjectNode root) {
        List<String> keys = new ArrayList<>(List.of(
                "topology.path",
                "time.compute.path",
                "time.latency.path",
                "time.bandwidth.path",
                "participation.path",
                "data.path",
                "model.base",
                "model.adapter.path"));
        for (int k = 0; k < root.at("/topology/phases").size(); k++) {
            keys.add("topology.phases." + k + ".graph.path");
        }
        return keys;
    }

    private static boolean isFile(ObjectNode root, String key) {
        return node(root, key).isTextual() && !node(root, key).asText().startsWith("builtin:");
    }

    private static JsonNode node(ObjectNode root, String key) {
        return root.at("/" + key.replace('.', '/'));
    }

    private static void fill(ObjectNode block, String key, Object value) {
        if (block.get(key).isNull()) {
            block.set(key, MAPPER.valueToTree(value));
        }
    }

    private static Scenario convert(ObjectNode merged, LocatedTree tree) {
        ObjectNode nested = merged.deepCopy();
        for (Kinds.Choice c : Kinds.all()) {
            ObjectNode block = (ObjectNode) nested.at("/" + c.path().replace('.', '/'));
            Set<String> common = names((ObjectNode) DEFAULTS.at("/" + c.path().replace('.', '/')));
            common.remove(c.key());
            if (!common.isEmpty()) {
                // Records keep what is chosen apart from what is common to all choices; files have both in one block.
                ObjectNode inner = MAPPER.createObjectNode();
                for (String key : new ArrayList<>(names(block))) {
                    if (!common.contains(key)) {
                        inner.set(key, block.remove(key));
                    }
                }
                block.set(c.key(), inner);
            }
        }
        return RecordReader.read(nested, Scenario.class, path -> tree.at(asInFile(path)));
    }

    /**
     * A key path of the nested tree as the file has it: what is chosen stands in one block with what is common to all
     * choices.
     */
    private static String asInFile(String path) {
        for (Kinds.Choice c : Kinds.all()) {
            String inner = c.path() + "." + c.key() + ".";
            if (path.startsWith(inner)) {
                return c.path() + "." + path.substring(inner.length());
            }
        }
        return path;
    }

    private static Set<String> names(ObjectNode block) {
        Set<String> names = new LinkedHashSet<>();
        block.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static String list(Collection<String> names) {
        return String.join(", ", names);
    }

    private static ObjectNode defaults() {
        return LocatedTree.parse("defaults.yaml", defaultsText()).root();
    }

    static String defaultsText() {
        try (InputStream in = ScenarioReader.class.getResourceAsStream("/coterie/scenarios/defaults.yaml")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * All settings with what they mean, as a scenario file.
     *
     * @param settings {@code key.path=value} that stand in the place of defaults
     * @param file for messages
     * @throws InputException where a setting is none
     */
    public static String defaultsWith(List<String> settings, Path file) {
        String text = defaultsText();
        // A mistake in them is told as in a file; one may need another.
        read(file, "{}", settings);
        for (String s : settings) {
            int equals = s.indexOf('=');
            text = withAll(text, s.substring(0, equals), s.substring(equals + 1));
        }
        return text;
    }

    /** A map takes the places of the keys that it names, as it does where it is laid over a file. */
    private static String withAll(String text, String key, String value) {
        JsonNode parsed = YamlNodes.read("--set " + key, key, value, new HashMap<>());
        if (!parsed.isObject() || parsed.isEmpty()) {
            return with(text, key, value);
        }
        String out = text;
        for (Map.Entry<String, JsonNode> e : parsed.properties()) {
            out = withAll(out, LocatedTree.join(key, e.getKey()), e.getValue().toString());
        }
        return out;
    }

    private static String with(String text, String key, String value) {
        List<String> lines = new ArrayList<>(text.lines().toList());
        Map<String, Integer> at = LocatedTree.parse("defaults.yaml", text).lines();
        int dot = key.lastIndexOf('.');
        String name = key.substring(dot + 1);
        Integer line = at.get(key);
        if (line != null) {
            String old = lines.get(line - 1);
            int comment = old.indexOf('#');
            String indent = old.substring(0, old.indexOf(name));
            String said = indent + name + ": " + value;
            lines.set(
                    line - 1,
                    comment < 0
                            ? said
                            : said + " ".repeat(Math.max(1, comment - said.length())) + old.substring(comment));
        } else if (at.containsKey(key.substring(0, Math.max(0, dot)))) {
            // A setting of one kind or model only: it stands behind the block's first line.
            int parent = at.get(key.substring(0, dot));
            lines.add(parent + 1, lines.get(parent).replaceFirst("\\S.*$", "") + name + ": " + value);
        } else {
            throw new InputException("--set " + key + ": set it in the file");
        }
        return String.join("\n", lines) + "\n";
    }
}
