package coterie.model.trust;

import java.util.Arrays;

/**
 * What one mixing used, for the record.
 *
 * @param users the candidates, rising, the user itself among them
 * @param weights their weights after discounting; the sum is 1
 * @param ages of their snapshots in versions; 0 for the user itself
 * @param evidenceAges turns since that which speaks for or against each was measured; −1 where nothing is known, 0
 *     where nothing need be measured
 * @param computed the last turn in which anything of it was measured
 * @param passes forward passes it took
 * @param distance of the others' adapters from the user's own, see {@link Consensus#disagreement}; NaN where there are
 *     no others, or nothing to compare
 * @param evidence of each candidate, of which the strategy made the row before discounting, see
 *     {@link TrustStrategy#row}; NaN where nothing is known, or need be measured
 */
public record TrustRow(
        int[] users,
        double[] weights,
        int[] ages,
        int[] evidenceAges,
        int computed,
        int passes,
        double distance,
        double[] evidence) {
    /** A row of which no evidence is known. */
    public TrustRow(
            int[] users, double[] weights, int[] ages, int[] evidenceAges, int computed, int passes, double distance) {
        this(users, weights, ages, evidenceAges, computed, passes, distance, unknown(users.length));
    }

    /** A row for which nothing had to be measured. */
    public static TrustRow given(int turn, int[] users, double[] weights, int[] ages) {
        return new TrustRow(users, weights, ages, new int[users.length], turn, 0, Double.NaN);
    }

    /** Evidence of so many candidates, none of it known. */
    static double[] unknown(int candidates) {
        double[] evidence = new double[candidates];
        Arrays.fill(evidence, Double.NaN);
        return evidence;
    }

    /** The weight of a user, 0 where it was no candidate. */
    public double weight(int user) {
        for (int k = 0; k < users.length; k++) {
            if (users[k] == user) {
                return weights[k];
            }
        }
        return 0;
    }

    /**
     * How much trust has changed since another row of the same user: ‖this − before‖₁ = Σ |w_k − w'_k| over all users,
     * a user that is no candidate having weight 0. From 0, nothing has changed, to 2, everything is given to others
     * than before.
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
