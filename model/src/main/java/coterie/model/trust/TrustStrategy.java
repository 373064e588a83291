package coterie.model.trust;

import coterie.model.exchange.Snapshot;
import java.util.List;

/**
 * How a user decides whom to trust: it measures something of every candidate, and makes a row of weights of what it has
 * measured.
 *
 * <p>Strategies hold no state and know no time: what is stale is discounted afterwards ({@link StalenessDiscount}),
 * what is measured when, and how long it counts, is {@link TrustManager}'s affair.
 */
public interface TrustStrategy extends CollaborationStrategy {
    /** The strategy of a run: itself, or one that knows more of the run. */
    default TrustStrategy in(TrustContext run) {
        return this;
    }

    /**
     * What speaks for or against a candidate: a cosine, a loss, a distance.
     *
     * @param own the user's own snapshot
     * @param candidate another's, or the user's own
     * @param probe the user's own model
     */
    double evidence(Snapshot own, Snapshot candidate, Probe probe);

    /**
     * The trust row of user {@code me}.
     *
     * @param users the candidates, rising, {@code me} among them
     * @param evidence of each; NaN where nothing is known, never for {@code me}
     * @return weights of the candidates, none negative, their sum 1; 0 for those of whom nothing is known
     */
    double[] row(int me, int[] users, double[] evidence);

    /**
     * The row of user {@code me}, everything measured now.
     *
     * @param candidates in rising order of users, {@code me}'s own among them
     */
    default double[] row(int me, List<Snapshot> candidates, Probe probe) {
        Snapshot own =
                candidates.stream().filter(c -> c.user() == me).findFirst().orElseThrow();
        return row(
                me,
                candidates.stream().mapToInt(Snapshot::user).toArray(),
                candidates.stream().mapToDouble(c -> evidence(own, c, probe)).toArray());
    }

    /** Whether there is anything to measure, and so to become stale. */
    default boolean measures() {
        return true;
    }

    /** Whether what was measured of a snapshot holds for good, whatever becomes of the user's own model. */
    default boolean lasting() {
        return false;
    }

    /**
     * Whether it looks at a candidate's parameters θ: then snapshots must carry them, whatever is exchanged. They do
     * not follow from an update, since no user knows what another's turn began from.
     */
    default boolean needsParameters() {
        return false;
    }
}
