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

    /**
     * Lays a value over the tree: a map key by key, anything else in the place of what is there.
     *
     * @param assignment {@code key.path=value}, the value as YAML
     * @param defaults of every setting
     * @see Overlay
     * @throws InputException where it is no such thing
     */
    void override(String assignment, ObjectNode defaults) {
        String place = "--set " + shown(assignment);
        int equals = assignment.indexOf('=');
        String path = equals < 1 ? "" : assignment.substring(0, equals);
        if (!path.matches("[^.]+([.][^.]+)*")) {
            throw new InputException(place + ": must be key.path=value, for instance training.iterations=100");
        }
        JsonNode value = YamlNodes.read(place, path, assignment.substring(equals + 1), new HashMap<>());
        String[] keys = path.split("[.]");
        ObjectNode at = root;
        for (int i = 0; i < keys.length - 1; i++) {
            at = at.get(keys[i]) instanceof ObjectNode inner ? inner : at.putObject(keys[i]);
        }
        int last = path.lastIndexOf('.');
        new Overlay(defaults, (laid, said) -> {
                    lines.keySet().removeIf(p -> p.equals(laid) || p.startsWith(laid + "."));
                    overridden.keySet().removeIf(p -> p.equals(laid) || p.startsWith(laid + "."));
                    if (said != null) {
                        overridden.put(laid, place);
                    }
                })
                .lay(at, path.substring(0, Math.max(0, last)), path.substring(last + 1), value);
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

    static String join(String path, String key) {
        return path.isEmpty() ? key : path + "." + key;
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
