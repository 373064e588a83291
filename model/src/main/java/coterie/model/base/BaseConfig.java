package coterie.model.base;

import java.util.List;
import java.util.Map;

/** The shape of a base, and what a family sets beside it. Two that are equal are computed alike. */
public interface BaseConfig {
    /** The family it belongs to. */
    BaseFamily family();

    /** Number of transformer blocks. */
    int layers();

    /** Width D of the embeddings. */
    int width();

    /** Number of tokens V. */
    int vocabulary();

    /** Length of the longest sequence. */
    int context();

    /** Whether the output head is the token embedding; if not, it is an array of its own. */
    boolean tied();

    /** All arrays, the token embedding first and an output head of its own last. */
    List<BaseArray> arrays();

    /** Width of a projection's input. */
    int in(Projection projection);

    /** Width of a projection's output. */
    int out(Projection projection);

    /** Number of parameters; those of a tied output head are counted once. */
    long parameters();

    /**
     * Floating-point operations (two a multiply-add) of the matrix products of a forward pass, per token of a sequence
     * of this length.
     */
    double forwardFlops(int length);

    /**
     * Floating-point operations of a training step with LoRA, per token of a sequence of this length.
     *
     * @param adapterParameters trainable parameters of a user
     */
    double trainingFlops(int length, long adapterParameters);

    /** The same with another number of blocks and tokens. */
    BaseConfig resized(int newLayers, int newVocabulary);

    /**
     * The same with GELU computed by the error function, as the paper's released code does.
     *
     * @throws IllegalArgumentException if the family has no GELU
     */
    BaseConfig withExactGelu();

    /** Values of the family's own words in {@link BaseFamily#script} and of those of attention, norms and GELU. */
    Map<String, String> script();

    /** {@code config.json} of a base of this shape, as {@link BaseFamily#read} reads it. */
    String json(int endOfText);

    /** Name of the array that is the output head. */
    default String head() {
        return tied() ? family().names().embedding() : family().names().head();
    }

    /** The vocabulary rounded up to a multiple of 64: matrix products of an odd width are a third slower. */
    default int paddedVocabulary() {
        return (vocabulary() + 63) / 64 * 64;
    }
}
