package coterie.scenarios.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collection;
import java.util.Map;
import java.util.Set;

/** Lays what a file says over the defaults, and checks every key. */
final class Merging {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final Set<String> NOT_IN_PHASES = Set.of("schedule", "random-peers", "trusted-peers");

    private final LocatedTree tree;

    private Merging(LocatedTree tree) {
        this.tree = tree;
    }

    /**
     * Every setting, from the file or by default.
     *
     * @throws InputException for the first key that does not exist or has a value of the wrong kind
     */
    static ObjectNode merged(LocatedTree tree) {
        Merging merging = new Merging(tree);
        ObjectNode root = merging.merge(Defaults.root(), tree.root(), "", null);
        merging.fillPhases(root);
        return root;
    }

    /**
     * The defaults overlaid with what the file says. A block or a list with nothing in it, all of it commented out
     * perhaps, is its default.
     *
     * @param choice what is chosen in this block; null for nothing
     */
    private ObjectNode merge(ObjectNode defaults, ObjectNode said, String path, ComponentRegistry.Choice choice) {
        ObjectNode known = choice == null ? defaults : withComponent(defaults, said, path, choice);
        for (Map.Entry<String, JsonNode> e : said.properties()) {
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
            JsonNode mine = said.get(e.getKey());
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

    /** The defaults of a block, with those of the component that is chosen in it. */
    private ObjectNode withComponent(
            ObjectNode defaults, ObjectNode said, String path, ComponentRegistry.Choice choice) {
        JsonNode chosen = said.has(choice.key()) ? said.get(choice.key()) : defaults.get(choice.key());
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

    /** Graphs within a schedule have the same settings and defaults as one that stands alone. */
    private void fillPhases(ObjectNode root) {
        JsonNode phases = root.at("/topology/phases");
        for (int k = 0; k < phases.size(); k++) {
            String at = "topology.phases." + k;
            if (!(phases.get(k) instanceof ObjectNode phase) || !(phase.get("graph") instanceof ObjectNode graph)) {
                JsonNode found = phases.get(k).path("graph");
                throw new InputException(tree.at(at)
                        + ": must be a map with from_seconds and graph, a map itself; found "
                        + LocatedTree.kind(found.isMissingNode() ? phases.get(k) : found));
            }
            if (NOT_IN_PHASES.contains(graph.path("kind").asText())) {
                throw new InputException(tree.at(at + ".graph.kind")
                        + ": a phase has a graph that stays as it is, found " + LocatedTree.kind(graph.path("kind")));
            }
            ComponentRegistry.Choice topologies = ComponentRegistry.at(Slot.TOPOLOGY);
            phase.set("graph", merge((ObjectNode) Defaults.root().get("topology"), graph, at + ".graph", topologies));
        }
    }

    static String list(Collection<String> names) {
        return String.join(", ", names);
    }
}
