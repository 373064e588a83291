package coterie.model.base.source;

import com.fasterxml.jackson.databind.JsonNode;
import coterie.model.files.ForeignText;
import coterie.model.files.NamedArrays;
import coterie.model.files.SafeTensorsFolder;
import coterie.model.text.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A folder in Hugging Face's layout: {@code config.json}, {@code model.safetensors} or its shards, and
 * {@code tokenizer.json} or {@code vocab.json} with {@code merges.txt}.
 */
public record FolderSource(Path folder) implements BaseSource {
    /** The file by which a folder holds an adapter. */
    private static final String ADAPTER = "adapter_config.json";

    @Override
    public String configOrigin() {
        return folder.resolve("config.json").toString();
    }

    @Override
    public JsonNode config() throws IOException {
        if (Files.exists(folder.resolve(ADAPTER))) {
            // Programs differ in whether they apply such an adapter; the user has to say.
            throw new IOException(folder.resolve(ADAPTER) + ": a base and an adapter in one folder; keep the"
                    + " adapter in a folder of its own and name that as model.adapter.path");
        }
        return ForeignText.json(folder.resolve("config.json"));
    }

    @Override
    public NamedArrays arrays() throws IOException {
        return SafeTensorsFolder.open(folder);
    }

    @Override
    public Tokenizer tokenizer() throws IOException {
        return Tokenizer.in(folder);
    }
}
