package coterie.scenarios.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import coterie.topology.settings.Component;
import coterie.topology.settings.Setting;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * A component as its record declares it.
 *
 * @param slot where it is chosen
 * @param name that chooses it
 * @param about what it is, in one line
 * @param type its record
 * @param settings beside its name, each with its default
 * @param located settings that stand elsewhere in the block: key path inside the record to key path inside the block
 * @param own key paths of those that mean something else under each component
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
    private static final PropertyNamingStrategies.SnakeCaseStrategy NAMES =
            new PropertyNamingStrategies.SnakeCaseStrategy();

    /**
     * Reads a record's annotations.
     *
     * @throws InputException where it is no component
     */
    static RegisteredComponent of(Class<? extends Record> type) {
        Component declared = type.getAnnotation(Component.class);
        require(declared != null, type, "must be annotated as a Component");
        Slot slot = null;
        for (Slot s : Slot.values()) {
            if (s.type().isAssignableFrom(type)) {
                require(slot == null, type, "fits two places, " + slot + " and " + s);
                slot = s;
            }
        }
        require(slot != null, type, "implements nothing that a scenario can choose");
        String number = slot.inOneWord() ? "|N" : "";
        require(
                declared.name().matches("[a-z][a-z0-9]*(-([a-z0-9]+" + number + "))*"),
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
                !slot.inOneWord() || c.settings.size() == (c.name.contains("N") ? 1 : 0),
                type,
                "has as many settings as its name has places for them: one where there is an N, else none");
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
                        !Trees.block(Defaults.root(), slot.path()).has(key),
                        type,
                        "the setting " + key + " has the name of a setting of all components; choose another");
                settings.set(key, parsed(s.value(), key));
                if (s.file()) {
                    files.add(key);
                }
            }
        }
    }

    private JsonNode parsed(String value, String key) {
        return YamlNodes.read(type.getName(), key, value, new HashMap<>());
    }

    /**
     * Its settings as its record nests them.
     *
     * @param block in which it is chosen, with every setting
     */
    ObjectNode inner(ObjectNode block) {
        ObjectNode inner = JsonNodeFactory.instance.objectNode();
        settings.fieldNames().forEachRemaining(key -> inner.set(key, block.get(key)));
        located.forEach((in, place) -> Trees.set(inner, in, Trees.node(block, place)));
        return inner;
    }

    /** The settings that stand beside its name, each with its default. */
    public ObjectNode beside() {
        return slot.inOneWord() ? JsonNodeFactory.instance.objectNode() : settings;
    }

    /** Whether a word names this component. */
    boolean isNamedBy(String word) {
        return slot.inOneWord() ? word.matches(pattern()) : word.equals(name);
    }

    /** A regular expression of the words that name it. */
    String pattern() {
        return name.replace("N", "[0-9]{1,9}([.][0-9]+)?");
    }

    /** The setting that stands in a word that names it, under its key. */
    ObjectNode settingIn(String word) {
        ObjectNode in = JsonNodeFactory.instance.objectNode();
        String[] around = name.split("N", -1);
        settings.fieldNames()
                .forEachRemaining(key -> in.set(
                        key, parsed(word.substring(around[0].length(), word.length() - around[1].length()), key)));
        return in;
    }

    /** A block in which another component may be chosen, with this one's own settings at their defaults. */
    ObjectNode withOwnDefaults(ObjectNode block) {
        ObjectNode mine = block.deepCopy();
        mine.setAll(settings);
        own.forEach(place -> Trees.set(mine, place, Trees.node(Defaults.root(), Trees.join(slot.path(), place))));
        return mine;
    }

    /** A key path inside the record as a key path inside the block. */
    String inBlock(String path) {
        return slot.inOneWord() ? slot.key() : located.getOrDefault(path, path);
    }

    /**
     * A setting's value in one of its records, as a tree.
     *
     * @param path inside the record
     * @return null where it is unset or has no form in a file
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
