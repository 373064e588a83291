package coterie.scenarios.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** Access to trees of settings by key path: keys joined by dots. */
final class Trees {
    private Trees() {}

    /** A key path one key longer. */
    static String join(String path, String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    /** The value at a key path, the whole tree for an empty one; a missing node where there is none. */
    static JsonNode node(ObjectNode root, String path) {
        return path.isEmpty() ? root : root.at("/" + path.replace('.', '/'));
    }

    /** The block at a key path. */
    static ObjectNode block(ObjectNode root, String path) {
        return (ObjectNode) node(root, path);
    }

    /** Sets a value, and makes the blocks on its way where they are missing. */
    static void set(ObjectNode root, String path, JsonNode value) {
        ObjectNode at = root;
        String[] keys = path.split("[.]");
        for (int k = 0; k < keys.length - 1; k++) {
            at = at.get(keys[k]) instanceof ObjectNode inner ? inner : at.putObject(keys[k]);
        }
        at.set(keys[keys.length - 1], value);
    }

    /** The keys of a block, in its order. */
    static Set<String> names(ObjectNode block) {
        Set<String> names = new LinkedHashSet<>();
        block.fieldNames().forEachRemaining(names::add);
        return names;
    }

    /** Key paths of all values in a block that are no blocks themselves. */
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
