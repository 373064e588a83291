package coterie.scenarios.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * Overrides values in a tree of settings: maps are merged by key, other values are replaced. If a map or a value
 * selects another component, settings that only the previous component has are removed.
 *
 * <p>Worked example: overriding {@code {model: lognormal, mean_seconds: 30, sigma: 2}} with {@code {model: stragglers,
 * factor: 9}} yields {@code {model: stragglers, mean_seconds: 30, sigma: 2, factor: 9}}; overriding it with
 * {@code {model: constant}}, which has neither setting, yields {@code {model: constant}}.
 */
final class Overlay {
    private final ObjectNode defaults;
    private final BiConsumer<String, JsonNode> laid;

    /**
     * @param defaults the default of every setting, consulted for components the tree does not select
     * @param laid receives the key path and the new value of each replaced value; null for a removed one
     */
    Overlay(ObjectNode defaults, BiConsumer<String, JsonNode> laid) {
        this.defaults = defaults;
        this.laid = laid;
    }

    /**
     * Overrides one setting of a tree: maps are merged by key, other values are replaced.
     *
     * @param assignment {@code key.path=value}, with the value as YAML
     * @param defaults the default of every setting
     * @throws InputException if the assignment is malformed
     */
    static void lay(LocatedTree tree, String assignment, ObjectNode defaults) {
        String place = "--set " + LocatedTree.shown(assignment);
        int equals = assignment.indexOf('=');
        String path = equals < 1 ? "" : assignment.substring(0, equals);
        if (!path.matches("[^.]+([.][^.]+)*")) {
            throw new InputException(place + ": must be key.path=value, for instance training.iterations=100");
        }
        JsonNode value = YamlNodes.read(place, path, assignment.substring(equals + 1), new HashMap<>());
        String[] keys = path.split("[.]");
        ObjectNode at = tree.root();
        for (int i = 0; i < keys.length - 1; i++) {
            at = at.get(keys[i]) instanceof ObjectNode inner ? inner : at.putObject(keys[i]);
        }
        int last = path.lastIndexOf('.');
        Overlay overlay = new Overlay(defaults, (laid, given) -> {
            tree.forget(laid);
            if (given != null) {
                tree.comesFrom(laid, place);
            }
        });
        overlay.lay(at, path.substring(0, Math.max(0, last)), path.substring(last + 1), value);
    }

    /**
     * Overrides the value of a key in a block.
     *
     * @param path key path of the block; empty for the root
     */
    void lay(ObjectNode block, String path, String key, JsonNode value) {
        String at = Trees.join(path, key);
        if (value instanceof ObjectNode map && block.get(key) instanceof ObjectNode old) {
            ComponentRegistry.Choice choice = ComponentRegistry.at(at);
            if (choice != null && map.has(choice.key())) {
                // First, so that the remaining keys apply to the newly selected component.
                lay(old, at, choice.key(), map.get(choice.key()));
            }
            for (Map.Entry<String, JsonNode> e : map.properties()) {
                if (choice == null || !e.getKey().equals(choice.key())) {
                    lay(old, at, e.getKey(), e.getValue());
                }
            }
            return;
        }
        ComponentRegistry.Choice choice = ComponentRegistry.at(path);
        if (choice != null && key.equals(choice.key())) {
            removeObsolete(block, path, choice, value);
        }
        block.set(key, value);
        laid.accept(at, value);
    }

    private void removeObsolete(ObjectNode block, String path, ComponentRegistry.Choice choice, JsonNode now) {
        JsonNode before = block.has(choice.key())
                ? block.get(choice.key())
                : defaults.at("/" + (path + "." + choice.key()).replace('.', '/'));
        ObjectNode old = choice.settings(before.asText());
        ObjectNode chosen = choice.settings(now.asText());
        if (old == null || chosen == null) {
            return;
        }
        old.fieldNames().forEachRemaining(key -> {
            if (!chosen.has(key) && block.remove(key) != null) {
                laid.accept(Trees.join(path, key), null);
            }
        });
    }
}
