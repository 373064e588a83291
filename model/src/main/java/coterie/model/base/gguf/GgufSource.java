package coterie.model.base.gguf;

import com.fasterxml.jackson.databind.JsonNode;
import coterie.model.base.source.BaseSource;
import coterie.model.files.NamedArrays;
import coterie.model.files.gguf.GgufFile;
import coterie.model.text.Tokenizer;
import java.io.IOException;
import java.lang.ref.SoftReference;
import java.nio.file.Path;

/**
 * A base in one GGUF file, with its configuration and its tokenizer. The file's header is parsed once, and again only
 * if the file changes.
 */
public final class GgufSource implements BaseSource {
    private final Path file;
    /** Soft, since a run has no use for the tokens and merges of the header, which take tens of MB. */
    private SoftReference<GgufFile> last = new SoftReference<>(null);

    public GgufSource(Path file) {
        this.file = file;
    }

    private synchronized GgufFile open() throws IOException {
        GgufFile f = GgufFile.open(file, last.get());
        last = new SoftReference<>(f);
        return f;
    }

    @Override
    public String configOrigin() {
        return file.toString();
    }

    @Override
    public JsonNode config() throws IOException {
        try (GgufFile f = open()) {
            return GgufKeys.config(f, GgufArchitecture.of(f));
        }
    }

    @Override
    public NamedArrays arrays() throws IOException {
        GgufFile f = open();
        try {
            return new GgufArrays(f);
        } catch (IOException | RuntimeException e) {
            f.close();
            throw e;
        }
    }

    @Override
    public Tokenizer tokenizer() throws IOException {
        try (GgufFile f = open()) {
            return GgufTokenizer.read(f);
        }
    }
}
