package coterie.scenarios.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * Lays a value over a tree of settings: a map key by key, anything else in the place of what was there. Where a map or
 * a single value chooses another kind or model, the settings that only the old one has go with it.
 *
 * <p>Worked example: over {@code {model: lognormal, mean_seconds: 30, sigma: 2}} the map {@code {model: stragglers,
 * factor: 9}} gives {@code {model: stragglers, mean_seconds: 30, sigma: 2, factor: 9}}, and {@code {model: constant}},
 * which has neither of the two, gives {@code {model: constant}}.
 */
final class Overlay {
    private final ObjectNode defaults;
    private final BiConsumer<String, JsonNode> laid;

    /**
     * @param defaults of every setting: what is chosen where the tree says nothing
     * @param laid is told the key path of each value that was put in another's place; null for a removed one
     */
    Overlay(ObjectNode defaults, BiConsumer<String, JsonNode> laid) {
        this.defaults = defaults;
        this.laid = laid;
    }

    /**
     * Lays one setting over a tree.
     *
     * @param assignment {@code key.path=value}, the value as YAML
     * @param defaults of every setting
     * @throws InputException where it is no such thing
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
        Overlay overlay = new Overlay(defaults, (laid, said) -> {
            tree.forget(laid);
            if (said != null) {
                tree.comesFrom(laid, place);
            }
        });
        overlay.lay(at, path.substring(0, Math.max(0, last)), path.substring(last + 1), value);
    }

    /**
     * Lays a value over what a block has under a key.
     *
     * @param path of the block; empty for the root
     */
    void lay(ObjectNode block, String path, String key, JsonNode value) {
        String at = Trees.join(path, key);
        if (value instanceof ObjectNode map && block.get(key) instanceof ObjectNode old) {
            ComponentRegistry.Choice choice = ComponentRegistry.at(at);
            if (choice != null && map.has(choice.key())) {
                // First, so that what else the map says is said of the new kind.
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
            dropOthers(block, path, choice, value);
        }
        block.set(key, value);
        laid.accept(at, value);
    }

    private void dropOthers(ObjectNode block, String path, ComponentRegistry.Choice choice, JsonNode now) {
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
