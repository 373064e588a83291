package coterie.model.trust;

import coterie.model.aggregation.Influence;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * A record of one mixing.
 *
 * @param users candidates in ascending order, including the user itself
 * @param weights discounted weights with sum 1
 * @param ages staleness of the snapshots in versions; 0 for the user itself
 * @param scoreAges age of each score in turns; −1 if there is none, 0 if the strategy needs no measurement
 * @param computed last turn in which a score was measured
 * @param passes forward passes used
 * @param distance distance of the other adapters from the user's own, see {@link Consensus#disagreement}; NaN if there
 *     are no other candidates or no parameters
 * @param scores score of each candidate before discounting, see {@link TrustStrategy#row}; NaN if unknown or not
 *     measured
 * @param moved estimated distance of each candidate's parameters from those of its snapshot before, see
 *     {@link Refresh.Occasion}; NaN if unknown; empty unless {@link Refresh#watchesSnapshots}
 * @param influence what the aggregator did with the candidates; null if it does not say
 */
public record TrustRow(
        int[] users,
        double[] weights,
        int[] ages,
        int[] scoreAges,
        int computed,
        int passes,
        double distance,
        double[] scores,
        double[] moved,
        Influence influence) {
    private static final double[] NOT_WATCHED = {};

    /** Creates a row without influence. */
    public TrustRow(
            int[] users,
            double[] weights,
            int[] ages,
            int[] scoreAges,
            int computed,
            int passes,
            double distance,
            double[] scores,
            double[] moved) {
        this(users, weights, ages, scoreAges, computed, passes, distance, scores, moved, null);
    }

    /** Creates a row of a rule that does not watch how snapshots move. */
    public TrustRow(
            int[] users,
            double[] weights,
            int[] ages,
            int[] scoreAges,
            int computed,
            int passes,
            double distance,
            double[] scores) {
        this(users, weights, ages, scoreAges, computed, passes, distance, scores, NOT_WATCHED);
    }

    /** Creates a row without scores. */
    public TrustRow(
            int[] users, double[] weights, int[] ages, int[] scoreAges, int computed, int passes, double distance) {
        this(users, weights, ages, scoreAges, computed, passes, distance, unknown(users.length));
    }

    /** Creates a row that needed no measurement. */
    public static TrustRow given(int turn, int[] users, double[] weights, int[] ages) {
        return new TrustRow(users, weights, ages, new int[users.length], turn, 0, Double.NaN);
    }

    /** Returns this row with the influence of the candidates; null if the aggregator does not say. */
    public TrustRow with(Influence found) {
        return found == null
                ? this
                : new TrustRow(users, weights, ages, scoreAges, computed, passes, distance, scores, moved, found);
    }

    /** Returns the candidates that have a weight and no influence, in ascending order; empty if that is unknown. */
    public int[] refused() {
        return influence == null || influence.weights() == null
                ? new int[0]
                : IntStream.range(0, users.length)
                        .filter(k -> weights[k] > 0 && influence.weights()[k] == 0)
                        .map(k -> users[k])
                        .toArray();
    }

    /** Returns unknown scores of {@code candidates} candidates. */
    static double[] unknown(int candidates) {
        double[] scores = new double[candidates];
        Arrays.fill(scores, Double.NaN);
        return scores;
    }

    /** Returns the weight of a user, or 0 if it is not a candidate. */
    public double weight(int user) {
        for (int k = 0; k < users.length; k++) {
            if (users[k] == user) {
                return weights[k];
            }
        }
        return 0;
    }

    /**
     * Returns the change of trust since another row of the same user: ‖this − before‖₁ = Σ_k |w_k − w'_k| over all
     * users, where a user that is not a candidate has weight 0. It ranges from 0 for equal rows to 2 for disjoint ones.
     *
     * <p>Worked example: from (1/2, 1/2, 0) to (1/2, 0, 1/2) it is 1.
     */
    public double change(TrustRow before) {
        double sum = 0;
        int i = 0;
        int j = 0;
        while (i < users.length || j < before.users.length) {
            int mine = i < users.length ? users[i] : Integer.MAX_VALUE;
            int theirs = j < before.users.length ? before.users[j] : Integer.MAX_VALUE;
            sum += Math.abs((mine <= theirs ? weights[i] : 0) - (theirs <= mine ? before.weights[j] : 0));
            i += mine <= theirs ? 1 : 0;
            j += theirs <= mine ? 1 : 0;
        }
        return sum;
    }
}
