package coterie.scenarios.results;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import coterie.scenarios.config.InputException;
import coterie.scenarios.config.LocatedTree;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Hashes of a run's records, chained to its trace hash: {@code records} and {@code records_hash} in
 * {@code summary.json}. They are equal for equal runs, for any number of threads and nodes, interrupted or not;
 * {@code timing.jsonl} is therefore not included.
 *
 * <p>{@code records_hash} is the SHA-256 of lines that end in {@code \n}: the trace hash, then for each file in the
 * order turns, evaluations, trust, events, messages, utility its name without suffix, a space, and its hash.
 *
 * @param traceHash of the run
 * @param files by the name of the kind of record, in this order; only those that the run recorded
 */
public record RecordHashes(String traceHash, Map<String, FileHash> files) {
    private static final String PREFIX = "sha256:";

    /** Hashes the records of a run; the files must be closed. */
    public static RecordHashes of(Path folder, String traceHash) throws IOException {
        Map<String, FileHash> files = new LinkedHashMap<>();
        for (String name : ResultFiles.RECORDS) {
            Path file = folder.resolve(ResultFiles.lines(name));
            if (Files.exists(file)) {
                files.put(name, FileHash.of(file));
            }
        }
        return new RecordHashes(traceHash, files);
    }

    /** The hash of all records: {@code sha256:} and digits. */
    public String chained() {
        Map<String, String> hashes = new LinkedHashMap<>();
        files.forEach((name, hash) -> hashes.put(name, PREFIX + hash.sha256()));
        return chained(traceHash, hashes);
    }

    private static String chained(String traceHash, Map<String, String> hashes) {
        StringBuilder lines = new StringBuilder(traceHash).append('\n');
        for (String name : ResultFiles.RECORDS) {
            if (hashes.containsKey(name)) {
                lines.append(name).append(' ').append(hashes.get(name)).append('\n');
            }
        }
        return PREFIX
                + FileHash.of(lines.toString().getBytes(StandardCharsets.UTF_8)).sha256();
    }

    /** Adds the fields to a summary. */
    public void write(ObjectNode summary) {
        ObjectNode records = summary.putObject("records");
        files.forEach((name, hash) -> records.put(name, PREFIX + hash.sha256()));
        summary.put("records_hash", chained());
    }

    /**
     * The hashes in a summary.
     *
     * @param sha256 of each file, by the name of the kind of record
     * @param follows whether {@code records_hash} is the hash of {@code trace_hash} and {@code records}
     */
    record Said(String traceHash, Map<String, String> sha256, String chained, boolean follows) {}

    /**
     * Reads the fields of a summary; null if it has none, as in earlier versions.
     *
     * @param file of the summary, for messages
     * @throws InputException if they are malformed
     */
    static Said read(ObjectNode summary, Path file) {
        if (!summary.has("records") && !summary.has("records_hash")) {
            return null;
        }
        if (!(summary.get("records") instanceof ObjectNode records)) {
            throw new InputException(
                    file + ": records must be an object of hashes, found " + LocatedTree.kind(summary.path("records")));
        }
        Map<String, String> written = new LinkedHashMap<>();
        Map<String, String> digits = new LinkedHashMap<>();
        records.fieldNames().forEachRemaining(name -> {
            if (!ResultFiles.RECORDS.contains(name)) {
                throw new InputException(file + ": records must name some of " + String.join(", ", ResultFiles.RECORDS)
                        + ", found " + LocatedTree.kind(TextNode.valueOf(name)));
            }
            String hash = hash(records, name, file, "records." + name);
            written.put(name, hash);
            digits.put(name, hash.substring(PREFIX.length()));
        });
        String trace = hash(summary, "trace_hash", file, "trace_hash");
        String chained = hash(summary, "records_hash", file, "records_hash");
        return new Said(trace, digits, chained, chained.equals(chained(trace, written)));
    }

    /**
     * Reads a hash.
     *
     * @throws InputException if it is malformed
     */
    static String hash(ObjectNode object, String key, Path file, String place) {
        String text = object.path(key).asText();
        if (!object.path(key).isTextual()
                || !text.startsWith(PREFIX)
                || !FileHash.isSha256(text.substring(PREFIX.length()))) {
            throw new InputException(file + ": " + place + " must be " + PREFIX + " and 64 hexadecimal digits, found "
                    + LocatedTree.kind(object.path(key)));
        }
        return text;
    }
}
