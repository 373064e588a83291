package coterie.scenarios.config;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Generates JSON Schemas (2020-12) of scenario and study files for editors. Keys, defaults and descriptions come from
 * {@code defaults.yaml} and the {@link ComponentRegistry}, types and enumerations from the records that files are read
 * into. Constraints between settings are checked by {@link ScenarioReader} only.
 */
public final class JsonSchemas {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String DIALECT = "https://json-schema.org/draft/2020-12/schema";
    private static final PropertyNamingStrategies.SnakeCaseStrategy NAMES =
            new PropertyNamingStrategies.SnakeCaseStrategy();
    private final Map<String, String> about = new HashMap<>();

    private JsonSchemas() {
        Settings.all().forEach(s -> about.put(s.path(), s.about()));
    }

    /** Returns the schema of scenario files. */
    public static ObjectNode scenario() {
        ObjectNode root = JSON.createObjectNode().put("$schema", DIALECT).put("title", "Coterie scenario");
        LocatedTree defaults = LocatedTree.parse("defaults.yaml", Defaults.text());
        new JsonSchemas().block(root, "", defaults.root(), Scenario.class);
        text(
                (ObjectNode) root.get("properties"),
                ScenarioFile.EXTENDS,
                "string",
                "a scenario file, from this file's folder, whose settings hold where this file has none");
        return root;
    }

    /** Returns the schema of study files. */
    public static ObjectNode study() {
        ObjectNode root = JSON.createObjectNode().put("$schema", DIALECT).put("title", "Coterie study");
        root.put("type", "object").put("additionalProperties", false);
        root.putArray("required").add("scenario");
        ObjectNode all = root.putObject("properties");
        text(all, "name", "string", "of the study's folder");
        text(all, "question", "string", "what the study asks, for its page and for tables of claims");
        text(all, "scenario", "string", "the scenario file that is varied, from this file's folder");
        text(all, "set", "object", "settings for all runs: key.path: value");
        text(all, "grid", "object", "key.path: [values]; every combination is a variant")
                .putObject("additionalProperties")
                .put("type", "array")
                .put("minItems", 1);
        ObjectNode variants = text(all, "variants", "array", "variants that are listed, each with a name and settings");
        ObjectNode variant = variants.putObject("items").put("type", "object").put("additionalProperties", false);
        variant.putArray("required").add("name");
        text(variant.putObject("properties"), "name", "string", "what it is called in tables");
        text((ObjectNode) variant.get("properties"), "set", "object", "key.path: value");
        text(all, "seeds", "array", "each variant is run under each of them")
                .putObject("items")
                .put("type", "integer");
        text(
                all,
                "measure",
                "string",
                "what is compared: a number in summary.json (perplexity.mean), perplexity@600s, perplexity.auc,"
                        + " perplexity.auc@600s or time_to(perplexity<=20); unset: the mean of the task's first"
                        + " reported metric");
        text(all, "claims", "array", "what the study is to show; judged over its seeds")
                .putObject("items")
                .put("type", "object")
                .putArray("required")
                .add("name");
        text(
                all,
                "full",
                "object",
                "the full size, which coterie reproduce --full runs: scenario, set, grid, variants, seeds, measure and"
                        + " baseline here replace those above");
        all.putObject("baseline")
                .put(
                        "description",
                        "the variant with which the others are compared, seed by seed; or key.path: "
                                + "value, and each is compared with the variant that differs from it in that alone")
                .putArray("type")
                .add("string")
                .add("number")
                .add("boolean")
                .add("object")
                .add("null");
        root.putArray("anyOf")
                .add(JSON.createObjectNode()
                        .set("required", JSON.createArrayNode().add("grid")))
                .add(JSON.createObjectNode()
                        .set("required", JSON.createArrayNode().add("variants")));
        return root;
    }

    private static ObjectNode text(ObjectNode to, String key, String type, String about) {
        return to.putObject(key).put("type", type).put("description", about);
    }

