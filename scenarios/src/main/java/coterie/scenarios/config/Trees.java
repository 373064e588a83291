package coterie.scenarios.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** Access to trees of settings by key path, that is, keys joined by dots. */
final class Trees {
    private Trees() {}

    /** A key path one key longer. */
    static String join(String path, String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    /** Returns the value at a key path, the root for an empty path, or a missing node if there is none. */
    static JsonNode node(ObjectNode root, String path) {
        return path.isEmpty() ? root : root.at("/" + path.replace('.', '/'));
    }

    /** Returns the block at a key path. */
    static ObjectNode block(ObjectNode root, String path) {
        return (ObjectNode) node(root, path);
    }

    /** Sets a value and creates missing blocks on its path. */
    static void set(ObjectNode root, String path, JsonNode value) {
        ObjectNode at = root;
        String[] keys = path.split("[.]");
        for (int k = 0; k < keys.length - 1; k++) {
            at = at.get(keys[k]) instanceof ObjectNode inner ? inner : at.putObject(keys[k]);
        }
        at.set(keys[keys.length - 1], value);
    }

    /** Returns the keys of a block in order. */
    static Set<String> names(ObjectNode block) {
        Set<String> names = new LinkedHashSet<>();
        block.fieldNames().forEachRemaining(names::add);
        return names;
    }

    /** Returns the key paths of all values in a block, except of the blocks within it. */
    static Set<String> leaves(ObjectNode block) {
        Set<String> leaves = new LinkedHashSet<>();
        addLeaves("", block, leaves);
        return leaves;
    }

    private static void addLeaves(String path, ObjectNode block, Set<String> to) {
        for (Map.Entry<String, JsonNode> e : block.properties()) {
            String at = join(path, e.getKey());
            if (e.getValue() instanceof ObjectNode inner) {
                addLeaves(at, inner, to);
            } else {
                to.add(at);
            }
        }
    }
}
