package coterie.model.base;

import java.util.Arrays;

/**
 * An array of a base.
 *
 * @param role of its module
 * @param block number of the module's block; 0 for a module outside blocks
 * @param parameter "weight" or "bias"
 * @param shape as the program takes it; weights are [out, in]
 * @param kind of array
 */
public record BaseArray(Role role, int block, String parameter, int[] shape, Kind kind) {
    /** What an array is: decides how it starts when a base is trained from scratch, and whether bfloat16 applies. */
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

    /** Its name in the program, {@code blocks.0.query.weight}. */
    public String name() {
        return (role.inBlock() ? "blocks." + block + "." : "") + role.text() + "." + parameter;
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
