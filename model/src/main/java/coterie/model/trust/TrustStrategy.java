package coterie.model.trust;

import java.util.List;

/**
 * How a user decides whom to trust: from its own snapshot and those it has received to a row of weights.
 *
 * <p>Strategies hold no state and know no time: what is stale is discounted afterwards ({@link StalenessDiscount}), how often a row is computed is
 * {@link Collaborator}'s affair.
 */
public interface TrustStrategy {
    /**
     * The trust row of user {@code me}.
     *
     * @param candidates snapshots in rising order of users, {@code me}'s own among them
     * @param probe the user's own model
     * @return weights of the candidates, none negative, their sum 1
     */
    double[] row(int me, List<Snapshot> candidates, Probe probe);

    /** Whether snapshots must carry predictions on the shared set. */
    default boolean needsPredictions() {
        return false;
    }

    /** Whether anybody exchanges anything at all. */
    default boolean communicates() {
        return true;
    }

    /** Share of a user's training data, and of its iterations, that is kept for local fine-tuning at the end, in [0, 1). */
    default double fineTuneShare() {
        return 0;
    }
}
