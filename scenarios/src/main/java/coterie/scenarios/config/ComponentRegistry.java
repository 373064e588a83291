package coterie.scenarios.config;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;

/**
 * All components that scenarios may choose by name: Coterie's own and those of other {@link ComponentProvider}s on the
 * class path. Checks, defaults, the JSON Schema, {@code coterie list} and the reference are made from it.
 */
public final class ComponentRegistry {
    /**
     * What may be chosen at one place.
     *
     * @param section its name in {@code coterie list}
     * @param path of the block in which it is chosen
     * @param key in the block that names it
     * @param holder component of the block's record that takes it; null where the block is the component
     * @param components by name
     */
    public record Choice(
            String section, String path, String key, String holder, Map<String, RegisteredComponent> components) {
        /** The component that a tree of settings chooses. */
        RegisteredComponent chosen(ObjectNode root) {
            return named(Trees.node(root, Trees.join(path, key)).asText());
        }

        /**
         * Moves a component's settings into a block of their own, where its record is read from, apart from the block's
         * other settings.
         */
        void nest(ObjectNode root) {
            if (holder == null) {
                return;
            }
            RegisteredComponent chosen = chosen(root);
            ObjectNode block = Trees.block(root, path);
            ObjectNode inner =
                    chosen.slot().inOneWord() ? chosen.settingIn(block.get(key).asText()) : chosen.inner(block);
            chosen.settings().fieldNames().forEachRemaining(block::remove);
            inner.put(key, chosen.name());
            block.set(holder, inner);
        }

        /** The component that a word in a file names; null for none. */
        RegisteredComponent named(String word) {
            return components.values().stream()
                    .filter(c -> c.isNamedBy(word))
                    .findFirst()
                    .orElse(null);
        }

        /**
         * The settings that stand beside a component's name, each with its default; null where the word names no
         * component.
         */
        ObjectNode settings(String word) {
            RegisteredComponent c = named(word);
            return c == null ? null : c.beside();
        }
    }

    private static final class Loaded {
        private static final List<ComponentProvider> PROVIDERS = providersOnClassPath();
        private static final Map<Slot, Choice> CHOICES = choices(PROVIDERS);
    }

    private ComponentRegistry() {}

    /** The choice at a key path; null where nothing is chosen there. */
    static Choice at(String path) {
        return all().stream().filter(c -> c.path().equals(path)).findFirst().orElse(null);
    }

    static Choice at(Slot slot) {
        return Loaded.CHOICES.get(slot);
    }

    /** All choices, in the order of {@code coterie list}. */
    public static List<Choice> all() {
        return new ArrayList<>(Loaded.CHOICES.values());
    }

    /** Providers of components other than Coterie's own. */
    public static List<ComponentProvider> plugIns() {
        return Loaded.PROVIDERS;
    }

    private static List<ComponentProvider> providersOnClassPath() {
        List<ComponentProvider> found = new ArrayList<>();
        ServiceLoader.load(ComponentProvider.class, ComponentProvider.class.getClassLoader())
                .forEach(found::add);
        return List.copyOf(found);
    }

    private static Map<Slot, Choice> choices(List<ComponentProvider> plugIns) {
        Map<Slot, Map<String, RegisteredComponent>> bySlot = new EnumMap<>(Slot.class);
        for (Slot s : Slot.values()) {
            bySlot.put(s, new LinkedHashMap<>());
        }
        List<ComponentProvider> providers = new ArrayList<>(List.of(new BuiltinComponents()));
        providers.addAll(plugIns);
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
        Map<Slot, Choice> all = new EnumMap<>(Slot.class);
        bySlot.forEach(
                (s, components) -> all.put(s, new Choice(s.section(), s.path(), s.key(), s.holder(), components)));
        return all;
    }
}
