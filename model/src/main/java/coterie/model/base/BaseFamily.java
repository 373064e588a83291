package coterie.model.base;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.List;

/**
 * A family of base models: reads its configuration and names its modules. A family is added by one implementation, a
 * record without components so that all its instances are equal, and its line in
 * {@code META-INF/services/coterie.model.base.BaseFamily}.
 */
public interface BaseFamily {
    /** Its {@code model_type} in Hugging Face's {@code config.json}. */
    String modelType();

    /** Its name in messages. */
    String title();

    /** Whether a {@code config.json} without a {@code model_type} is read as one of this family. */
    default boolean assumed() {
        return false;
    }

    /**
     * Reads a {@code config.json}: every key is honoured, known to have no effect here, or refused.
     *
     * @throws IOException with file and key, where a key cannot be honoured
     */
    DecoderConfig read(JsonNode json, String file) throws IOException;

    /** How files name arrays and modules. */
    ModuleNames names();

    /** Whether a file may hold an array of this name that is not read: a buffer, no parameter. */
    boolean ignores(String array);

    /**
     * {@code config.json} of a base of this family, as {@link #read} reads it.
     *
     * @param endOfText id of the token that ends a text
     * @throws UnsupportedOperationException if bases of this family are only read
     */
    default String write(DecoderConfig config, int endOfText) {
        throw new UnsupportedOperationException("a " + title() + " is only read");
    }

    /** The linear layers of a block that LoRA can adapt, in the order of an adapter's flat row. */
    default List<Projection> projections() {
        return names().projections();
    }

    /** All families, by model type. */
    static List<BaseFamily> all() {
        return BaseFamilies.ALL;
    }

    /**
     * The family that a {@code config.json} names.
     *
     * @throws IOException if it names none of {@link #all}
     */
    static BaseFamily of(JsonNode json, String file) throws IOException {
        return BaseFamilies.of(json, file);
    }
}
