package coterie.scenarios.config;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.InputCoercionException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.cfg.MapperConfig;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import com.fasterxml.jackson.databind.introspect.AnnotatedClass;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.jsontype.NamedType;
import com.fasterxml.jackson.databind.jsontype.TypeResolverBuilder;
import com.fasterxml.jackson.databind.jsontype.impl.StdTypeResolverBuilder;
import com.fasterxml.jackson.databind.node.ObjectNode;
import coterie.model.adapter.Target;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Converts a tree of settings to a record and explains errors in words. */
public final class RecordReader {
    private static final ObjectMapper MAPPER = mapper();

    private RecordReader() {}

    /**
     * Converts a tree to a record. Keys are in snake case, enum constants in kebab case.
     *
     * @param at maps a key path to its location, for messages
     * @throws InputException for the first invalid key; the message gives its location, what foundText found and what
     *     is allowed
     */
    public static <T> T read(ObjectNode tree, Class<T> type, UnaryOperator<String> at) {
        rejectEmptyItems(tree, "", at);
        try {
            return MAPPER.treeToValue(tree, type);
        } catch (JsonMappingException e) {
            throw new InputException(explain(e, tree, at));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Rejects empty list items, which Jackson would read as null. */
    private static void rejectEmptyItems(JsonNode node, String path, UnaryOperator<String> at) {
        if (node.isArray()) {
            for (int k = 0; k < node.size(); k++) {
                String item = Trees.join(path, String.valueOf(k));
                if (node.get(k).isNull()) {
                    throw new InputException(at.apply(item) + ": an item of a list must not be empty, found nothing");
                }
                rejectEmptyItems(node.get(k), item, at);
            }
        } else {
            node.properties().forEach(e -> rejectEmptyItems(e.getValue(), Trees.join(path, e.getKey()), at));
        }
    }

    private static String explain(JsonMappingException e, ObjectNode tree, UnaryOperator<String> at) {
        String path = "";
        JsonNode found = tree;
        for (JsonMappingException.Reference r : e.getPath()) {
            JsonNode parent = found;
            found = r.getFieldName() == null ? parent.path(r.getIndex()) : parent.path(r.getFieldName());
            if (found.isMissingNode()) {
                Optional<String> unknown = unknown(parent, r.getFrom());
                if (unknown.isPresent()) {
                    return unknownKey(at, Trees.join(path, unknown.get()), names((Class<?>) r.getFrom()));
                }
            }
            if (found.isMissingNode() && r.getFieldName() == null && !parent.isArray()) {
                // A single value instead of a list.
                found = parent;
                break;
            }
            path = Trees.join(path, key(r));
        }
        if (e instanceof UnrecognizedPropertyException u) {
            return unknownKey(
                    at,
                    path,
                    u.getKnownPropertyIds().stream().map(String::valueOf).toList());
        }
        if (e instanceof ValueInstantiationException v && v.getType().hasRawClass(Target.class)) {
            return at.apply(path) + ": " + notAllowed(found, EnumNames.choices(Target.class));
        }
        if (e instanceof ValueInstantiationException && e.getCause() instanceof IllegalArgumentException cause) {
            String message = cause.getMessage();
            String first = message.split("[ :]", 2)[0];
            return at.apply(found.has(first) ? Trees.join(path, first) : path) + ": " + message;
        }
        String foundText = ", found " + LocatedTree.kind(found);
        Class<?> type = e instanceof MismatchedInputException m
                ? m.getTargetType()
                : e.getCause() instanceof InputCoercionException c ? c.getTargetType() : null;
        if (type != null && !EnumNames.choices(type).isEmpty()) {
            List<String> allowed = EnumNames.choices(type);
            String hint = e instanceof InvalidFormatException ? NearestName.hint(found.asText(), allowed) : "";
            return at.apply(path) + ": found " + LocatedTree.kind(found) + ", allowed: " + String.join(", ", allowed)
                    + hint;
        }
        return at.apply(path) + ": must be " + describe(type) + foundText;
    }

    private static String unknownKey(UnaryOperator<String> at, String path, List<String> known) {
        return at.apply(path) + ": unknown key; allowed here: " + String.join(", ", known)
                + NearestName.hint(path.substring(path.lastIndexOf('.') + 1), known);
    }

    /** Returns an unknown key of a map: if a required key is missing, it was probably misspelt. */
    private static Optional<String> unknown(JsonNode map, Object type) {
        if (!(type instanceof Class<?> c) || !c.isRecord()) {
            return Optional.empty();
        }
        List<String> known = names(c);
        return map.properties().stream()
                .map(Map.Entry::getKey)
                .filter(k -> !known.contains(k))
                .findFirst();
    }

    private static List<String> names(Class<?> type) {
        PropertyNamingStrategies.SnakeCaseStrategy names = new PropertyNamingStrategies.SnakeCaseStrategy();
        return Arrays.stream(type.getRecordComponents())
                .map(c -> names.translate(c.getName()))
                .toList();
    }

    private static String key(JsonMappingException.Reference r) {
        return r.getFieldName() == null ? String.valueOf(r.getIndex()) : r.getFieldName();
    }

    private static String describe(Class<?> type) {
        if (type == int.class || type == Integer.class) {
            return "a whole number, at most " + Integer.MAX_VALUE + " in size";
        }
        if (type == long.class || type == Long.class) {
            return "a whole number, at most " + Long.MAX_VALUE + " in size";
        }
        if (type == double.class || type == Double.class) {
            return "a number";
        }
        if (type == boolean.class || type == Boolean.class) {
            return "true or false";
        }
        if (type == String.class) {
            return "a text";
        }
        boolean list = type != null && Collection.class.isAssignableFrom(type);
        return list
                ? "a list"
                : type == null || type.isRecord() || Map.class.isAssignableFrom(type)
                        ? "a map"
                        : "another kind of value";
    }

    private static String notAllowed(JsonNode found, List<String> allowed) {
        return "found " + LocatedTree.kind(found) + ", allowed: " + String.join(", ", allowed)
                + NearestName.hint(found.asText(), allowed);
    }

    /** Maps enum constants to their spelling in files, and components to the key that selects them. */
    private static final class Names extends JacksonAnnotationIntrospector {
        private static final long serialVersionUID = 1;

        @Override
        public String[] findEnumValues(MapperConfig<?> config, AnnotatedClass type, Enum<?>[] values, String[] names) {
            for (int i = 0; i < values.length; i++) {
                names[i] = EnumNames.of(values[i]);
            }
            return names;
        }

        @Override
        public TypeResolverBuilder<?> findTypeResolver(MapperConfig<?> config, AnnotatedClass type, JavaType base) {
            for (Slot slot : Slot.values()) {
                if (slot.type().isAssignableFrom(type.getRawType())) {
                    return new StdTypeResolverBuilder()
                            .init(JsonTypeInfo.Id.NAME, null)
                            .inclusion(JsonTypeInfo.As.PROPERTY)
                            .typeProperty(slot.key());
                }
            }
            return super.findTypeResolver(config, type, base);
        }
    }

    private static ObjectMapper mapper() {
        ObjectMapper mapper = JsonMapper.builder()
                .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                .annotationIntrospector(new Names())
                .build();
        for (ComponentRegistry.Choice choice : ComponentRegistry.all()) {
            choice.components().values().forEach(c -> mapper.registerSubtypes(new NamedType(c.type(), c.name())));
        }
        return mapper;
    }
}
