package coterie.scenarios.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Merges a scenario file into the defaults and validates every key. */
final class Merging {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final String ATTACK = "attack";
    private static final Set<String> NOT_IN_PHASES = Set.of("schedule", "random-peers", "trusted-peers");

    private final Mistakes mistakes;

    private Merging(Mistakes mistakes) {
        this.mistakes = mistakes;
    }

    /**
     * Returns all settings: from a tree if given and possible, otherwise the default.
     *
     * @param given settings of the file
     * @param mistakes receives the keys that are unknown or have a value of the wrong type
     */
    static ObjectNode merged(ObjectNode given, Mistakes mistakes) {
        Merging merging = new Merging(mistakes);
        ObjectNode root = merging.merge(Defaults.root(), given, "", null);
        merging.fillPhases(root);
        merging.fillGroups(root);
        merging.fillAdversaries(root);
        return root;
    }

    /**
     * Merges settings of a file into defaults, which take the place of those that are wrong. An empty block or list
     * (all its lines may be commented out) means its default.
     *
     * @param choice the component selected in this block; null if there is none
     */
    private ObjectNode merge(ObjectNode defaults, ObjectNode given, String path, ComponentRegistry.Choice choice) {
        JsonNode word = choice == null ? null : chosen(defaults, given, path, choice);
        ObjectNode known = choice == null ? defaults : withComponent(defaults, choice, word);
        refuseUnknown(known, given, path, choice);
        ObjectNode out = MAPPER.createObjectNode();
        for (Map.Entry<String, JsonNode> e : known.properties()) {
            String at = Trees.join(path, e.getKey());
            JsonNode standard = e.getValue();
            JsonNode mine = choice != null && e.getKey().equals(choice.key()) ? word : given.get(e.getKey());
            boolean empty = mine == null || mine.isNull() && standard.isContainerNode();
            if (standard instanceof ObjectNode block) {
                if (!empty && !(mine instanceof ObjectNode)) {
                    mistakes.add(
                            at,
                            "must be a map with keys among " + list(Trees.names(block)) + ", found "
                                    + LocatedTree.kind(mine));
                }
                ObjectNode inner = mine instanceof ObjectNode map ? map : MAPPER.createObjectNode();
                out.set(e.getKey(), merge(block, inner, at, ComponentRegistry.at(at)));
            } else if (!empty && mine.isNull() && !standard.isNull()) {
                mistakes.add(at, "must be like " + LocatedTree.kind(standard) + ", its default, found nothing");
                out.set(e.getKey(), standard);
            } else {
                out.set(e.getKey(), empty ? standard : mine);
            }
        }
        return out;
    }

    private void refuseUnknown(ObjectNode known, ObjectNode given, String path, ComponentRegistry.Choice choice) {
        Set<String> names = Trees.names(known);
        if (path.isEmpty()) {
            names.add(ScenarioFile.EXTENDS);
        }
        List<String> unknown =
                Trees.names(given).stream().filter(key -> !known.has(key)).toList();
        unknown.stream().filter(key -> !isOfAny(choice, key)).forEach(key -> mistakes.addUnknown(path, key, names));
        // What belongs to another component is right if that component was meant.
        if (choice == null || mistakes.clean(Trees.join(path, choice.key()))) {
            unknown.stream().filter(key -> isOfAny(choice, key)).forEach(key -> mistakes.addUnknown(path, key, names));
        }
    }

    /** Returns the word that selects a component in a block: the default if the given one selects none. */
    private JsonNode chosen(ObjectNode defaults, ObjectNode given, String path, ComponentRegistry.Choice choice) {
        JsonNode standard = defaults.get(choice.key());
        JsonNode word = given.has(choice.key()) ? given.get(choice.key()) : standard;
        if (word.isTextual() && choice.named(word.asText()) != null) {
            return word;
        }
        Set<String> names = choice.components().keySet();
        mistakes.add(
                Trees.join(path, choice.key()),
                "found " + LocatedTree.kind(word) + ", allowed: " + list(names)
                        + NearestName.hint(word.asText(), names));
        return standard;
    }

    /** Returns the defaults of a block including those of the component selected in it. */
    private static ObjectNode withComponent(ObjectNode defaults, ComponentRegistry.Choice choice, JsonNode word) {
        ObjectNode all = defaults.deepCopy();
        all.setAll(choice.settings(word.asText()));
        return all;
    }

    private static boolean isOfAny(ComponentRegistry.Choice choice, String key) {
        return choice != null
                && choice.components().values().stream()
                        .anyMatch(c -> c.beside().has(key));
    }

