package coterie.model.base.source;

import com.fasterxml.jackson.databind.JsonNode;
import coterie.model.files.NamedArrays;
import coterie.model.text.Tokenizer;
import java.io.IOException;

/**
 * What a base is read from: a configuration, arrays by name, and a tokenizer. Every file format is one implementation,
 * which presents its content as Hugging Face's files have it, so that families need to know one form only.
 */
public interface BaseSource {
    /** What messages call the configuration. */
    String configOrigin();

    /**
     * The configuration, with the keys of {@code config.json}.
     *
     * @throws IOException if it cannot be read
     */
    JsonNode config() throws IOException;

    /**
     * Opens the arrays, with the names and the orientation of Hugging Face's files. The caller closes them.
     *
     * @throws IOException if they cannot be read
     */
    NamedArrays arrays() throws IOException;

    /**
     * Opens the tokenizer. The caller closes it.
     *
     * @throws IOException if it cannot be read
     */
    Tokenizer tokenizer() throws IOException;
}
