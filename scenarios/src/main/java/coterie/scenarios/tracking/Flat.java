package coterie.scenarios.tracking;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Map;

/** A tree of settings or results as a map with dotted keys, for trackers. */
final class Flat {
    private Flat() {}

    static Map<String, JsonNode> of(JsonNode tree) {
        Map<String, JsonNode> all = new LinkedHashMap<>();
        add("", tree, all);
        return all;
    }

    private static void add(String path, JsonNode n, Map<String, JsonNode> to) {
        if (n.isObject()) {
            n.properties().forEach(e -> add(path.isEmpty() ? e.getKey() : path + "." + e.getKey(), e.getValue(), to));
        } else {
            to.put(path, n);
        }
    }
}
