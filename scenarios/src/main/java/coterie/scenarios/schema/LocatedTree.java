package coterie.scenarios.schema;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/**
 * A YAML or JSON text as a tree that still knows on which line each key stood.
 *
 * @param origin a file's name, for messages
 */
record LocatedTree(String origin, ObjectNode root, Map<String, Integer> lines) {
    private static final YAMLFactory YAML = YAMLFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();
    private static final ObjectMapper MAPPER = new ObjectMapper(YAML);

    /** @throws InputException where the text is no YAML, or no map of keys */
    static LocatedTree parse(String origin, String text) {
        try {
            JsonNode root = MAPPER.readTree(text);
            if (root == null || root.isMissingNode() || root.isNull()) {
                root = MAPPER.createObjectNode();
            }
            if (!(root instanceof ObjectNode object)) {
                throw new InputException(origin + ": a scenario is a map of keys, found " + kind(root));
            }
            return new LocatedTree(origin, object, lines(text));
        } catch (JsonProcessingException e) {
            String where = e.getLocation() == null ? "" : ":" + e.getLocation().getLineNr();
            throw new InputException(origin + where + ": no valid YAML: " + e.getOriginalMessage().lines().findFirst().orElse("").strip());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Map<String, Integer> lines(String text) throws IOException {
        Map<String, Integer> lines = new HashMap<>();
        try (JsonParser p = YAML.createParser(text)) {
            for (JsonToken t = p.nextToken(); t != null; t = p.nextToken()) {
                lines.putIfAbsent(path(p), p.currentTokenLocation().getLineNr());
            }
        }
        return lines;
    }

    private static String path(JsonParser p) {
        String pointer = p.getParsingContext().pathAsPointer().toString();
        return pointer.isEmpty() ? "" : pointer.substring(1).replace('/', '.');
    }

    /** "file:12: time.loss", or without the line where the key came from elsewhere. */
    String at(String path) {
        Integer line = lines.get(path);
        return origin + (line == null ? "" : ":" + line) + ": " + path;
    }

    static String kind(JsonNode n) {
        return switch (n.getNodeType()) {
            case OBJECT -> "a map";
            case ARRAY -> "a list";
            case STRING -> "\"" + n.asText() + "\"";
            case NULL -> "nothing";
            default -> n.asText();
        };
    }
}
