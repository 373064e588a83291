package coterie.scenarios.fuzz;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Settings drawn from the schema of scenario files: other kinds with their own settings, other words, other numbers;
 * most of them are allowed.
 */
final class SchemaDraws {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    /** Values of settings of which the schema says too little. */
    private static final Map<String, List<String>> EXAMPLES = Map.of(
            "adversaries",
            List.of(
                    "[{share: 0.3, attack: {kind: sign-flip}}, {ids: [1], attack: {kind: alie, z: 1.5}}]",
                    "[{users: 1, attack: {kind: free-rider, sends: start}, until_seconds: 60}]",
                    "[{ids: [0], attack: {kind: dissensus}, knows: all}, {ids: [1], attack: {kind: label-flip}}]",
                    "[{ids: [1], attack: {kind: age-forgery, versions: -2}, knows: own}]",
                    "[{ids: [1], attack: {kind: flooding, times: 3, attack: {kind: sign-flip}}}]",
                    "[{ids: [0], attack: {kind: timing, lead_seconds: 2, attack: {kind: collusion}}}]",
                    "[{users: 1, attack: {kind: slow-poison, turns: 2, attack: {kind: ipm, epsilon: 1}}}]",
                    "[{ids: [1], attack: {kind: validation-baiting, victim: 2}}]",
                    "[{ids: [1], attack: {kind: poisoned-text, share: 1}}]",
                    "[{ids: [1], attack: {kind: backdoor, trigger: once, target: upon a time}}]"),
            "topology.phases",
            List.of(
                    "[{from_seconds: 0, graph: {kind: ring}}, {from_seconds: 60, graph: {kind: full}}]",
                    "[{from_seconds: 0, graph: {kind: k-regular, degree: 2}}]"),
            "faults.crashes",
            List.of(
                    "[{user: 0, at_seconds: 30, down_seconds: 20}]",
                    "[{user: 1, at_seconds: 1}, {user: 0, at_seconds: 1}]"),
            "time.partitions",
            List.of("[{from_seconds: 10, until_seconds: 60, groups: [[0, 1], [2]]}]"),
            "data.mixtures",
            List.of("[{english: 0.5, french: 0.5}, {english: 1}, {german: 1}, {italian: 1}]"),
            "data.drift",
            List.of(
                    "[{at_seconds: 30, shift: 1}, {share: 0.5, from_seconds: 0, until_seconds: 90, shift: 2}]",
                    "[{ids: [1], at_seconds: 20, mixture: {english: 1}, over_seconds: 50}]"),
            "collaboration.trust.refresh",
            List.of(
                    "every-2-turns",
                    "older-than-40-seconds",
                    "on-receipt",
                    "budget-1",
                    "adaptive",
                    "every-9999999-turns"),
            "training.betas",
            List.of("[0, 0]", "[0.5, 0.9999999]", "[0.9]"),
            "data.source",
            List.of("builtin:romance", "builtin:code-and-prose", "text", "ag-news", "vectors"),
            "data.shared.source",
            List.of("builtin:romance", "users", "text", "random-tokens"));

    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
    private final Map<String, JsonNode> settings = new LinkedHashMap<>();
    private final Map<String, JsonNode> kinds = new LinkedHashMap<>();
    private final Map<String, List<String>> files;

    /**
     * Draws from a schema.
     *
     * @param schema of scenario files, as {@code coterie schema scenario} prints it
     * @param corpus a folder of files that settings may name
     */
    SchemaDraws(JsonNode schema, Path corpus) {
        collect("", schema);
        files = new LinkedHashMap<>();
        Map.of(
                        "topology.path",
                        List.of("graph/edges.txt", "graph/neighbours.txt", "graph/ring.graphml"),
                        "time.compute.path",
                        List.of("trace/layers.csv"),
                        "time.latency.path",
                        List.of("trace/latency.csv"),
                        "time.bandwidth.path",
                        List.of("trace/lines.csv"),
                        "participation.path",
                        List.of("trace/presence.csv"),
                        "data.path",
                        List.of("text", "ag"),
                        "data.shared.path",
                        List.of("text"),
                        "model.base",
                        List.of("base", "base-bpe"),
                        "model.adapter.path",
                        List.of("adapted"))
                .forEach((key, names) -> files.put(
                        key,
                        names.stream().map(n -> corpus.resolve(n).toString()).toList()));
    }

    private void collect(String path, JsonNode schema) {
        if (schema.has("allOf")) {
            kinds.put(path, schema);
        }
        for (Map.Entry<String, JsonNode> e : schema.path("properties").properties()) {
            String at = path.isEmpty() ? e.getKey() : path + "." + e.getKey();
            if (e.getValue().has("properties")) {
                collect(at, e.getValue());
            } else if (e.getValue().has("default")) {
                settings.put(at, e.getValue());
            }
        }
    }

    /**
     * Changes one setting, or one block's kind.
     *
     * @return what was done
     */
    String draw(ObjectNode scenario, Random random) {
        if (random.nextInt(3) == 0) {
            return kind(scenario, random);
        }
        List<String> paths = new ArrayList<>(settings.keySet());
        String path = paths.get(random.nextInt(paths.size()));
        JsonNode value = value(path, settings.get(path), random);
        set(scenario, path, value);
        if (path.equals("data.source") && !value.asText().startsWith("builtin:")) {
            set(
                    scenario,
                    "data.path",
                    NODES.textNode(files.get("data.path").get(value.asText().equals("text") ? 0 : 1)));
        }
        if (path.equals("data.mixtures")) {
            set(scenario, "data.heterogeneity", NODES.textNode("mixtures"));
        }
        return path + " drawn";
    }

