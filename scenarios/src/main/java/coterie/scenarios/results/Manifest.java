package coterie.scenarios.results;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import coterie.model.files.AtomicFiles;
import coterie.model.files.Folders;
import coterie.scenarios.config.InputException;
import coterie.scenarios.config.LocatedTree;
import coterie.topology.files.Shown;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * {@code manifest.json}: the result files of a run that has ended or was interrupted, each with length and SHA-256.
 *
 * <p>It is written when all files except {@code summary.json} are complete, and holds the hash of the summary already.
 * It is removed before a resumed run changes any file, so that a manifest never describes files that have changed
 * since.
 *
 * @param traceHash of the run
 * @param recordsHash of {@link RecordHashes}
 * @param files by path relative to the folder, with slashes, sorted
 */
public record Manifest(String traceHash, String recordsHash, Map<String, FileHash> files) {
    /** Its name in the folder of a run. */
    public static final String FILE = "manifest.json";

    private static final int FORMAT = 1;
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * Writes the manifest of a run. All result files must be closed.
     *
     * @param records of the run; their files are not read again
     * @param summary that will be written
     */
    public static void write(Path folder, RecordHashes records, String summary) throws IOException {
        Map<String, FileHash> files = new TreeMap<>();
        records.files().forEach((name, hash) -> files.put(ResultFiles.lines(name), hash));
        for (String path : ResultFiles.in(folder)) {
            if (!files.containsKey(path)) {
                files.put(path, FileHash.of(folder.resolve(path)));
            }
        }
        files.put(ResultFiles.SUMMARY, FileHash.of(summary.getBytes(StandardCharsets.UTF_8)));
        new Manifest(records.traceHash(), records.chained(), files).write(folder);
    }

    private void write(Path folder) throws IOException {
        ObjectNode n = JSON.createObjectNode();
        n.put("format", FORMAT).put("trace_hash", traceHash).put("records_hash", recordsHash);
        ArrayNode list = n.putArray("files");
        files.forEach((path, hash) ->
                list.addObject().put("path", path).put("bytes", hash.bytes()).put("sha256", hash.sha256()));
        AtomicFiles.write(folder.resolve(FILE), n.toPrettyString() + "\n");
    }

    /**
     * Takes the hash of a file again, which was changed on purpose. Does nothing if there is no manifest that names it.
     *
     * @throws InputException if the manifest is damaged
     */
    public static void renew(Path folder, String path) throws IOException {
        Manifest old = read(folder);
        if (old != null && old.files.containsKey(path)) {
            Map<String, FileHash> files = new TreeMap<>(old.files);
            files.put(path, FileHash.of(folder.resolve(path)));
            new Manifest(old.traceHash, old.recordsHash, files).write(folder);
        }
    }

    /**
     * Removes the manifest and then the summary of a run that goes on or begins again. Must be called before any result
     * file changes. Each removal is forced to disk before the next: after a power loss the old manifest does not come
     * back beside changed files, nor stand without the summary that it names.
     */
    public static void retract(Path folder) throws IOException {
        for (String name : List.of(FILE, ResultFiles.SUMMARY)) {
            if (Files.deleteIfExists(folder.resolve(name))) {
                Folders.force(folder);
            }
        }
    }

    /**
     * Reads the manifest of a run; null if there is none.
     *
     * @throws InputException if it is damaged or names files outside of the folder
     */
    public static Manifest read(Path folder) {
        Path file = folder.resolve(FILE);
        if (!Files.exists(file)) {
            return null;
        }
        ObjectNode n = ResultJson.read(file);
        if (!n.path("format").isInt() || n.path("format").asInt() != FORMAT) {
            throw new InputException(
                    file + ": format must be " + FORMAT + ", found " + LocatedTree.kind(n.path("format")));
        }
        if (!n.path("files").isArray()) {
            throw new InputException(file + ": files must be a list, found " + LocatedTree.kind(n.path("files")));
        }
        Map<String, FileHash> files = new TreeMap<>();
        for (int k = 0; k < n.path("files").size(); k++) {
            String place = file + ": files." + k;
            JsonNode one = n.path("files").get(k);
            String path = path(one.path("path"), place);
            if (!one.path("bytes").isIntegralNumber()
                    || !one.path("bytes").canConvertToLong()
                    || one.path("bytes").asLong() < 0) {
                throw new InputException(
                        place + ".bytes must be a length, found " + LocatedTree.kind(one.path("bytes")));
            }
            if (!one.path("sha256").isTextual()
                    || !FileHash.isSha256(one.path("sha256").asText())) {
                throw new InputException(
                        place + ".sha256 must be 64 hexadecimal digits, found " + LocatedTree.kind(one.path("sha256")));
            }
            if (files.put(
                            path,
                            new FileHash(
                                    one.path("bytes").asLong(),
                                    one.path("sha256").asText()))
                    != null) {
                throw new InputException(place + ".path: " + path + " is named twice");
            }
        }
        if (!files.containsKey(ResultFiles.SUMMARY)) {
            throw new InputException(file + ": files must name " + ResultFiles.SUMMARY + ", as every run's does");
        }
        return new Manifest(
                RecordHashes.hash(n, "trace_hash", file, "trace_hash"),
                RecordHashes.hash(n, "records_hash", file, "records_hash"),
                files);
    }

    /**
     * A path that stays in the folder and can be printed.
     *
     * @param place of the text, for the message
     * @throws InputException if it is something else
     */
    public static String path(JsonNode n, String place) {
        String text = n.asText();
        try {
            if (n.isTextual()
                    && !text.isEmpty()
                    && Shown.of(text, text.length()).equals(text)) {
                Path path = Path.of(text);
                if (!path.isAbsolute()
                        && !path.startsWith("..")
                        && path.normalize().toString().equals(text)) {
                    return text;
                }
            }
        } catch (InvalidPathException e) {
            // Reported below.
        }
        throw new InputException(place + ".path must be a path in the run's folder, not absolute and without \"..\","
                + " found " + LocatedTree.kind(n));
    }
}
