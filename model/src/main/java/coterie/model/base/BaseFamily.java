package coterie.model.base;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.List;
import java.util.OptionalInt;

/**
 * A family of base models: reads its configuration, names its arrays and its linear layers, and supplies the blocks of
 * its program. A family is added by one implementation and its line in
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
    BaseConfig read(JsonNode json, String file) throws IOException;

    /** The linear layers of a block that LoRA can adapt, in the order of an adapter's flat row. */
    List<Projection> projections();

    /** How files name arrays and modules. */
    ModuleNames names();

    /** Whether a file may hold an array of this name that is not read: a buffer, no parameter. */
    boolean ignores(String array);

    /** The block that an array of this name belongs to, if any. */
    OptionalInt block(String array);

    /**
     * TorchScript of the blocks: the types {@code Base} (with a field {@code head}) and {@code BlockAdapter}, and the
     * functions {@code base}, {@code adapters}, {@code hidden} and {@code backward} that {@code decoder.py} calls.
     * Words in <code>${…}</code> are filled in from {@link BaseConfig#script} and by the program.
     */
    String script();

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