    /**
     * Gives one setting, of a kind perhaps, a value that it hardly allows.
     *
     * @return what was done
     */
    String odd(ObjectNode scenario, Random random, Raw raw, boolean yaml) {
        String done = "";
        List<String> paths = new ArrayList<>(settings.keySet());
        String path = paths.get(random.nextInt(paths.size()));
        if (random.nextInt(3) == 0) {
            done = kind(scenario, random) + "; ";
            String block = done.substring(0, done.indexOf(' '));
            List<String> own = new ArrayList<>();
            scenario.at("/" + block.replace('.', '/')).fieldNames().forEachRemaining(own::add);
            path = block + "." + own.get(random.nextInt(own.size()));
        }
        String odd = switch (random.nextInt(8)) {
            case 0, 1 -> "null";
            case 2 ->
                List.of("[]", "{}", "[null]", "[[]]", "{\"a\": null}", "[{}]", "[1, null]", "\"\"", "true")
                        .get(random.nextInt(9));
            case 3 -> yaml ? Values.yaml(random) : Values.oddNumber(random);
            case 4 -> NODES.textNode(Values.string(random)).toString();
            default -> Values.number(random);
        };
        set(scenario, path, NODES.textNode(raw.put(odd)));
        return done + path + ": " + odd.substring(0, Math.min(60, odd.length()));
    }

    private String kind(ObjectNode scenario, Random random) {
        List<String> paths = new ArrayList<>(kinds.keySet());
        String path = paths.get(random.nextInt(paths.size()));
        JsonNode conditions = kinds.get(path).get("allOf");
        JsonNode drawn = conditions.get(random.nextInt(conditions.size()));
        Map.Entry<String, JsonNode> key =
                drawn.at("/if/properties").properties().iterator().next();
        ObjectNode block = NODES.objectNode();
        // A name that contains a setting has a pattern.
        JsonNode word = key.getValue().path("const");
        block.set(
                key.getKey(),
                word.isTextual()
                        ? word
                        : parsed(EXAMPLES.get(path + "." + key.getKey()).get(0)));
        for (Map.Entry<String, JsonNode> e : drawn.at("/then/properties").properties()) {
            if (e.getValue().isObject()
                    && (random.nextInt(3) > 0
                            || e.getKey().equals("path")
                            || e.getKey().equals("phases"))) {
                block.set(e.getKey(), value(path + "." + e.getKey(), e.getValue(), random));
            }
        }
        set(scenario, path, block);
        return path + " of another kind";
    }

    private JsonNode value(String path, JsonNode schema, Random random) {
        List<String> given = files.get(path);
        if (given != null) {
            return NODES.textNode(given.get(random.nextInt(given.size())));
        }
        List<String> examples = EXAMPLES.get(path);
        if (examples != null) {
            return parsed(examples.get(random.nextInt(examples.size())));
        }
        return value(schema, random);
    }

    private static JsonNode parsed(String yaml) {
        try {
            return YAML.readTree(yaml);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static JsonNode value(JsonNode schema, Random random) {
        if (schema.has("enum")) {
            return schema.get("enum").get(random.nextInt(schema.get("enum").size()));
        }
        if (schema.has("anyOf")) {
            JsonNode one = value(schema.at("/anyOf/1"), random);
            return random.nextBoolean() ? one : NODES.arrayNode().add(one);
        }
        JsonNode standard = schema.get("default");
        return switch (type(schema)) {
            case "boolean" -> NODES.booleanNode(random.nextBoolean());
            case "integer" -> NODES.numberNode(random.nextInt(10) == 0 ? random.nextInt(2000) : random.nextInt(12));
            case "number" ->
                NODES.numberNode(
                        switch (random.nextInt(4)) {
                            case 0 -> random.nextDouble();
                            case 1 -> random.nextDouble() * 20;
                            case 2 -> Math.exp(random.nextGaussian() * 8);
                            default -> standard.asDouble() * (0.5 + random.nextDouble());
                        });
            // A copy: mutations change what a scenario holds, and the schema serves all cases.
            default -> standard.deepCopy();
        };
    }

    private static String type(JsonNode schema) {
        return schema.path("type").isArray()
                ? schema.get("type").get(0).asText()
                : schema.path("type").asText();
    }

    private static void set(ObjectNode scenario, String path, JsonNode value) {
        String[] parts = path.split("\\.");
        ObjectNode at = scenario;
        for (int i = 0; i < parts.length - 1; i++) {
            if (!(at.get(parts[i]) instanceof ObjectNode)) {
                at.putObject(parts[i]);
            }
            at = (ObjectNode) at.get(parts[i]);
        }
        String last = parts[parts.length - 1];
        if (value instanceof ObjectNode block && at.get(last) instanceof ObjectNode old) {
            // What is common to all kinds of a block stays.
            old.properties().forEach(e -> {
                if (!block.has(e.getKey())
                        && (e.getKey().equals("idle")
                                || e.getKey().equals("mail")
                                || e.getKey().equals("bound"))) {
                    block.set(e.getKey(), e.getValue());
                }
            });
        }
        at.set(last, value);
    }
}
