package coterie.model.aggregation;

/**
 * What a rule did with the candidates, in the order of the trust row.
 *
 * @param weights of the candidates' contributions in the sum that the rule makes of them, not negative, with a sum of
 *     at most 1; 0 for a candidate that was refused. Null if the result is no such sum
 * @param clipped users whose contributions were shortened, in rising order; null if the rule shortens none
 * @param passes forward passes that the rule used
 */
public record Influence(double[] weights, int[] clipped, int passes) {
    /** The influence under a rule that neither shortens contributions nor measures them. */
    public Influence(double[] weights) {
        this(weights, null, 0);
    }
}