    /** Sets an invalid setting to its default; all of a component if the setting belongs to it. */
    static void reset(ObjectNode root, String path) {
        ObjectNode standard = merged(MAPPER.createObjectNode(), new Mistakes(LocatedTree.parse(Defaults.FILE, "{}")));
        String at = path;
        while (Trees.node(Defaults.root(), at).isMissingNode()) {
            at = at.substring(0, Math.max(0, at.lastIndexOf('.')));
        }
        if (!at.isEmpty()) {
            Trees.set(root, at, Trees.node(standard, at).deepCopy());
        }
    }

    /** Fills in the graphs of a schedule, which have the same settings and defaults as a graph outside one. */
    private void fillPhases(ObjectNode root) {
        JsonNode phases = root.at("/topology/phases");
        for (int k = 0; k < phases.size(); k++) {
            String at = "topology.phases." + k;
            if (!(phases.get(k) instanceof ObjectNode phase) || !(phase.get("graph") instanceof ObjectNode graph)) {
                JsonNode found = phases.get(k).path("graph");
                mistakes.add(
                        at,
                        "must be a map with from_seconds and graph, which must be a map; found "
                                + LocatedTree.kind(found.isMissingNode() ? phases.get(k) : found));
                continue;
            }
            if (NOT_IN_PHASES.contains(graph.path("kind").asText())) {
                mistakes.add(
                        at + ".graph.kind",
                        "a phase must have a static graph, found " + LocatedTree.kind(graph.path("kind")));
            }
            ComponentRegistry.Choice topologies = ComponentRegistry.at(Slot.TOPOLOGY);
            phase.set("graph", merge((ObjectNode) Defaults.root().get("topology"), graph, at + ".graph", topologies));
        }
    }

    /**
     * Fills in the components of groups, which have the same settings and defaults as those of all users. A key of a
     * group may be a key path.
     */
    private void fillGroups(ObjectNode root) {
        JsonNode groups = root.get("groups");
        for (int k = 0; k < groups.size(); k++) {
            if (!(groups.get(k) instanceof ObjectNode given)) {
                continue;
            }
            String path = "groups." + k;
            ObjectNode group = nested(given, path);
            ((ArrayNode) groups).set(k, group);
            for (Slot slot : UserGroup.SLOTS) {
                if (Trees.node(group, slot.path()) instanceof ObjectNode block) {
                    ComponentRegistry.Choice choice = ComponentRegistry.at(slot);
                    ObjectNode defaults = MAPPER.createObjectNode();
                    defaults.set(
                            choice.key(),
                            Trees.block(Defaults.root(), slot.path()).get(choice.key()));
                    Trees.set(group, slot.path(), merge(defaults, block, Trees.join(path, slot.path()), choice));
                }
            }
        }
    }

    /** Fills in the settings of attacks. */
    private void fillAdversaries(ObjectNode root) {
        JsonNode adversaries = root.get("adversaries");
        for (int k = 0; k < adversaries.size(); k++) {
            if (adversaries.get(k) instanceof ObjectNode adversary) {
                fillAttack(adversary, "adversaries." + k);
            }
        }
    }

    /** Fills in the settings of the attack in a block, and of the attack in it, if there is one. */
    private void fillAttack(ObjectNode block, String path) {
        if (!(block.get(ATTACK) instanceof ObjectNode attack)) {
            return;
        }
        ComponentRegistry.Choice choice = ComponentRegistry.at(Slot.ATTACK);
        String at = Trees.join(path, ATTACK);
        Set<String> kinds = choice.components().keySet();
        if (!attack.has(choice.key())) {
            mistakes.add(
                    at,
                    "must have a " + choice.key() + ", one of " + list(kinds) + ", found " + LocatedTree.kind(attack));
            return;
        }
        ObjectNode defaults =
                MAPPER.createObjectNode().put(choice.key(), kinds.iterator().next());
        ObjectNode filled = merge(defaults, attack, at, choice);
        block.set(ATTACK, filled);
        fillAttack(filled, at);
    }

    /** Returns a group with blocks in place of key paths. */
    private ObjectNode nested(ObjectNode given, String path) {
        ObjectNode group = MAPPER.createObjectNode();
        List<Map.Entry<String, JsonNode>> entries = new ArrayList<>(given.properties());
        entries.sort(Comparator.comparing(e -> e.getKey().contains(".")));
        for (Map.Entry<String, JsonNode> e : entries) {
            if (!Trees.node(group, e.getKey()).isMissingNode()) {
                mistakes.add(Trees.join(path, e.getKey()), "is given twice in this group");
            }
            Trees.set(group, e.getKey(), e.getValue());
        }
        return group;
    }

    private static String list(Collection<String> names) {
        return String.join(", ", names);
    }
}
