package coterie.scenarios.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;

/**
 * Overrides values in a tree of settings: maps are merged by key, other values are replaced. If a map or a value
 * selects another component, settings that only the previous component has are removed.
 *
 * <p>Worked example: overriding {@code {model: lognormal, mean_seconds: 30, sigma: 2}} with {@code {model: stragglers,
 * factor: 9}} yields {@code {model: stragglers, mean_seconds: 30, sigma: 2, factor: 9}}; overriding it with
 * {@code {model: constant}}, which has neither setting, yields {@code {model: constant}}. A learner has no settings in
 * other blocks, but some of them have no effect on it; these are removed, too.
 */
final class Overlay {
    private final ObjectNode root;
    private final ObjectNode defaults;
    private final BiConsumer<String, JsonNode> laid;

    /**
     * @param root the tree
     * @param defaults the default of every setting, consulted for components the tree does not select
     * @param laid receives the key path and the new value of each replaced value; null for a removed one
     */
    Overlay(ObjectNode root, ObjectNode defaults, BiConsumer<String, JsonNode> laid) {
        this.root = root;
        this.defaults = defaults;
        this.laid = laid;
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
        if (old == null || chosen == null || before.equals(now)) {
            return;
        }
        old.fieldNames().forEachRemaining(key -> {
            if (!chosen.has(key) && block.remove(key) != null) {
                laid.accept(Trees.join(path, key), null);
            }
        });
        if (path.equals(Slot.LEARNER.path())) {
            Set<String> unused = unused(choice.named(now.asText()));
            unused.removeAll(unused(choice.named(before.asText())));
            unused.forEach(this::remove);
        }
    }

    /** Returns the settings that have no effect on a learner. */
    private Set<String> unused(RegisteredComponent learner) {
        ObjectNode block = learner.withOwnDefaults(Trees.block(defaults, Slot.LEARNER.path()));
        return new TreeSet<>(((LearnerType) ComponentReader.read(learner, block)).unused());
    }

    private void remove(String path) {
        int last = path.lastIndexOf('.');
        if (Trees.node(root, path.substring(0, Math.max(0, last))) instanceof ObjectNode block
                && block.remove(path.substring(last + 1)) != null) {
            laid.accept(path, null);
        }
    }
}
