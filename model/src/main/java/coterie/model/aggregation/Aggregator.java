package coterie.model.aggregation;

/**
 * Makes a user's next parameters of the contributions of its candidates and the trust row's weights. A trust strategy
 * says how much each candidate counts; an aggregator says what is done with what they sent. The weighted mean is the
 * paper's; the others withstand outliers.
 *
 * <p>Aggregators are pure and hold no state, so that one is shared by all users of a run. Equal input must give equal
 * bits, whatever the machine: sums are taken in the order of the contributions.
 *
 * <p>A rule applies to x_j, what users exchange. Where that is updates, its result is added to the parameters before
 * the turn, which is the same as a rule for parameters that moves with them: median, trimmed mean, Krum, geometric
 * median and clipping do; the norm bound and BALANCE compare with the length of x_i and are stricter on updates.
 */
public interface Aggregator {
    /** The user's next parameters, and what the rule did with the candidates. */
    Aggregated aggregate(AggregationInput input);

    /** Whether it uses {@link AggregationInput#loss}, so that users need a validation set. */
    default boolean needsValidationSet() {
        return false;
    }
}
