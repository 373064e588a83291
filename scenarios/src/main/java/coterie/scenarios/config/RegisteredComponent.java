package coterie.scenarios.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import coterie.topology.settings.Component;
import coterie.topology.settings.Setting;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * A component as declared by its record.
 *
 * <p>A name may contain the component's only setting: N stands for a number, as in {@code every-N-turns}, and NAME for
 * a word, as in {@code builtin:NAME}.
 *
 * @param slot slot that the component fits
 * @param name name in scenario files
 * @param about one-line description
 * @param type record of the component
 * @param settings settings next to its name, with their defaults
 * @param located settings elsewhere in the block: key path inside the record to key path inside the block
 * @param own key paths of located settings whose meaning depends on the component
 * @param files keys of settings that name files
 */
public record RegisteredComponent(
        Slot slot,
        String name,
        String about,
        Class<? extends Record> type,
        ObjectNode settings,
        Map<String, String> located,
        Set<String> own,
        List<String> files) {
    private static final String NUMBER = "N";
    private static final String NAME = "NAME";
    private static final Pattern PLACEHOLDER = Pattern.compile(NAME + "|" + NUMBER);
    private static final PropertyNamingStrategies.SnakeCaseStrategy NAMES =
            new PropertyNamingStrategies.SnakeCaseStrategy();

    /**
     * Reads the annotations of a record.
     *
     * @throws InputException if the record is not a valid component
     */
    static RegisteredComponent of(Class<? extends Record> type) {
        Component declared = type.getAnnotation(Component.class);
        require(declared != null, type, "must be annotated with @Component");
        Slot slot = null;
        for (Slot s : Slot.values()) {
            if (s.type().isAssignableFrom(type)) {
                require(slot == null, type, "fits two slots, " + slot + " and " + s);
                slot = s;
            }
        }
        require(slot != null, type, "implements no interface that a scenario can select");
        require(
                declared.name().matches("[a-z][a-z0-9]*(-([a-z0-9]+|N))*(:NAME)?"),
                type,
                "a component's name is made of lower-case words joined by hyphens, found " + declared.name());
        RegisteredComponent c = new RegisteredComponent(
                slot,
                declared.name(),
                declared.about(),
                type,
                JsonNodeFactory.instance.objectNode(),
                new LinkedHashMap<>(),
                new TreeSet<>(),
                new ArrayList<>());
        c.declare(type, "", "");
        require(
                c.placeholder() == null || slot.holder() != null && slot != Slot.STRATEGY,
                type,
                "is a component of " + slot.section() + ", whose names contain no settings, found " + declared.name());
        require(
                PLACEHOLDER.matcher(declared.name()).results().count() <= 1,
                type,
                "a component's name contains one setting at most, found " + declared.name());
        require(
                c.placeholder() == null || c.settings.size() == 1,
                type,
                "must have one setting of its own, which stands in its name for " + c.placeholder());
        return c;
    }

    private void declare(Class<?> record, String inside, String beside) {
        for (RecordComponent rc : record.getRecordComponents()) {
            Setting s = rc.getAnnotation(Setting.class);
            if (s == null) {
                continue;
            }
            String key = NAMES.translate(rc.getName());
            String in = Trees.join(inside, key);
            if (rc.getType().isRecord()) {
                declare(rc.getType(), in, Trees.join(beside, s.at()));
            } else if (!s.at().isEmpty() || !beside.isEmpty()) {
                String place = Trees.join(beside, s.at().isEmpty() ? key : s.at());
                located.put(in, place);
                if (s.own()) {
                    own.add(place);
                }
            } else {
                require(
                        slot.listed()
                                || !Trees.block(Defaults.root(), slot.path()).has(key),
                        type,
                        "the setting " + key + " has the name of a setting common to all components; choose another");
                settings.set(key, parsed(s.value(), key));
                if (s.file()) {
                    files.add(key);
                }
            }
        }
    }

    private JsonNode parsed(String value, String key) {
        return YamlNodes.read(type.getName(), key, value);
    }

    /**
     * Returns the settings as nested in the record.
     *
     * @param block block in which the component is selected, with every setting
     */
    ObjectNode inner(ObjectNode block) {
        ObjectNode inner = JsonNodeFactory.instance.objectNode();
        if (placeholder() == null) {
            settings.fieldNames().forEachRemaining(key -> inner.set(key, block.get(key)));
        } else {
            inner.setAll(settingIn(block.get(slot.key()).asText()));
        }
        located.forEach((in, place) -> Trees.set(inner, in, Trees.node(block, place)));
        return inner;
    }

    /** Returns the settings next to the name with their defaults. */
    public ObjectNode beside() {
        return placeholder() != null ? JsonNodeFactory.instance.objectNode() : settings;
    }

    /** Whether a word names this component. */
    boolean isNamedBy(String word) {
        return word.matches(pattern());
    }

    /** Returns a regular expression for the words that name it. */
    String pattern() {
        return name.endsWith(NAME)
                ? name.replace(NAME, "[a-z0-9][a-z0-9-]*")
                : name.replace(NUMBER, "[0-9]{1,9}([.][0-9]+)?");
    }

    /**
     * Returns the part of the name that stands for the only setting: {@code N} or {@code NAME}; null if there is none.
     */
    String placeholder() {
        return name.endsWith(NAME) ? NAME : name.contains(NUMBER) ? NUMBER : null;
    }

    /** Returns the setting contained in a word that names the component, under its key. */
    private ObjectNode settingIn(String word) {
        ObjectNode in = JsonNodeFactory.instance.objectNode();
        String[] around = name.split(placeholder(), -1);
        settings.fieldNames()
                .forEachRemaining(key -> in.set(
                        key, parsed(word.substring(around[0].length(), word.length() - around[1].length()), key)));
        return in;
    }

    /** Returns a block, possibly of another component, with the own settings of this one at their defaults. */
    ObjectNode withOwnDefaults(ObjectNode block) {
        ObjectNode mine = block.deepCopy();
        mine.setAll(settings);
        own.forEach(place -> Trees.set(mine, place, Trees.node(Defaults.root(), Trees.join(slot.path(), place))));
        return mine;
    }

    /** Converts a key path inside the record to one inside the block. */
    String inBlock(String path) {
        return placeholder() != null && settings.has(path) ? slot.key() : located.getOrDefault(path, path);
    }

    /**
     * Returns the value of a setting in an instance as a tree.
     *
     * @param path key path inside the record
     * @return null if the setting is unset or cannot be written to a file
     */
    JsonNode value(Record record, String path) {
        Object value = record;
        for (String key : path.split("[.]")) {
            value = component(value, key);
        }
        if (value instanceof Enum<?> constant) {
            return JsonNodeFactory.instance.textNode(EnumNames.of(constant));
        }
        if (value instanceof Double number) {
            return Double.isFinite(number) ? JsonNodeFactory.instance.numberNode(number) : null;
        }
        return value instanceof Integer number ? JsonNodeFactory.instance.numberNode(number) : null;
    }

    private static Object component(Object record, String key) {
        for (RecordComponent rc : record.getClass().getRecordComponents()) {
            if (NAMES.translate(rc.getName()).equals(key)) {
                try {
                    return rc.getAccessor().invoke(record);
                } catch (ReflectiveOperationException e) {
                    throw new IllegalStateException(e);
                }
            }
        }
        throw new IllegalStateException(record.getClass() + " has no " + key);
    }

    private static void require(boolean holds, Class<?> type, String otherwise) {
        if (!holds) {
            throw new InputException(type.getName() + ": " + otherwise);
        }
    }
}
