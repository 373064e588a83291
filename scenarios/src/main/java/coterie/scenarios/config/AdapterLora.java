package coterie.scenarios.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import coterie.model.adapter.LoraConfig;
import coterie.model.adapter.PeftFiles;
import coterie.model.adapter.Target;
import coterie.model.base.BaseFamily;
import coterie.model.base.DecoderConfig;
import coterie.model.base.PretrainedBase;
import coterie.model.text.DataException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Takes unset rank, alpha and targets from the adapters that a scenario starts from. */
final class AdapterLora {
    private AdapterLora() {}

    /**
     * Replaces the defaults. An adapter that cannot be read is ignored here; the error is reported when the run reads
     * it.
     *
     * @param root all settings, with resolved paths
     * @param said settings given in the file
     */
    static void follow(ObjectNode root, ObjectNode said) {
        JsonNode path = root.at("/model/adapter/path");
        JsonNode base = root.at("/model/base");
        List<String> open = Stream.of("rank", "alpha", "targets")
                .filter(key -> said.at("/model/lora/" + key).isMissingNode()
                        || said.at("/model/lora/" + key).isNull())
                .toList();
        if (!path.isTextual() || !base.isTextual() || open.isEmpty()) {
            return;
        }
        LoraConfig found;
        BaseFamily family;
        try {
            DecoderConfig config = PretrainedBase.config(base.asText());
            found = PeftFiles.lora(folder(Path.of(path.asText())), config);
            family = config.family();
        } catch (DataException | InvalidPathException e) {
            return;
        }
        ObjectNode lora = (ObjectNode) root.at("/model/lora");
        if (open.contains("rank")) {
            lora.put("rank", found.rank());
        }
        if (open.contains("alpha")) {
            lora.put("alpha", found.alpha());
        }
        if (open.contains("targets")) {
            ArrayNode targets = lora.putArray("targets");
            Target.naming(found.projections(family), family).forEach(t -> targets.add(t.text()));
        }
    }

    /** Returns the adapter of the first user if every user has its own: all must have the same configuration. */
    private static Path folder(Path path) {
        Path first = path.resolve("user-0");
        return Files.isDirectory(first) ? first : path;
    }
}
