package coterie.scenarios.config;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;

/**
 * All components that scenarios can select by name: those of Coterie and of other {@link ComponentProvider}s on the
 * class path. Checks, defaults, the JSON Schema, {@code coterie list} and the reference are derived from it.
 */
public final class ComponentRegistry {
    /**
     * The components of one slot.
     *
     * @param section name in {@code coterie list}
     * @param path key path of the block in which a component is selected
     * @param key key in the block that names the component
     * @param holder component of the block's record that holds the component; null if the block is the component
     * @param listed whether the block stands in each entry of a list; the path is then without their numbers
     * @param components components by name
     */
    public record Choice(
            String section,
            String path,
            String key,
            String holder,
            boolean listed,
            Map<String, RegisteredComponent> components) {
        /** Returns the component that a tree of settings selects. */
        RegisteredComponent chosen(ObjectNode root) {
            return named(Trees.node(root, Trees.join(path, key)).asText());
        }

        /**
         * Moves the settings of the selected component from the block, which has other settings, into a block of their
         * own, as its record is read.
         */
        void nest(ObjectNode root) {
            if (holder == null) {
                return;
            }
            RegisteredComponent chosen = chosen(root);
            ObjectNode block = Trees.block(root, path);
            ObjectNode inner = chosen.inner(block);
            chosen.settings().fieldNames().forEachRemaining(block::remove);
            inner.put(key, chosen.name());
            block.set(holder, inner);
        }

        /** Returns the component that a word in a file names, or null if there is none. */
        RegisteredComponent named(String word) {
            return components.values().stream()
                    .filter(c -> c.isNamedBy(word))
                    .findFirst()
                    .orElse(null);
        }

        /**
         * Returns the settings next to the name of a component with their defaults, or null if the word names no
         * component.
         */
        ObjectNode settings(String word) {
            RegisteredComponent c = named(word);
            return c == null ? null : c.beside();
        }
    }

    private static List<ComponentProvider> providers;
    private static Map<Slot, Choice> choices;

    private ComponentRegistry() {}

    /** Returns the choice at a key path, or null if nothing is selected there. */
    static Choice at(String path) {
        return all().stream().filter(c -> c.path().equals(path)).findFirst().orElse(null);
    }

    static Choice at(Slot slot) {
        return choices().get(slot);
    }

    /** Returns all choices in the order of {@code coterie list}. */
    public static List<Choice> all() {
        return new ArrayList<>(choices().values());
    }

    /** Returns the providers found on the class path, the built-in one first. */
    public static synchronized List<ComponentProvider> providers() {
        if (providers == null) {
            List<ComponentProvider> found = new ArrayList<>();
            try {
                ServiceLoader.load(ComponentProvider.class, ComponentProvider.class.getClassLoader())
                        .forEach(found::add);
            } catch (ServiceConfigurationError e) {
                throw new InputException("a plug-in cannot be loaded: " + e.getMessage());
            }
            found.sort(Comparator.comparing(p -> !p.isBuiltin()));
            providers = List.copyOf(found);
        }
        return providers;
    }

    private static synchronized Map<Slot, Choice> choices() {
        if (choices == null) {
            choices = choices(providers());
        }
        return choices;
    }

    private static Map<Slot, Choice> choices(List<ComponentProvider> providers) {
        Map<Slot, Map<String, RegisteredComponent>> bySlot = new EnumMap<>(Slot.class);
        for (Slot s : Slot.values()) {
            bySlot.put(s, new LinkedHashMap<>());
        }
        for (ComponentProvider p : providers) {
            for (Class<? extends Record> type : p.components()) {
                RegisteredComponent c = RegisteredComponent.of(type);
                RegisteredComponent other = bySlot.get(c.slot()).putIfAbsent(c.name(), c);
                if (other != null) {
                    throw new InputException(type.getName() + ": the name " + c.name() + " is taken by "
                            + other.type().getName() + "; choose another");
                }
            }
        }
        Map<Slot, Choice> made = new EnumMap<>(Slot.class);
        bySlot.forEach((s, components) ->
                made.put(s, new Choice(s.section(), s.path(), s.key(), s.holder(), s.listed(), components)));
        return made;
    }
}
