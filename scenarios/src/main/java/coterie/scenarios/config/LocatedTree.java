package coterie.scenarios.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import coterie.topology.files.Shown;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A tree of settings parsed from YAML or JSON that records the origin of each value: a line of a file or a
 * {@code --set}.
 */
public final class LocatedTree {
    private static final int LONGEST_SHOWN = 80;
    private final Place origin;
    private final ObjectNode root;
    private final Map<String, Place> places;
    private final List<Mistake> refused;

    private LocatedTree(Place origin, ObjectNode root, Map<String, Place> places, List<Mistake> refused) {
        this.origin = origin;
        this.root = root;
        this.places = places;
        this.refused = refused;
    }

    /**
     * Parses the content of a file.
     *
     * @param origin name of the file, for messages
     * @throws InputException if the text is empty, not valid YAML, or not a map
     */
    public static LocatedTree parse(String origin, String text) {
        LocatedTree tree = parse(Place.of(origin, null, 0), text);
        if (!tree.refused.isEmpty()) {
            throw Mistakes.told(tree.refused);
        }
        return tree;
    }

    /**
     * Parses the content of a file and leaves out the values that are refused.
     *
     * @param origin location of the file
     * @throws InputException if the text is empty, not valid YAML, or not a map
     */
    static LocatedTree parse(Place origin, String text) {
        Map<String, Place> places = new HashMap<>();
        List<Mistake> refused = new ArrayList<>();
        JsonNode root = YamlNodes.read(origin, "", text, places, refused);
        if (root instanceof ObjectNode object) {
            return new LocatedTree(origin, object, places, refused);
        }
        if (!refused.isEmpty()) {
            throw Mistakes.told(refused);
        }
        throw new InputException(
                root == null || root.isNull()
                        ? origin + ": there is nothing in it; {} would be a file that leaves everything at its default"
                        : origin + ": must be a map of keys, found " + kind(root));
    }

    /** Whether a text has a key, whatever else is wrong in it. */
    public static boolean has(String origin, String text, String key) {
        return parse(Place.of(origin, null, 0), text).root.has(key);
    }

    /**
     * Sets the value of an option.
     *
     * @param keys keys that lead to the value; missing blocks are created
     * @param yaml the value
     * @param place location of the option
     * @throws InputException if the value is not valid YAML
     */
    public void put(List<String> keys, String yaml, String place) {
        JsonNode value = YamlNodes.read(Place.ofOption(place, 0), "", yaml, new HashMap<>(), refused);
        if (!refused.isEmpty()) {
            throw Mistakes.told(refused);
        }
        ObjectNode at = root;
        for (String key : keys.subList(0, keys.size() - 1)) {
            at = at.withObjectProperty(key);
        }
        at.set(keys.get(keys.size() - 1), value);
        places.put(String.join(".", keys), Place.ofOption(place, 0));
    }

    /** Replaces the values of keys by those that a block has under the same keys, and removes the block. */
    public void lift(String block) {
        if (!(root.remove(block) instanceof ObjectNode values)) {
            return;
        }
        Map<String, Place> inside = new HashMap<>();
        places.forEach((path, place) -> {
            if (path.startsWith(block + ".")) {
                inside.put(path.substring(block.length() + 1), place);
            }
        });
        values.fieldNames().forEachRemaining(this::forget);
        forget(block);
        places.putAll(inside);
        root.setAll(values);
    }

    /** Lays the settings of a file over those of the file that it extends, which is this tree. */
    LocatedTree under(LocatedTree file) {
        LocatedTree all = new LocatedTree(file.origin, root, places, refused);
        Overlay overlay = new Overlay(root, Defaults.root(), (path, value) -> {
            all.forget(path);
            if (value != null) {
                file.places.forEach((p, place) -> {
                    if (p.equals(path) || p.startsWith(path + ".")) {
                        places.put(p, place);
                    }
                });
            }
        });
        // The learner first: it may drop settings of other blocks, which the file may set again.
        List<String> keys = new ArrayList<>(Trees.names(file.root));
        keys.sort(Comparator.comparing(key -> !key.equals(Slot.LEARNER.path())));
        keys.forEach(key -> overlay.lay(root, "", key, file.root.get(key)));
        // A block that stands in both is located in the file that was read first.
        file.places.forEach((p, place) -> {
            if (Trees.node(root, p).isObject()) {
                places.put(p, place);
            }
        });
        refused.addAll(file.refused);
        return all;
    }

    /**
     * Lays a setting over the tree: maps are merged by key, other values are replaced.
     *
     * @param order position among the sources, for the order of messages
     */
    void lay(Assignment setting, int order) {
        Place place = setting.place() == null ? origin : Place.ofOption(setting.place(), order);
        String text = setting.text();
        int equals = text.indexOf('=');
        String path = equals < 1 ? "" : text.substring(0, equals);
        if (!path.matches("[^.]+([.][^.]+)*")) {
            refuse(path, place, "must be key.path=value, for instance training.iterations=100");
            return;
        }
        if (path.equals(ScenarioFile.EXTENDS)) {
            refuse(path, place, "must stand in the scenario file");
            return;
        }
        JsonNode value;
        try {
            value = YamlNodes.read(place, path, text.substring(equals + 1), new HashMap<>(), refused);
        } catch (InputException e) {
            e.mistakes().forEach(m -> refused.add(new Mistake(path, place, m)));
            return;
        }
        String[] keys = path.split("[.]");
        ObjectNode at = root;
        for (int i = 0; i < keys.length - 1; i++) {
            at = at.get(keys[i]) instanceof ObjectNode inner ? inner : at.putObject(keys[i]);
        }
        Overlay overlay = new Overlay(root, Defaults.root(), (laid, given) -> {
            if (setting.place() != null) {
                forget(laid);
                if (given != null) {
                    places.put(laid, place);
                }
            }
        });
        int last = path.lastIndexOf('.');
        overlay.lay(at, path.substring(0, Math.max(0, last)), path.substring(last + 1), value);
    }

    private void refuse(String path, Place place, String text) {
        refused.add(new Mistake(path, place, place + ": " + text));
    }

    /** Forgets the locations of a key path and of everything below it, whose value was replaced. */
    private void forget(String path) {
        places.keySet().removeIf(p -> p.equals(path) || p.startsWith(path + "."));
    }

    public ObjectNode root() {
        return root;
    }

    /** Returns the mistakes in values that were left out. */
    List<Mistake> refused() {
        return refused;
    }

    /** Returns the line of each key path in the file. */
    Map<String, Integer> lines() {
        Map<String, Integer> lines = new HashMap<>();
        places.forEach((path, place) -> lines.put(path, place.line()));
        return lines;
    }

    /** Returns the location of a key path: its own, that of the enclosing block, or that of the file. */
    Place place(String path) {
        for (String p = path; !p.isEmpty(); p = p.substring(0, Math.max(0, p.lastIndexOf('.')))) {
            if (places.containsKey(p)) {
                return places.get(p);
            }
        }
        return origin;
    }

    /** Returns the file that a path in a setting is relative to, or null if the setting is not from a file. */
    Path file(String path) {
        return place(path).file();
    }

    /**
     * Returns a key path with its location, for instance "file:12: time.loss". A key that is not in the file has the
     * line of the enclosing block, or none.
     */
    public String at(String path) {
        return path.isEmpty() ? origin.toString() : place(path) + ": " + shown(path);
    }

    /** Returns the location of a value: that of an option, or the key path in a file with its line. */
    public String source(String path) {
        return place(path).isOption() ? place(path).toString() : at(path);
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
