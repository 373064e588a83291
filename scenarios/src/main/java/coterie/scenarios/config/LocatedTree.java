package coterie.scenarios.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import coterie.topology.files.Shown;
import java.util.HashMap;
import java.util.Map;

/**
 * A tree of settings parsed from YAML or JSON that records the origin of each value: a line of the file or a
 * {@code --set}.
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
     * Parses the content of a file.
     *
     * @param origin name of the file, for messages
     * @throws InputException if the text is empty, not valid YAML, or not a map
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

    /** Forgets the locations of a key path and of everything below it, whose value was replaced. */
    void forget(String path) {
        lines.keySet().removeIf(p -> p.equals(path) || p.startsWith(path + "."));
        overridden.keySet().removeIf(p -> p.equals(path) || p.startsWith(path + "."));
    }

    /** Records the {@code --set} from which the value of a key path originates. */
    void comesFrom(String path, String place) {
        overridden.put(path, place);
    }

    public ObjectNode root() {
        return root;
    }

    /** Returns the line of each key path in the file. */
    Map<String, Integer> lines() {
        return lines;
    }

    /**
     * Returns a key path with its location, for instance "file:12: time.loss". A key that is not in the file has the
     * line of the enclosing block, or none.
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

    /** Describes a value for a message. */
    public static String kind(JsonNode n) {
        return switch (n.getNodeType()) {
            case OBJECT -> "a map";
            case ARRAY -> n.isEmpty() ? "an empty list" : "a list";
            case STRING -> "\"" + shown(n.asText()) + "\"";
            case NULL, MISSING -> "nothing";
            default -> shown(n.asText());
        };
    }

    /** Makes text safe for a message: on one line, without control characters, truncated. */
    static String shown(String text) {
        return Shown.of(text, LONGEST_SHOWN);
    }
}
