package coterie.scenarios.config;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonProperty;
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
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import com.fasterxml.jackson.databind.introspect.AnnotatedClass;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.jsontype.NamedType;
import com.fasterxml.jackson.databind.jsontype.TypeResolverBuilder;
import com.fasterxml.jackson.databind.jsontype.impl.StdTypeResolverBuilder;
import com.fasterxml.jackson.databind.node.ObjectNode;
import coterie.model.adapter.Target;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;

/** Converts a tree of settings to a record and explains errors in words. */
public final class RecordReader {
    private static final ObjectMapper MAPPER = mapper();
    private static final PropertyNamingStrategies.SnakeCaseStrategy NAMES =
            new PropertyNamingStrategies.SnakeCaseStrategy();
    private final BiConsumer<String, String> refused;
    /** The value that was read last. */
    private Object last;

    private RecordReader(BiConsumer<String, String> refused) {
        this.refused = refused;
    }

    /**
     * Converts a tree to a record. Keys are in snake case, enum constants in kebab case.
     *
     * @param at maps a key path to its location, for messages
     * @throws InputException for all invalid keys; a message gives its location, what was found and what is allowed
     */
    public static <T> T read(ObjectNode tree, Class<T> type, UnaryOperator<String> at) {
        List<String> mistakes = new ArrayList<>();
        T read = read(tree, type, (path, text) -> mistakes.add(at.apply(path) + ": " + text));
        if (!mistakes.isEmpty()) {
            throw new InputException(mistakes);
        }
        return read;
    }

    /**
     * Converts a tree to a record.
     *
     * @param refused receives the key path of every invalid key, with what was found and what is allowed
     * @return the record, or null if a key is invalid
     */
    static <T> T read(ObjectNode tree, Class<T> type, BiConsumer<String, String> refused) {
        RecordReader reader = new RecordReader(refused);
        return reader.check(tree, MAPPER.constructType(type), "") ? type.cast(reader.last) : null;
    }

    /** Checks a value from its innermost parts outwards, so that no mistake hides another beside it. */
    private boolean check(JsonNode node, JavaType type, String path) {
        if (!parts(node, type, path)) {
            return false;
        }
        try {
            last = MAPPER.treeToValue(node, type);
            return true;
        } catch (JsonProcessingException e) {
            explain(e, node, path);
            return false;
        }
    }

    /** Checks the items of a list, the values of a map and the components of a record. */
    private boolean parts(JsonNode node, JavaType type, String path) {
        boolean good = true;
        if (node.isArray()) {
            for (int k = 0; k < node.size(); k++) {
                String item = Trees.join(path, String.valueOf(k));
                if (node.get(k).isNull()) {
                    // Jackson would read it as null.
                    refused.accept(item, "an item of a list must not be empty, found nothing");
                    good = false;
                } else {
                    good &= part(node.get(k), type.isCollectionLikeType() ? type.getContentType() : null, item);
                }
            }
            return good;
        }
        Class<?> record = record(node, type);
        for (Map.Entry<String, JsonNode> e : node.properties()) {
            String below = Trees.join(path, e.getKey());
            if (record == null) {
                good &= part(e.getValue(), type.isMapLikeType() ? type.getContentType() : null, below);
                continue;
            }
            RecordComponent component = component(record, e.getKey());
            if (component != null) {
                good &= part(e.getValue(), contained(component, e.getValue()), below);
            } else if (!isName(type, e.getKey())) {
                refused.accept(below, unknownKey(e.getKey(), names(record)));
                good = false;
            }
        }
        return good;
    }

    /** @param type null if any value is allowed */
    private boolean part(JsonNode node, JavaType type, String path) {
        if (node.isNull()) {
            return true;
        }
        return type == null || type.isJavaLangObject()
                ? parts(node, MAPPER.constructType(Object.class), path)
                : check(node, type, path);
    }

    /** Returns the type of a component's value; of its items where a single one may stand for a list. */
    private static JavaType contained(RecordComponent component, JsonNode value) {
        JavaType type = MAPPER.constructType(component.getGenericType());
        JsonFormat format = component.getAccessor().getAnnotation(JsonFormat.class);
        boolean single = format != null
                && !value.isArray()
                && Arrays.asList(format.with()).contains(JsonFormat.Feature.ACCEPT_SINGLE_VALUE_AS_ARRAY);
        return single ? type.getContentType() : type;
    }