    /** @param type the record that the block is read into; null if there is no matching record */
    private void block(ObjectNode schema, String path, ObjectNode defaults, Class<?> type) {
        schema.put("type", "object").put("additionalProperties", false);
        describe(schema, path);
        ObjectNode properties = schema.putObject("properties");
        ComponentRegistry.Choice choice = ComponentRegistry.at(path);
        for (Map.Entry<String, JsonNode> e : defaults.properties()) {
            String key = e.getKey();
            String at = path.isEmpty() ? key : path + "." + key;
            RecordComponent component = component(type, key);
            ObjectNode own = properties.putObject(key);
            if (choice != null && key.equals(choice.key())) {
                describe(own, at);
                names(own, choice);
                own.set("default", e.getValue());
            } else if (e.getValue() instanceof ObjectNode inner) {
                block(own, at, inner, component == null ? null : component.getType());
            } else {
                value(own, component == null ? null : component.getGenericType(), e.getValue());
                describe(own, at);
                own.set("default", e.getValue());
                if (at.equals("groups")) {
                    own.set("items", group());
                } else if (at.equals("data.drift")) {
                    own.set("items", drift());
                } else if (at.equals("adversaries")) {
                    own.set("items", adversary());
                }
            }
        }
        if (choice != null
                && choice.components().values().stream()
                        .anyMatch(c -> !c.beside().isEmpty())) {
            choices(schema, properties, choice);
        }
    }

    /** Returns the schema of a group: its keys, also as key paths. */
    private ObjectNode group() {
        ObjectNode schema = JSON.createObjectNode().put("type", "object").put("additionalProperties", false);
        schema.putArray("required").add("name");
        ObjectNode properties = schema.putObject("properties");
        records(properties, UserGroup.class);
        for (Slot slot : UserGroup.SLOTS) {
            ObjectNode block = JSON.createObjectNode().put("type", "object").put("additionalProperties", false);
            ComponentRegistry.Choice choice = ComponentRegistry.at(slot);
            names(block.putObject("properties").putObject(choice.key()), choice);
            choices(block, (ObjectNode) block.get("properties"), choice);
            Trees.set(properties, slot.path().replace(".", ".properties."), block);
        }
        for (String key : new TreeSet<>(Trees.names(properties))) {
            JsonNode inner = properties.get(key).path("properties");
            if (Slot.PARTICIPATION.path().equals(key)) {
                continue;
            }
            inner.properties().forEach(e -> properties.set(Trees.join(key, e.getKey()), e.getValue()));
        }
        return schema;
    }

    /** Returns the schema of a change of users' data. */
    private static ObjectNode drift() {
        ObjectNode schema = JSON.createObjectNode().put("type", "object").put("additionalProperties", false);
        records(schema.putObject("properties"), DataDrift.class);
        return schema;
    }

    /** Returns the schema of users that attack. */
    private ObjectNode adversary() {
        ObjectNode schema = JSON.createObjectNode().put("type", "object").put("additionalProperties", false);
        schema.putArray("required").add("attack");
        ObjectNode properties = schema.putObject("properties");
        records(properties, UserAttack.class);
        ComponentRegistry.Choice choice = ComponentRegistry.at(Slot.ATTACK);
        ObjectNode attack = JSON.createObjectNode().put("type", "object").put("additionalProperties", false);
        attack.putArray("required").add(choice.key());
        names(attack.putObject("properties").putObject(choice.key()), choice);
        choices(attack, (ObjectNode) attack.get("properties"), choice);
        properties.set("attack", attack);
        return schema;
    }

    /** Adds the components of a record, and of the records in it. */
    private static void records(ObjectNode properties, Class<?> type) {
        for (RecordComponent c : type.getRecordComponents()) {
            ObjectNode own = properties.putObject(NAMES.translate(c.getName()));
            if (c.getType().isRecord()) {
                own.put("type", "object").put("additionalProperties", false);
                records(own.putObject("properties"), c.getType());
            } else {
                value(own, c.getGenericType(), null);
            }
        }
    }

    private static void names(ObjectNode schema, ComponentRegistry.Choice choice) {
        if (choice.components().values().stream().anyMatch(c -> c.placeholder() != null)) {
            schema.put("type", "string")
                    .put(
                            "pattern",
                            choice.components().values().stream()
                                    .map(RegisteredComponent::pattern)
                                    .collect(Collectors.joining("|", "^(", ")$")));
        } else {
            choice.components().keySet().forEach(schema.putArray("enum")::add);
        }
    }

