package coterie.scenarios.archive;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import coterie.scenarios.results.FileHash;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Folders with the files of a run that has ended, without a simulation. */
public final class MadeRun {
    private static final String HASH = "sha256:" + "0".repeat(64);
    private static final ObjectMapper JSON = new ObjectMapper();

    private MadeRun() {}

    /** Writes a run with a manifest. */
    public static Path at(Path folder) throws IOException {
        Files.createDirectories(folder.resolve("adapters/user-0"));
        Files.writeString(folder.resolve("scenario.yaml"), "name: x\nusers: 2\n");
        Files.writeString(folder.resolve("run.json"), origin(folder, null));
        Files.writeString(folder.resolve("summary.json"), "{\"status\": \"completed\", \"scenario\": \"x\"}\n");
        Files.writeString(folder.resolve("turns.jsonl"), "{\"turn\": 0}\n".repeat(100));
        Files.write(folder.resolve("adapters/user-0/adapter_model.safetensors"), new byte[10_000]);
        Files.writeString(folder.resolve("report.html"), "<html></html>");
        manifest(folder);
        return folder;
    }

    /** The content of {@code run.json}. */
    public static String origin(Path folder, Path checkpoints) {
        ObjectNode n = JSON.createObjectNode();
        n.put("id", "a-1")
                .put("program", "p")
                .put("folder", folder.toAbsolutePath().toString());
        n.putObject("scenario").put("users", "2");
        n.putObject("inputs");
        if (checkpoints != null) {
            n.put("checkpoints", checkpoints.toString());
        }
        return n.toString();
    }

    /** Writes the manifest of the files that are there. */
    public static void manifest(Path folder) throws IOException {
        ObjectNode n = JSON.createObjectNode();
        n.put("format", 1).put("trace_hash", HASH).put("records_hash", HASH);
        ArrayNode files = n.putArray("files");
        for (String name : List.of(
                "adapters/user-0/adapter_model.safetensors",
                "run.json",
                "scenario.yaml",
                "summary.json",
                "turns.jsonl")) {
            FileHash hash = FileHash.of(folder.resolve(name));
            files.addObject().put("path", name).put("bytes", hash.bytes()).put("sha256", hash.sha256());
        }
        Files.writeString(folder.resolve("manifest.json"), n.toString());
    }
}
