package coterie.model.base.gguf;

import com.fasterxml.jackson.databind.JsonNode;
import coterie.model.base.source.BaseSource;
import coterie.model.files.NamedArrays;
import coterie.model.files.gguf.GgufFile;
import coterie.model.text.Tokenizer;
import java.io.IOException;
import java.nio.file.Path;

/** A base in one GGUF file, with its configuration and its tokenizer. */
public record GgufSource(Path file) implements BaseSource {
    @Override
    public String configOrigin() {
        return file.toString();
    }

    @Override
    public JsonNode config() throws IOException {
        try (GgufFile f = GgufFile.open(file)) {
            return GgufKeys.config(f, GgufArchitecture.of(f));
        }
    }

    @Override
    public NamedArrays arrays() throws IOException {
        GgufFile f = GgufFile.open(file);
        try {
            return new GgufArrays(f);
        } catch (IOException | RuntimeException e) {
            f.close();
            throw e;
        }
    }

    @Override
    public Tokenizer tokenizer() throws IOException {
        try (GgufFile f = GgufFile.open(file)) {
            return Tokenizer.ofJson(GgufTokenizer.json(f).toString(), file + ": its tokenizer");
        }
    }
}
