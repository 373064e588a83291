package coterie.scenarios.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import coterie.topology.files.Shown;
import java.util.HashMap;
import java.util.Map;

/**
 * A YAML or JSON text as a tree of keys that still knows where each came from: a line of the file, or a {@code --set}.
 */
public final class LocatedTree {
    private static final int LONGEST_SHOWN = 80;
    private final String origin;
    private final ObjectNode root;
    private final Map<String, Integer> lines;
    private final Map<String, String> overridden = new HashMap<>();

    private LocatedTree(String origin, ObjectNode root, Map<String, Integer> lines) {
        this.origin = origin;
        this.root = root;
        this.lines = lines;
    }

    /**
     * Reads a file's text.
     *
     * @param origin the file's name, for messages
     * @throws InputException where the text is empty, is no YAML, or is no map of keys
     */
    public static LocatedTree parse(String origin, String text) {
        Map<String, Integer> lines = new HashMap<>();
        JsonNode root = YamlNodes.read(origin, "", text, lines);
        if (root == null || root.isNull()) {
            throw new InputException(
                    origin + ": there is nothing in it; {} would be a file that leaves everything at its default");
        }
        if (!(root instanceof ObjectNode object)) {
            throw new InputException(origin + ": must be a map of keys, found " + kind(root));
        }
        return new LocatedTree(origin, object, lines);
    }

    /** Forgets where a key path and all below it stand: another value has taken their place. */
    void forget(String path) {
        lines.keySet().removeIf(p -> p.equals(path) || p.startsWith(path + "."));
        overridden.keySet().removeIf(p -> p.equals(path) || p.startsWith(path + "."));
    }

    /** Remembers the {@code --set} that a key path comes from. */
    void comesFrom(String path, String place) {
        overridden.put(path, place);
    }

    public ObjectNode root() {
        return root;
    }

    /** The line of each key path of the file. */
    Map<String, Integer> lines() {
        return lines;
    }

    /**
     * A key path and where it stands: "file:12: time.loss". What stands nowhere has the line of the block around it, or
     * none.
     */
    public String at(String path) {
        if (path.isEmpty()) {
            return origin;
        }
        for (String p = path; !p.isEmpty(); p = p.substring(0, Math.max(0, p.lastIndexOf('.')))) {
            if (overridden.containsKey(p)) {
                return origin + ": " + overridden.get(p) + ": " + shown(path);
            }
            if (lines.containsKey(p)) {
                return origin + ":" + lines.get(p) + ": " + shown(path);
            }
        }
        return origin + ": " + shown(path);
    }

    /** What a message says of a value. */
    public static String kind(JsonNode n) {
        return switch (n.getNodeType()) {
            case OBJECT -> "a map";
            case ARRAY -> n.isEmpty() ? "an empty list" : "a list";
            case STRING -> "\"" + shown(n.asText()) + "\"";
            case NULL, MISSING -> "nothing";
            default -> shown(n.asText());
        };
    }

    /** A text as a message can hold it: on one line, without control characters, not too long. */
    static String shown(String text) {
        return Shown.of(text, LONGEST_SHOWN);
    }
}