    /** Allows the settings of a component only if it is selected. */
    private static void choices(ObjectNode schema, ObjectNode properties, ComponentRegistry.Choice choice) {
        ArrayNode conditions = schema.putArray("allOf");
        for (RegisteredComponent chosen : choice.components().values()) {
            ObjectNode settings = chosen.beside();
            ObjectNode condition = conditions.addObject();
            ObjectNode when = condition.putObject("if");
            ObjectNode word = when.putObject("properties").putObject(choice.key());
            if (chosen.placeholder() == null) {
                word.put("const", chosen.name());
            } else {
                word.put("pattern", "^" + chosen.pattern() + "$");
            }
            when.putArray("required").add(choice.key());
            ObjectNode then = condition.putObject("then").putObject("properties");
            for (RegisteredComponent other : choice.components().values()) {
                other.beside().fieldNames().forEachRemaining(key -> {
                    if (!settings.has(key)) {
                        then.put(key, false);
                    }
                });
            }
            for (Map.Entry<String, JsonNode> s : settings.properties()) {
                ObjectNode own = JSON.createObjectNode();
                RecordComponent declared = component(chosen.type(), s.getKey());
                boolean named = declared != null && declared.getType().isEnum();
                value(own, named ? declared.getType() : null, s.getValue());
                own.set("default", s.getValue());
                then.set(s.getKey(), own);
                if (!properties.has(s.getKey())) {
                    properties.set(s.getKey(), JSON.createObjectNode());
                }
            }
        }
    }

    private void describe(ObjectNode schema, String path) {
        String words = about.getOrDefault(path, "");
        if (!words.isEmpty()) {
            schema.put("description", words);
        }
    }

    private static RecordComponent component(Class<?> type, String key) {
        if (type == null || !type.isRecord()) {
            return null;
        }
        for (RecordComponent c : type.getRecordComponents()) {
            JsonProperty named = c.getAccessor().getAnnotation(JsonProperty.class);
            if ((named != null && !named.value().isEmpty() ? named.value() : NAMES.translate(c.getName()))
                    .equals(key)) {
                return c;
            }
        }
        return null;
    }

    /** @param type null to infer it from the default */
    private static void value(ObjectNode schema, Type type, JsonNode standard) {
        if (type instanceof ParameterizedType p
                && p.getRawType() instanceof Class<?> raw
                && Collection.class.isAssignableFrom(raw)) {
            ObjectNode list = JSON.createObjectNode().put("type", "array");
            value(list.putObject("items"), p.getActualTypeArguments()[0], null);
            if (list.get("items").has("enum") && standard != null && standard.isEmpty()) {
                // A single value needs no brackets if the default is empty.
                schema.putArray("anyOf").add(list).add(list.get("items"));
            } else {
                schema.setAll(list);
            }
        } else if (type instanceof Class<?> c && !EnumNames.choices(c).isEmpty()) {
            ArrayNode names = schema.putArray("enum");
            EnumNames.choices(c).forEach(names::add);
            if (standard != null && standard.isNull()) {
                names.addNull();
            }
        } else if (type == Strategy.class) {
            Strategy.names().forEach(schema.putArray("enum")::add);
        } else if (type instanceof Class<?> c && named(c) != null) {
            types(schema, named(c), standard);
        } else if (type == null && standard != null && !standard.isNull() && !standard.isContainerNode()) {
            types(
                    schema,
                    standard.isBoolean()
                            ? "boolean"
                            : standard.isIntegralNumber() ? "integer" : standard.isNumber() ? "number" : "string",
                    standard);
        }
    }

    private static void types(ObjectNode schema, String type, JsonNode standard) {
        if (standard != null && standard.isNull()) {
            schema.putArray("type").add(type).add("null");
        } else {
            schema.put("type", type);
        }
    }

    private static String named(Class<?> c) {
        if (c == int.class || c == Integer.class || c == long.class || c == Long.class) {
            return "integer";
        }
        if (c == double.class || c == Double.class) {
            return "number";
        }
        return c == boolean.class || c == Boolean.class ? "boolean" : c == String.class ? "string" : null;
    }
}