    /** Returns the record that a map is read into, or null if there is none. */
    private static Class<?> record(JsonNode node, JavaType type) {
        Slot slot = Slot.of(type.getRawClass());
        if (slot != null) {
            RegisteredComponent named = ComponentRegistry.at(slot)
                    .components()
                    .get(node.path(slot.key()).asText());
            return named == null ? null : named.type();
        }
        Class<?> raw = type.getRawClass();
        return node.isObject() && raw.isRecord() && !isReadAsWhole(raw) ? raw : null;
    }

    /** Whether a record is made from a single value, by a method of its own. */
    private static boolean isReadAsWhole(Class<?> record) {
        return Arrays.stream(record.getDeclaredMethods()).anyMatch(m -> m.isAnnotationPresent(JsonCreator.class));
    }

    /** Whether a key selects the component that a map is read into. */
    private static boolean isName(JavaType type, String key) {
        Slot slot = Slot.of(type.getRawClass());
        return slot != null && slot.key().equals(key);
    }

    private static RecordComponent component(Class<?> record, String key) {
        return Arrays.stream(record.getRecordComponents())
                .filter(c -> name(c).equals(key))
                .findFirst()
                .orElse(null);
    }

    private void explain(JsonProcessingException e, JsonNode whole, String begin) {
        String path = begin;
        JsonNode found = whole;
        for (JsonMappingException.Reference r :
                e instanceof JsonMappingException m ? m.getPath() : List.<JsonMappingException.Reference>of()) {
            if (r.getFieldName() == null && !found.isArray()) {
                // A single value instead of a list.
                break;
            }
            found = r.getFieldName() == null ? found.path(r.getIndex()) : found.path(r.getFieldName());
            path = Trees.join(path, r.getFieldName() == null ? String.valueOf(r.getIndex()) : r.getFieldName());
        }
        if (e instanceof ValueInstantiationException v && v.getType().hasRawClass(Target.class)) {
            refused.accept(path, notAllowed(found, EnumNames.choices(Target.class)));
            return;
        }
        if (e instanceof ValueInstantiationException && e.getCause() instanceof IllegalArgumentException cause) {
            String message = cause.getMessage();
            String first = message.split("[ :]", 2)[0];
            refused.accept(found.has(first) ? Trees.join(path, first) : path, message);
            return;
        }
        Class<?> type = e instanceof MismatchedInputException m
                ? m.getTargetType()
                : e instanceof InputCoercionException c
                        ? c.getTargetType()
                        : e.getCause() instanceof InputCoercionException c ? c.getTargetType() : null;
        if (type != null && !EnumNames.choices(type).isEmpty()) {
            List<String> allowed = EnumNames.choices(type);
            refused.accept(
                    path,
                    e instanceof InvalidFormatException
                            ? notAllowed(found, allowed)
                            : "found " + LocatedTree.kind(found) + ", allowed: " + String.join(", ", allowed));
            return;
        }
        refused.accept(path, "must be " + describe(type) + ", found " + LocatedTree.kind(found));
    }

    private static String unknownKey(String key, List<String> known) {
        return "unknown key; allowed here: " + String.join(", ", known) + NearestName.hint(key, known);
    }

    private static List<String> names(Class<?> record) {
        return Arrays.stream(record.getRecordComponents())
                .map(RecordReader::name)
                .toList();
    }

    private static String name(RecordComponent c) {
        JsonProperty named = c.getAccessor().getAnnotation(JsonProperty.class);
        return named != null && !named.value().isEmpty() ? named.value() : NAMES.translate(c.getName());
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
            Slot slot = Slot.of(type.getRawType());
            return slot == null
                    ? super.findTypeResolver(config, type, base)
                    : new StdTypeResolverBuilder()
                            .init(JsonTypeInfo.Id.NAME, null)
                            .inclusion(JsonTypeInfo.As.PROPERTY)
                            .typeProperty(slot.key());
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
