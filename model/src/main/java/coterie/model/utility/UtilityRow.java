package coterie.model.utility;

import java.util.Arrays;

/**
 * What a user measured of its neighbours at one mixing.
 *
 * @param neighbours the measured users, ascending [K]
 * @param utilities gain from a little of each neighbour's model, see {@link UtilityMeter}; minus infinity if the loss
 *     was not finite [K]
 * @param evidence the values of {@link Evidence} for each neighbour, in its order, one neighbour after the other; NaN
 *     if the run does not measure it, minus infinity if it was not finite [K · E]
 */
public record UtilityRow(int[] neighbours, double[] utilities, double[] evidence) {
    /** E, the number of kinds of evidence. */
    private static final int KINDS = Evidence.values().length;

    /** Returns the values of a neighbour's evidence, in the order of {@link Evidence} [E]. */
    public double[] evidence(int neighbour) {
        return Arrays.copyOfRange(evidence, neighbour * KINDS, (neighbour + 1) * KINDS);
    }

    /**
     * Returns the forward passes of one measurement of some neighbours, each over the validation set or over the inputs
     * at which predictions are compared: one of both with the user's own model; of each neighbour one of both, and one
     * with a little of its model. A user without neighbours makes none.
     */
    public static long passes(int neighbours) {
        return neighbours == 0 ? 0 : 2 + 3L * neighbours;
    }
}
