package coterie.scenarios.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collection;
import java.util.Map;
import java.util.Set;

/** Merges a scenario file into the defaults and validates every key. */
final class Merging {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final Set<String> NOT_IN_PHASES = Set.of("schedule", "random-peers", "trusted-peers");

    private final LocatedTree tree;

    private Merging(LocatedTree tree) {
        this.tree = tree;
    }

    /**
     * Returns all settings: from the file if given, otherwise the default.
     *
     * @throws InputException for the first key that is unknown or has a value of the wrong type
     */
    static ObjectNode merged(LocatedTree tree) {
        Merging merging = new Merging(tree);
        ObjectNode root = merging.merge(Defaults.root(), tree.root(), "", null);
        merging.fillPhases(root);
        return root;
    }

    /**
     * Merges settings of a file into defaults. An empty block or list (all its lines may be commented out) means its
     * default.
     *
     * @param choice the component selected in this block; null if there is none
     */
    private ObjectNode merge(ObjectNode defaults, ObjectNode given, String path, ComponentRegistry.Choice choice) {
        ObjectNode known = choice == null ? defaults : withComponent(defaults, given, path, choice);
        for (Map.Entry<String, JsonNode> e : given.properties()) {
            if (!known.has(e.getKey())) {
                Set<String> names = Trees.names(known);
                throw new InputException(tree.at(Trees.join(path, e.getKey())) + ": unknown key; allowed here: "
                        + list(names)
                        + NearestName.hint(e.getKey(), names));
            }
        }
        ObjectNode out = MAPPER.createObjectNode();
        for (Map.Entry<String, JsonNode> e : known.properties()) {
            String at = Trees.join(path, e.getKey());
            JsonNode standard = e.getValue();
            JsonNode mine = given.get(e.getKey());
            boolean empty = mine == null || mine.isNull() && standard.isContainerNode();
            if (standard instanceof ObjectNode block) {
                if (!empty && !(mine instanceof ObjectNode)) {
                    throw new InputException(tree.at(at) + ": must be a map with keys among " + list(Trees.names(block))
                            + ", found " + LocatedTree.kind(mine));
                }
                ObjectNode inner = empty ? MAPPER.createObjectNode() : (ObjectNode) mine;
                out.set(e.getKey(), merge(block, inner, at, ComponentRegistry.at(at)));
            } else if (!empty && mine.isNull() && !standard.isNull()) {
                throw new InputException(
                        tree.at(at) + ": must be like " + LocatedTree.kind(standard) + ", its default, found nothing");
            } else {
                out.set(e.getKey(), empty ? standard : mine);
            }
        }
        return out;
    }

    /** Returns the defaults of a block including those of the component selected in it. */
    private ObjectNode withComponent(
            ObjectNode defaults, ObjectNode given, String path, ComponentRegistry.Choice choice) {
        JsonNode chosen = given.has(choice.key()) ? given.get(choice.key()) : defaults.get(choice.key());
        ObjectNode settings = chosen.isTextual() ? choice.settings(chosen.asText()) : null;
        if (settings == null) {
            Set<String> names = choice.components().keySet();
            throw new InputException(tree.at(Trees.join(path, choice.key())) + ": found "
                    + LocatedTree.kind(chosen) + ", allowed: "
                    + list(names)
                    + NearestName.hint(chosen.asText(), names));
        }
        ObjectNode all = defaults.deepCopy();
        all.setAll(settings);
        return all;
    }

    /** Fills in the graphs of a schedule, which have the same settings and defaults as a graph outside one. */
    private void fillPhases(ObjectNode root) {
        JsonNode phases = root.at("/topology/phases");
        for (int k = 0; k < phases.size(); k++) {
            String at = "topology.phases." + k;
            if (!(phases.get(k) instanceof ObjectNode phase) || !(phase.get("graph") instanceof ObjectNode graph)) {
                JsonNode found = phases.get(k).path("graph");
                throw new InputException(tree.at(at)
                        + ": must be a map with from_seconds and graph, which must be a map; found "
                        + LocatedTree.kind(found.isMissingNode() ? phases.get(k) : found));
            }
            if (NOT_IN_PHASES.contains(graph.path("kind").asText())) {
                throw new InputException(tree.at(at + ".graph.kind") + ": a phase must have a static graph, found "
                        + LocatedTree.kind(graph.path("kind")));
            }
            ComponentRegistry.Choice topologies = ComponentRegistry.at(Slot.TOPOLOGY);
            phase.set("graph", merge((ObjectNode) Defaults.root().get("topology"), graph, at + ".graph", topologies));
        }
    }

    static String list(Collection<String> names) {
        return String.join(", ", names);
    }
}
