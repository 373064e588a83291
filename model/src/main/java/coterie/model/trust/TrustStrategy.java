package coterie.model.trust;

import coterie.model.exchange.Snapshot;
import java.util.List;

/**
 * A rule for trust: measures a score for each candidate and converts the scores to a row of weights.
 *
 * <p>Strategies are stateless and independent of time: {@link StalenessDiscount} discounts stale snapshots, and
 * {@link TrustManager} decides when to measure and how long a score is valid.
 */
public interface TrustStrategy extends CollaborationStrategy {
    /** Returns the strategy for a run: itself, or a copy with properties of the run. */
    default TrustStrategy in(TrustContext run) {
        return this;
    }

    /**
     * Measures the score of a candidate, for instance a cosine, a loss or a distance.
     *
     * @param own the user's own snapshot
     * @param candidate another user's snapshot, or the user's own
     * @param probe the user's own model
     */
    double score(Snapshot own, Snapshot candidate, Probe probe);

    /** Measures the scores of several candidates, in their order: each is that of {@link #score}. */
    default double[] scores(Snapshot own, List<Snapshot> candidates, Probe probe) {
        return candidates.stream().mapToDouble(c -> score(own, c, probe)).toArray();
    }

    /**
     * Returns the trust row of user {@code me}.
     *
     * @param users candidates in ascending order, including {@code me}
     * @param scores score of each candidate; NaN if unknown, never for {@code me}
     * @return weights of the candidates, not negative, with sum 1; 0 for unknown scores
     */
    double[] row(int me, int[] users, double[] scores);

    /**
     * Returns the trust row of user {@code me} in a mixing, as {@link #row(int, int[], double[])} does. For strategies
     * whose rows depend on the time.
     *
     * @param seconds virtual time of the mixing in seconds
     */
    default double[] row(int me, int[] users, double[] scores, double seconds) {
        return row(me, users, scores);
    }

    /**
     * Returns the row of user {@code me} with all candidates measured now.
     *
     * @param candidates in ascending order of users, including {@code me}'s own
     */
    default double[] row(int me, List<Snapshot> candidates, Probe probe) {
        Snapshot own =
                candidates.stream().filter(c -> c.user() == me).findFirst().orElseThrow();
        return row(
                me,
                candidates.stream().mapToInt(Snapshot::user).toArray(),
                candidates.stream().mapToDouble(c -> score(own, c, probe)).toArray());
    }

    /** Whether scores are measured, and can therefore become outdated. */
    default boolean measures() {
        return true;
    }

    /** Whether the score of a snapshot stays valid when the user's own model changes. */
    default boolean lasting() {
        return false;
    }

    /**
     * Whether the score depends on the candidate's parameters θ. Snapshots must then contain them even if updates are
     * exchanged, since the receiver of an update does not know the parameters it applies to.
     */
    default boolean needsParameters() {
        return false;
    }
}
