package coterie.scenarios.config;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.TreeMap;

/** A tree of settings as texts by key path; entries of lists are named by their places. */
public final class FlatTree {
    private FlatTree() {}

    /** Flattens a tree. Empty maps and lists stay as {@code {}} and {@code []}. */
    public static TreeMap<String, String> of(JsonNode tree) {
        TreeMap<String, String> all = new TreeMap<>();
        add("", tree, all);
        return all;
    }

    private static void add(String path, JsonNode n, TreeMap<String, String> all) {
        String prefix = path.isEmpty() ? "" : path + ".";
        if (n.isObject() && !n.isEmpty()) {
            n.properties().forEach(e -> add(prefix + e.getKey(), e.getValue(), all));
        } else if (n.isArray() && !n.isEmpty()) {
            for (int k = 0; k < n.size(); k++) {
                add(prefix + k, n.get(k), all);
            }
        } else {
            all.put(path, n.isContainerNode() ? n.toString() : n.asText());
        }
    }
}
