package coterie.scenarios.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigInteger;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
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
    private final String origin;
    private final Map<String, Integer> lines;
    private final Set<Node> open = Collections.newSetFromMap(new IdentityHashMap<>());
    private int nodes;

    private YamlNodes(String origin, Map<String, Integer> lines) {
        this.origin = origin;
        this.lines = lines;
    }

    /**
     * Parses a text.
     *
     * @param origin name of the text, for messages
     * @param path key path of the document; empty for a whole file
     * @param lines receives the line of every key path
     * @return the document, or null if there is none
     * @throws InputException if the text is not valid YAML, has a second document or an ambiguous value
     */
    static JsonNode read(String origin, String path, String text, Map<String, Integer> lines) {
        LoadSettings settings = LoadSettings.builder()
                .setLabel(origin)
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
            return first == null ? null : new YamlNodes(origin, lines).convert(first, path, 0);
        } catch (MarkedYamlEngineException e) {
            String where = e.getProblemMark().map(m -> ":" + (m.getLine() + 1)).orElse("");
            String context = e.getContext() == null ? "" : " " + e.getContext();
            throw new InputException(
                    origin + where + ": not valid YAML: " + e.getProblem() + context.replace("\n", " "));
        } catch (ReaderException e) {
            long line = 1
                    + text.codePoints()
                            .limit(e.getPosition())
                            .filter(c -> c == '\n')
                            .count();
            throw new InputException(String.format(
                    "%s:%d: not valid YAML: the character U+%04X is not allowed", origin, line, e.getCodePoint()));
        } catch (YamlEngineException e) {
            throw new InputException(origin + ": not valid YAML: "
                    + e.getMessage().lines().findFirst().orElse("").strip());
        }
    }

    /** Rejects deep nesting, since the library recurses and would overflow the stack. */
    private static void rejectDeep(String origin, LoadSettings settings, String text) {
        int depth = 0;
        for (Event e : new Parse(settings).parseString(text)) {
            depth += e instanceof CollectionStartEvent ? 1 : e instanceof CollectionEndEvent ? -1 : 0;
            if (depth > MAX_DEPTH) {
                throw new InputException(origin
                        + e.getStartMark().map(m -> ":" + (m.getLine() + 1)).orElse("")
                        + ": more than " + MAX_DEPTH
                        + " levels deep");
            }
        }
    }

    private static String at(String origin, Node node) {
        return origin + node.getStartMark().map(m -> ":" + (m.getLine() + 1)).orElse("");
    }

    private JsonNode convert(Node node, String path, int depth) {
        node.getStartMark().ifPresent(m -> lines.putIfAbsent(path, m.getLine() + 1));
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
            throw new InputException(at(origin, node) + ": " + path + ": an alias refers to a node that contains it");
        }
        if (!node.getTag().equals(Tag.MAP) && !node.getTag().equals(Tag.SEQ)) {
            throw tag(node, path);
        }
        JsonNode result =
                node instanceof MappingNode map ? map(map, path, depth) : list((SequenceNode) node, path, depth);
        open.remove(node);
        return result;
    }

    private ArrayNode list(SequenceNode list, String path, int depth) {
        ArrayNode out = NODES.arrayNode();
        for (Node n : list.getValue()) {
            out.add(convert(n, Trees.join(path, String.valueOf(out.size())), depth + 1));
        }
        return out;
    }

    private ObjectNode map(MappingNode map, String path, int depth) {
        ObjectNode out = NODES.objectNode();
        Set<String> own = new HashSet<>();
        for (NodeTuple t : map.getValue()) {
            if (!(t.getKeyNode() instanceof ScalarNode key)) {
                throw new InputException(at(origin, t.getKeyNode()) + ": " + path + ": a key must be a word, found "
                        + (t.getKeyNode() instanceof MappingNode ? "a map" : "a list"));
            }
            String name = key.getValue();
            rejectLoneSurrogates(key, path);
            if (!own.add(name)) {
                throw new InputException(at(origin, key) + ": " + Trees.join(path, LocatedTree.shown(name))
                        + ": appears twice in this map");
            }
            if (!name.equals("<<")) {
                String below = Trees.join(path, name);
                key.getStartMark().ifPresent(m -> lines.put(below, m.getLine() + 1));
                out.set(name, convert(t.getValueNode(), below, depth + 1));
            }
        }
        for (NodeTuple t : map.getValue()) {
            if (t.getKeyNode() instanceof ScalarNode key && key.getValue().equals("<<")) {
                merge(convert(t.getValueNode(), path, depth + 1), out, at(origin, key) + ": " + Trees.join(path, "<<"));
            }
        }
        return out;
    }

    /** Merges {@code <<}: the own keys of a map take precedence, then the first of several merged maps. */
    private static void merge(JsonNode merged, ObjectNode out, String place) {
        if (merged instanceof ArrayNode list) {
            list.forEach(m -> merge(m, out, place));
        } else if (merged instanceof ObjectNode map) {
            map.properties().forEach(e -> {
                if (!out.has(e.getKey())) {
                    out.set(e.getKey(), e.getValue());
                }
            });
        } else {
            throw new InputException(place + ": must be a map or a list of maps, found " + LocatedTree.kind(merged));
        }
    }

    private JsonNode scalar(ScalarNode n, String path) {
        String text = n.getValue();
        Tag tag = n.getTag();
        rejectLoneSurrogates(n, path);
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
            throw new InputException(at(origin, n) + ": " + path + ": found " + text
                    + ", which some read as octal and others as decimal; write it without the leading 0, or in quotes");
        }
        try {
            return tag.equals(Tag.INT)
                    ? integer(text)
                    : tag.equals(Tag.FLOAT) ? real(text, n, path) : refuse(tag(n, path));
        } catch (NumberFormatException e) {
            throw new InputException(at(origin, n) + ": " + path + ": " + LocatedTree.shown(text) + " is not a number");
        }
    }

    /** Rejects a lone surrogate, which an escape can produce: it is not a character and cannot be encoded. */
    private void rejectLoneSurrogates(ScalarNode n, String path) {
        if (n.getValue().codePoints().anyMatch(c -> Character.getType(c) == Character.SURROGATE)) {
            throw new InputException(at(origin, n) + ": " + path + ": has a lone surrogate: \""
                    + LocatedTree.shown(n.getValue()) + "\"");
        }
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
            throw new InputException(at(origin, n) + ": " + path + ": " + LocatedTree.shown(text)
                    + " is greater than the largest number, "
                    + Double.MAX_VALUE);
        }
        return NODES.numberNode(value);
    }

    private InputException tag(Node n, String path) {
        return new InputException(at(origin, n) + ": " + path + ": the tag "
                + LocatedTree.shown(n.getTag().getValue().replace("tag:yaml.org,2002:", "!!")) + " is not supported");
    }

    private static JsonNode refuse(InputException e) {
        throw e;
    }
}
