package coterie.model.program;

/**
 * How a training pass is computed. The mode does not change the results, but for last bits with {@code apart}.
 *
 * @param apart whether products with the base are computed for one user at a time: slower, but a user's result then
 *     does not depend on the number of users, even if the bits of a product depend on its number of rows
 * @param recompute whether the backward pass computes activations again, in place of keeping them: slower, but
 *     {@link PassMemory} is a fraction. The operations are the same, on the same numbers
 */
public record PassMode(boolean apart, boolean recompute) {
    /** The fastest. */
    public static final PassMode PLAIN = new PassMode(false, false);
}
