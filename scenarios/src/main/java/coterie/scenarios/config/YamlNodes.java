package coterie.scenarios.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/**
 * Reads one YAML 1.2 document (core schema, a superset of JSON) into a tree and records the line of every key. Aliases
 * and merge keys are resolved. Values that YAML 1.1 and 1.2 read differently, such as {@code 010}, are rejected.
 */
final class YamlNodes {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final int MAX_CHARACTERS = 64 << 20;
    /** Limits the expansion of nested aliases. */
    private static final int MAX_NODES = 1_000_000;

    private static final int MAX_DEPTH = 100;
    private final Place origin;
    private final Map<String, Place> places;
    private final List<Mistake> refused;
    private final Set<Node> open = Collections.newSetFromMap(new IdentityHashMap<>());
    private int nodes;

    private YamlNodes(Place origin, Map<String, Place> places, List<Mistake> refused) {
        this.origin = origin;
        this.places = places;
        this.refused = refused;
    }

    /**
     * Parses a text.
     *
     * @param origin name of the text, for messages
     * @param path key path of the document; empty for a whole file
     * @return the document, or null if there is none
     * @throws InputException if the text is not valid YAML, has a second document or an ambiguous value
     */
    static JsonNode read(String origin, String path, String text) {
        List<Mistake> refused = new ArrayList<>();
        JsonNode read = read(Place.of(origin, null, 0), path, text, new HashMap<>(), refused);
        if (!refused.isEmpty()) {
            throw Mistakes.told(refused);
        }
        return read;
    }

    /**
     * Parses a text and leaves out the values that are refused.
     *
     * @param origin location of the text
     * @param path key path of the document; empty for a whole file
     * @param places receives the location of every key path
     * @param refused receives the mistakes in values and keys that are left out
     * @return the document, or null if there is none
     * @throws InputException if the text is not valid YAML or has a second document
     */
    static JsonNode read(Place origin, String path, String text, Map<String, Place> places, List<Mistake> refused) {
        LoadSettings settings = LoadSettings.builder()
                .setLabel(origin.toString())
                .setSchema(new CoreSchema())
                .setCodePointLimit(MAX_CHARACTERS)
                .setMaxAliasesForCollections(1000)
                .setAllowNonScalarKeys(true)
                .build();
        try {
            rejectDeep(origin, settings, text);
            Iterator<Node> documents =
                    new Compose(settings).composeAllFromString(text).iterator();
            Node first = documents.hasNext() ? documents.next() : null;
            if (documents.hasNext()) {
                throw new InputException(
                        at(origin, documents.next()) + ": a second document begins here; only one is allowed");
            }
            return first == null ? null : new YamlNodes(origin, places, refused).convert(first, path, 0);
        } catch (MarkedYamlEngineException e) {
            String context = e.getContext() == null ? "" : " " + e.getContext();
            throw new InputException(at(origin, e.getProblemMark()) + ": not valid YAML: " + e.getProblem()
                    + context.replace("\n", " "));
        } catch (ReaderException e) {
            long line = 1
                    + text.codePoints()
                            .limit(e.getPosition())
                            .filter(c -> c == '\n')
                            .count();
            throw new InputException(String.format(
                    "%s: not valid YAML: the character U+%04X is not allowed",
                    origin.line((int) line, 0), e.getCodePoint()));
        } catch (YamlEngineException e) {
            throw new InputException(origin + ": not valid YAML: "
                    + e.getMessage().lines().findFirst().orElse("").strip());
        }
    }

    /** Rejects deep nesting, since the library recurses and would overflow the stack. */
    private static void rejectDeep(Place origin, LoadSettings settings, String text) {
        int depth = 0;
        for (Event e : new Parse(settings).parseString(text)) {
            depth += e instanceof CollectionStartEvent ? 1 : e instanceof CollectionEndEvent ? -1 : 0;
            if (depth > MAX_DEPTH) {
                throw new InputException(at(origin, e.getStartMark()) + ": more than " + MAX_DEPTH + " levels deep");
            }
        }
    }

    private static Place at(Place origin, Node node) {
        return at(origin, node.getStartMark());
    }

    private static Place at(Place origin, Optional<Mark> mark) {
        return mark.map(m -> origin.line(m.getLine() + 1, m.getColumn() + 1)).orElse(origin);
    }

    /** Records a mistake in a key or value, which is left out. */
    private void refuse(Node node, String path, String text) {
        Place place = at(origin, node);
        refused.add(new Mistake(path, place, place + ": " + (path.isEmpty() ? "" : path + ": ") + text));
    }

    /** Returns a node as a tree, or null if it is refused. */
    private JsonNode convert(Node node, String path, int depth) {
        places.putIfAbsent(path, at(origin, node));
        if (++nodes > MAX_NODES) {
            throw new InputException(at(origin, node) + ": its aliases make more than " + MAX_NODES + " values");
        }
        if (depth > MAX_DEPTH) {
            throw new InputException(at(origin, node) + ": with its aliases, more than " + MAX_DEPTH + " levels deep");
        }
        if (node instanceof ScalarNode scalar) {
            return scalar(scalar, path);
        }
        if (!open.add(node)) {
            refuse(node, path, "an alias refers to a node that contains it");
            return null;
        }
        JsonNode result = null;
        if (!node.getTag().equals(Tag.MAP) && !node.getTag().equals(Tag.SEQ)) {
            refuseTag(node, path);
        } else {
            result = node instanceof MappingNode map ? map(map, path, depth) : list((SequenceNode) node, path, depth);
        }
        open.remove(node);
        return result;
    }

