package coterie.model.base;

import java.util.Arrays;

/**
 * An array of a base.
 *
 * @param name its name in Hugging Face's files, without the family's prefix
 * @param shape as the program takes it; weights are [out, in]
 * @param transposed whether the file holds the transpose, as GPT-2's do for their "Conv1D" weights [in, out]
 * @param kind of array
 */
public record BaseArray(String name, int[] shape, boolean transposed, Kind kind) {
    /** What an array is: decides how it starts when a base is trained from nothing, and whether bfloat16 applies. */
    public enum Kind {
        /** Of tokens, [V, D]: the token embedding and the output head. */
        EMBEDDING,
        /** Of positions. */
        POSITIONS,
        /** Of a norm. */
        GAIN,
        /** Of a norm. */
        BIAS,
        /** Of a linear layer. */
        WEIGHT,
        /** Of a linear layer whose output is added to the residual stream. */
        RESIDUAL_WEIGHT,
        /** Of a linear layer. */
        LINEAR_BIAS
    }

    /** Whether it belongs to a linear layer. */
    public boolean linear() {
        return kind == Kind.WEIGHT || kind == Kind.RESIDUAL_WEIGHT || kind == Kind.LINEAR_BIAS;
    }

    /** Number of elements. */
    public int size() {
        return Arrays.stream(shape).reduce(1, Math::multiplyExact);
    }
}
