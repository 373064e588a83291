package coterie.scenarios.archive;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import coterie.scenarios.config.InputException;
import coterie.scenarios.results.FileHash;
import coterie.scenarios.results.Manifest;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;

/**
 * {@value #ENTRY} in a packed run: its files with lengths and hashes.
 *
 * @param name of the run's folder
 * @param files by path relative to the run's folder, with slashes, sorted
 */
record PackIndex(String name, Map<String, FileHash> files) {
    /** Its name in the packed file. A run has no file of this name. */
    static final String ENTRY = "pack.json";

    private static final int FORMAT = 1;
    private static final ObjectMapper JSON = new ObjectMapper();

    /** The index as JSON. */
    String json() {
        ObjectNode n = JSON.createObjectNode();
        n.put("format", FORMAT).put("run", name);
        ArrayNode list = n.putArray("files");
        files.forEach((path, hash) ->
                list.addObject().put("path", path).put("bytes", hash.bytes()).put("sha256", hash.sha256()));
        return n.toPrettyString() + "\n";
    }

    /**
     * Reads an index.
     *
     * @param place of it, for messages
     * @throws InputException if it is damaged, or names paths that leave the folder
     */
    static PackIndex read(byte[] text, String place) {
        JsonNode n;
        try {
            n = JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new InputException(place + ": is no whole JSON; the file is damaged");
        } catch (IOException e) {
            throw new InputException(place + ": cannot be read");
        }
        if (n.path("format").asInt() != FORMAT || !n.path("files").isArray()) {
            throw new InputException(place + ": must have format " + FORMAT + " and a list of files");
        }
        String name = Manifest.path(n.path("run"), place + ": run");
        if (name.contains("/")) {
            throw new InputException(place + ": run must be the name of a folder, found a path");
        }
        Map<String, FileHash> files = new TreeMap<>();
        for (int k = 0; k < n.path("files").size(); k++) {
            String at = place + ": files." + k;
            JsonNode one = n.path("files").get(k);
            String path = Manifest.path(one.path("path"), at);
            long bytes = one.path("bytes").asLong(-1);
            if (bytes < 0 || !FileHash.isSha256(one.path("sha256").asText())) {
                throw new InputException(at + " must have a length and 64 hexadecimal digits of a hash");
            }
            if (files.put(path, new FileHash(bytes, one.path("sha256").asText())) != null) {
                throw new InputException(at + ".path: " + path + " is named twice");
            }
        }
        return new PackIndex(name, files);
    }
}
