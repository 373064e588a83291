package coterie.model.base.source;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import coterie.model.files.AtomicFiles;
import coterie.model.files.ForeignText;
import coterie.model.files.NamedArrays;
import coterie.model.files.SafeTensors;
import coterie.model.text.Tokenizer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;

/**
 * A base among the program's resources, in Hugging Face's layout.
 *
 * @param name without {@code builtin:}
 */
public record BuiltinSource(String name) implements BaseSource {
    private String origin(String file) {
        return "builtin:" + name + "/" + file;
    }

    private byte[] resource(String file) throws IOException {
        try (InputStream in = BuiltinSource.class.getResourceAsStream("/coterie/model/base/" + name + "/" + file)) {
            return in.readAllBytes();
        }
    }

    @Override
    public String configOrigin() {
        return origin("config.json");
    }

    @Override
    public JsonNode config() throws IOException {
        return ForeignText.json(ForeignText.decode(resource("config.json"), configOrigin()), configOrigin());
    }

    @Override
    public NamedArrays arrays() throws IOException {
        return SafeTensors.of(resource("model.safetensors"), origin("model.safetensors"));
    }

    /**
     * Writes the base as a folder that transformers reads, with the numbers in float32 once they are loaded.
     *
     * @throws IOException if it cannot be written
     */
    public void write(Path folder) throws IOException {
        ObjectNode config = config().deepCopy();
        // The file has bfloat16, and recent versions of transformers compute in the type of the file.
        config.put("torch_dtype", "float32");
        AtomicFiles.write(folder.resolve("config.json"), config.toPrettyString() + "\n");
        for (String file : List.of("model.safetensors", "tokenizer.json")) {
            byte[] content = resource(file);
            AtomicFiles.write(folder.resolve(file), out -> out.write(content));
        }
        AtomicFiles.write(
                folder.resolve("tokenizer_config.json"), tokenizerConfig().toPrettyString() + "\n");
    }

    private ObjectNode tokenizerConfig() throws IOException {
        ObjectNode config = JsonNodeFactory.instance.objectNode();
        try (Tokenizer tokenizer = tokenizer()) {
            String end = tokenizer.decode(new int[] {tokenizer.endOfText()});
            config.put("tokenizer_class", "PreTrainedTokenizerFast")
                    .put("bos_token", end)
                    .put("eos_token", end)
                    .put("clean_up_tokenization_spaces", false)
                    .put("model_max_length", config().path("n_positions").asInt());
        }
        return config;
    }

    @Override
    public Tokenizer tokenizer() throws IOException {
        String at = origin("tokenizer.json");
        return Tokenizer.ofJson(ForeignText.decode(resource("tokenizer.json"), at), at);
    }
}
