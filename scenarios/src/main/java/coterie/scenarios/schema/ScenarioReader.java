package coterie.scenarios.schema;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.cfg.MapperConfig;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import com.fasterxml.jackson.databind.introspect.AnnotatedClass;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * Reads scenario files: what a file says is laid over the defaults, every key checked against them, and the whole turned into a {@link Scenario}.
 * Whatever is wrong is told in one {@link InputException}.
 */
public final class ScenarioReader {
    private static final ObjectNode DEFAULTS = defaults();
    private static final ObjectMapper MAPPER = mapper();

    /**
     * A scenario as read.
     *
     * @param scenario with every setting filled in
     * @param resolved the same as a tree, in the file's own form
     */
    public record Loaded(Scenario scenario, ObjectNode resolved, Path file, List<String> overrides) {
        /** As YAML, to be written beside the results: read again it gives the same scenario. */
        public String yaml() {
            return ScenarioReader.yaml(resolved);
        }

        /** The same for readers in other folders: with absolute paths. */
        public String portable() {
            ObjectNode moved = resolved.deepCopy();
            relocate(moved, Path::toAbsolutePath);
            return ScenarioReader.yaml(moved);
        }

        /** The same file under another strategy: what the file leaves open follows the strategy. */
        public Loaded under(Strategy strategy) {
            List<String> more = new ArrayList<>(overrides);
            more.add("collaboration.strategy=" + strategy.label());
            more.add("baselines=[]");
            return read(file, more);
        }
    }

    private ScenarioReader() {
    }