    private ArrayNode list(SequenceNode list, String path, int depth) {
        ArrayNode out = NODES.arrayNode();
        for (Node n : list.getValue()) {
            JsonNode item = convert(n, Trees.join(path, String.valueOf(out.size())), depth + 1);
            // The items that follow keep their numbers.
            out.add(item == null ? NODES.nullNode() : item);
        }
        return out;
    }

    private ObjectNode map(MappingNode map, String path, int depth) {
        ObjectNode out = NODES.objectNode();
        Set<String> own = new HashSet<>();
        for (NodeTuple t : map.getValue()) {
            if (!(t.getKeyNode() instanceof ScalarNode key)) {
                String found = t.getKeyNode() instanceof MappingNode ? "a map" : "a list";
                refuse(t.getKeyNode(), path, "a key must be a word, found " + found);
                continue;
            }
            String name = key.getValue();
            if (hasLoneSurrogate(key, path)) {
                continue;
            }
            if (!own.add(name)) {
                refuse(key, Trees.join(path, LocatedTree.shown(name)), "appears twice in this map");
                continue;
            }
            if (!name.equals("<<")) {
                String below = Trees.join(path, name);
                places.put(below, at(origin, key));
                JsonNode value = convert(t.getValueNode(), below, depth + 1);
                if (value != null) {
                    out.set(name, value);
                }
            }
        }
        for (NodeTuple t : map.getValue()) {
            if (t.getKeyNode() instanceof ScalarNode key && key.getValue().equals("<<")) {
                JsonNode merged = convert(t.getValueNode(), path, depth + 1);
                if (merged != null) {
                    merge(merged, out, key, Trees.join(path, "<<"));
                }
            }
        }
        return out;
    }

    /** Merges {@code <<}: the own keys of a map take precedence, then the first of several merged maps. */
    private void merge(JsonNode merged, ObjectNode out, Node key, String path) {
        if (merged instanceof ArrayNode list) {
            list.forEach(m -> merge(m, out, key, path));
        } else if (merged instanceof ObjectNode map) {
            map.properties().forEach(e -> {
                if (!out.has(e.getKey())) {
                    out.set(e.getKey(), e.getValue());
                }
            });
        } else {
            refuse(key, path, "must be a map or a list of maps, found " + LocatedTree.kind(merged));
        }
    }

    private JsonNode scalar(ScalarNode n, String path) {
        String text = n.getValue();
        Tag tag = n.getTag();
        if (hasLoneSurrogate(n, path)) {
            return null;
        }
        if (tag.equals(Tag.STR)) {
            return NODES.textNode(text);
        }
        if (tag.equals(Tag.NULL)) {
            return NODES.nullNode();
        }
        if (tag.equals(Tag.BOOL)) {
            return NODES.booleanNode(Boolean.parseBoolean(text));
        }
        if (tag.equals(Tag.INT) && text.matches("[-+]?0[0-9]+")) {
            refuse(
                    n,
                    path,
                    "found " + text + ", which some read as octal and others as decimal; write it without the leading "
                            + "0, or in quotes");
            return null;
        }
        try {
            if (tag.equals(Tag.INT) || tag.equals(Tag.FLOAT)) {
                return tag.equals(Tag.INT) ? integer(text) : real(text, n, path);
            }
            refuseTag(n, path);
        } catch (NumberFormatException e) {
            refuse(n, path, LocatedTree.shown(text) + " is not a number");
        }
        return null;
    }

    /** Refuses a lone surrogate, which an escape can produce: it is not a character and cannot be encoded. */
    private boolean hasLoneSurrogate(ScalarNode n, String path) {
        boolean lone = n.getValue().codePoints().anyMatch(c -> Character.getType(c) == Character.SURROGATE);
        if (lone) {
            refuse(n, path, "has a lone surrogate: \"" + LocatedTree.shown(n.getValue()) + "\"");
        }
        return lone;
    }

    private static JsonNode integer(String text) {
        String digits = text.startsWith("+") ? text.substring(1) : text;
        BigInteger value = digits.startsWith("0x")
                ? new BigInteger(digits.substring(2), 16)
                : digits.startsWith("0o") ? new BigInteger(digits.substring(2), 8) : new BigInteger(digits);
        return value.bitLength() < 32
                ? NODES.numberNode(value.intValue())
                : value.bitLength() < 64 ? NODES.numberNode(value.longValue()) : NODES.numberNode(value);
    }

    private JsonNode real(String text, Node n, String path) {
        String lower = text.toLowerCase(java.util.Locale.ROOT);
        if (lower.endsWith(".inf") || lower.equals(".nan")) {
            return NODES.numberNode(
                    lower.equals(".nan")
                            ? Double.NaN
                            : lower.startsWith("-") ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY);
        }
        double value = Double.parseDouble(text);
        if (Double.isInfinite(value)) {
            refuse(n, path, LocatedTree.shown(text) + " is greater than the largest number, " + Double.MAX_VALUE);
            return null;
        }
        return NODES.numberNode(value);
    }

    private void refuseTag(Node n, String path) {
        String tag = n.getTag().getValue().replace("tag:yaml.org,2002:", "!!");
        refuse(n, path, "the tag " + LocatedTree.shown(tag) + " is not supported");
    }
}
