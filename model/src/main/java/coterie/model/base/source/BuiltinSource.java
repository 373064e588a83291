package coterie.model.base.source;

import com.fasterxml.jackson.databind.JsonNode;
import coterie.model.files.ForeignText;
import coterie.model.files.NamedArrays;
import coterie.model.files.SafeTensors;
import coterie.model.text.Tokenizer;
import java.io.IOException;
import java.io.InputStream;

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

    @Override
    public Tokenizer tokenizer() throws IOException {
        String at = origin("tokenizer.json");
        return Tokenizer.ofJson(ForeignText.decode(resource("tokenizer.json"), at), at);
    }
}