    private static String yaml(ObjectNode tree) {
        try {
            return new ObjectMapper(YAMLFactory.builder().disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
                    .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES).build()).writeValueAsString(tree);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Reads a file.
     *
     * @param overrides {@code key.path=value} laid over it, the value as YAML
     * @throws InputException where the file cannot be read or anything in it is wrong
     */
    public static Loaded read(Path file, List<String> overrides) {
        String text;
        try {
            text = Files.readString(file);
        } catch (NoSuchFileException e) {
            throw new InputException(file + ": there is no such file");
        } catch (MalformedInputException e) {
            throw new InputException(file + ": no text in UTF-8");
        } catch (FileSystemException e) {
            throw new InputException(file + ": cannot be read: " + FileProblems.reason(e));
        } catch (IOException e) {
            throw new InputException(file + ": cannot be read: " + e.getMessage());
        }
        return read(file, text, overrides);
    }

    /** Reads what a file says, or would say. @param file whose text it is, for messages and for paths beside it */
    public static Loaded read(Path file, String text, List<String> overrides) {
        LocatedTree tree = LocatedTree.parse(file.toString(), text);
        for (String o : overrides) {
            override(tree.root(), o);
        }
        ObjectNode merged = merge(DEFAULTS, tree.root(), "", tree);
        fillOpen(merged);
        fillPhases(merged, tree);
        locate(merged, file);
        Scenario scenario = convert(merged, tree);
        ScenarioChecks.check(scenario, tree::at);
        return new Loaded(scenario, merged, file, List.copyOf(overrides));
    }

    private static void override(ObjectNode root, String assignment) {
        int equals = assignment.indexOf('=');
        if (equals < 1) {
            throw new InputException("--set " + assignment + ": must be key.path=value, for instance training.iterations=100");
        }
        String[] path = assignment.substring(0, equals).split("\\.");
        LocatedTree value = LocatedTree.parse("--set " + assignment, "v: " + assignment.substring(equals + 1));
        ObjectNode at = root;
        for (int i = 0; i < path.length - 1; i++) {
            if (!(at.get(path[i]) instanceof ObjectNode)) {
                at.putObject(path[i]);
            }
            at = (ObjectNode) at.get(path[i]);
        }
        at.set(path[path.length - 1], value.root().get("v"));
    }

    /** The defaults with what the file says in their place. */
    private static ObjectNode merge(ObjectNode defaults, ObjectNode said, String path, LocatedTree tree) {
        ObjectNode known = withChoice(defaults, said, path, tree);
        for (Map.Entry<String, JsonNode> e : said.properties()) {
            if (!known.has(e.getKey())) {
                throw new InputException(tree.at(join(path, e.getKey())) + ": unknown key; allowed here: " + list(names(known))
                        + NearestName.hint(e.getKey(), names(known)));
            }
        }
        ObjectNode out = MAPPER.createObjectNode();
        for (Map.Entry<String, JsonNode> e : known.properties()) {
            String at = join(path, e.getKey());
            JsonNode mine = said.get(e.getKey());
            if (e.getValue() instanceof ObjectNode block) {
                if (mine != null && !(mine instanceof ObjectNode)) {
                    throw new InputException(tree.at(at) + ": must be a map with keys among " + list(names(block)) + ", found " + LocatedTree.kind(mine));
                }
                out.set(e.getKey(), merge(block, mine == null ? MAPPER.createObjectNode() : (ObjectNode) mine, at, tree));
            } else {
                out.set(e.getKey(), mine == null ? e.getValue() : mine);
            }
        }
        return out;
    }

    /** The defaults of a block, with those of the kind that is chosen in it. */
    private static ObjectNode withChoice(ObjectNode defaults, ObjectNode said, String path, LocatedTree tree) {
        Kinds.Choice choice = Kinds.at(path);
        if (choice == null) {
            return defaults;
        }
        JsonNode chosen = said.has(choice.key()) ? said.get(choice.key()) : defaults.get(choice.key());
        ObjectNode settings = choice.choices().get(chosen.asText());
        if (settings == null) {
            throw new InputException(tree.at(join(path, choice.key())) + ": found " + LocatedTree.kind(chosen) + ", allowed: " + list(choice.choices().keySet())
                    + NearestName.hint(chosen.asText(), choice.choices().keySet()));
        }
        ObjectNode all = defaults.deepCopy();
        settings.properties().stream().filter(e -> !e.getKey().equals("about")).forEach(e -> all.set(e.getKey(), e.getValue()));
        return all;
    }

    /** Settings that are left open follow strategy and fidelity. */
    private static void fillOpen(ObjectNode root) {
        boolean released = root.at("/collaboration/fidelity").asText().equals("released");
        boolean predictions = root.at("/collaboration/strategy").asText().equals("prediction-similarity");
        ObjectNode trust = (ObjectNode) root.at("/collaboration/trust");
        fill(trust, "scale", predictions ? released ? 10.0 : 3.0 : 1.0);
        fill(trust, "normalise", released ? "row" : "mean");
        fill(trust, "shared_windows", released ? 200 : 16);
        fill(trust, "positions", released ? "last" : "all");
        fill((ObjectNode) root.at("/model/adapter"), "init", released ? "released" : "shared");
        fill((ObjectNode) root.get("model"), "evaluation_dropout", released);
        fill((ObjectNode) root.at("/evaluation"), "protocol", released ? "released" : "test");
        if (root.at("/data/seed").isNull()) {
            ((ObjectNode) root.get("data")).set("seed", root.get("seed"));
        }
    }

    /** Graphs within a schedule have the same settings and defaults as one that stands alone. */
    private static void fillPhases(ObjectNode root, LocatedTree tree) {
        JsonNode phases = root.at("/topology/phases");
        for (int k = 0; k < phases.size(); k++) {
            String at = "topology.phases." + k;
            if (!(phases.get(k) instanceof ObjectNode phase) || !(phase.get("graph") instanceof ObjectNode graph)) {
                throw new InputException(tree.at(at) + ": must be a map with from_seconds and graph, found " + LocatedTree.kind(phases.get(k)));
            }
            ObjectNode known = withChoice((ObjectNode) DEFAULTS.get("topology"), graph, "topology", tree);
            for (String key : names(graph)) {
                if (!known.has(key)) {
                    throw new InputException(tree.at(at + ".graph." + key) + ": unknown key; allowed here: " + list(names(known))
                            + NearestName.hint(key, names(known)));
                }
            }
            known.setAll(graph);
            phase.set("graph", known);
        }
    }

    /** Files are named as seen from here, or else from the scenario file's folder; what is written beside the results names them for good. */
    private static void locate(ObjectNode root, Path file) {
        relocate(root, path -> {
            Path beside = file.toAbsolutePath().getParent().resolve(path);
            return !Files.exists(path) && Files.exists(beside) ? beside.normalize() : path;
        });
    }

    /** Replaces all paths to files. */
    private static void relocate(ObjectNode root, UnaryOperator<Path> other) {
        for (String key : List.of("/topology/path", "/time/compute/path", "/time/latency/path", "/time/bandwidth/path", "/participation/path", "/data/path",
                "/model/base", "/model/adapter/path")) {
            JsonNode path = root.at(key);
            if (path.isTextual() && !path.asText().startsWith("builtin:")) {
                int last = key.lastIndexOf('/');
                ((ObjectNode) root.at(key.substring(0, last))).put(key.substring(last + 1), other.apply(Path.of(path.asText())).toString());
            }
        }
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
        try {
            return MAPPER.treeToValue(nested, Scenario.class);
        } catch (JsonMappingException e) {
            throw new InputException(explain(e, merged, tree));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String explain(JsonMappingException e, ObjectNode merged, LocatedTree tree) {
        String path = e.getPath().stream().map(r -> r.getFieldName() == null ? String.valueOf(r.getIndex()) : r.getFieldName())
                .collect(Collectors.joining("."));
        JsonNode found = path.isEmpty() ? merged : merged.at("/" + path.replace('.', '/'));
        String was = found.isMissingNode() ? "" : ", found " + LocatedTree.kind(found);
        if (e instanceof ValueInstantiationException && e.getCause() != null) {
            String message = e.getCause().getMessage();
            String first = message.split("[ :]", 2)[0];
            return tree.at(found.has(first) ? join(path, first) : path) + ": " + message;
        }
        Class<?> type = e instanceof MismatchedInputException m ? m.getTargetType() : null;
        if (type != null && type.isEnum()) {
            List<String> allowed = Arrays.stream(type.getEnumConstants()).map(c -> kebab(((Enum<?>) c).name())).toList();
            Object value = e instanceof InvalidFormatException f ? f.getValue() : "";
            return tree.at(path) + ": found \"" + value + "\", allowed: " + list(allowed) + NearestName.hint(String.valueOf(value), allowed);
        }
        return tree.at(path) + ": must be " + describe(type) + was;
    }

    private static String describe(Class<?> type) {
        if (type == int.class || type == long.class || type == Integer.class || type == Long.class) {
            return "a whole number";
        }
        if (type == double.class || type == Double.class) {
            return "a number";
        }
        if (type == String.class) {
            return "a text";
        }
        if (type != null && (Collection.class.isAssignableFrom(type))) {
            return "a list";
        }
        return "a map";
    }

    private static Set<String> names(ObjectNode block) {
        Set<String> names = new LinkedHashSet<>();
        block.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static String list(Collection<String> names) {
        return String.join(", ", names);
    }

    private static String join(String path, String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    static String kebab(String constant) {
        return constant.toLowerCase(Locale.ROOT).replace('_', '-');
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
        for (String s : settings) {
            // Whatever is wrong with it is told as always.
            read(file, "", List.of(s));
            int equals = s.indexOf('=');
            text = with(text, s.substring(0, equals), s.substring(equals + 1));
        }
        return text;
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
            lines.set(line - 1, comment < 0 ? said : said + " ".repeat(Math.max(1, comment - said.length())) + old.substring(comment));
        } else if (at.containsKey(key.substring(0, Math.max(0, dot)))) {
            // A setting of one kind or model only: it stands behind the block's first line.
            int parent = at.get(key.substring(0, dot));
            lines.add(parent + 1, lines.get(parent).replaceFirst("\\S.*$", "") + name + ": " + value);
        } else {
            throw new InputException("--set " + key + ": set it in the file");
        }
        return String.join("\n", lines) + "\n";
    }

    private static ObjectMapper mapper() {
        ObjectMapper mapper = JsonMapper.builder()
                .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                .annotationIntrospector(new JacksonAnnotationIntrospector() {
                    private static final long serialVersionUID = 1;

                    @Override
                    public String[] findEnumValues(MapperConfig<?> config, AnnotatedClass type, Enum<?>[] values, String[] names) {
                        for (int i = 0; i < values.length; i++) {
                            names[i] = kebab(values[i].name());
                        }
                        return names;
                    }
                })
                .build();
        Kinds.register(mapper);
        return mapper;
    }
}
