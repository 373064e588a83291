package coterie.model.trust;

/**
 * What one mixing used, for the record.
 *
 * @param users the candidates, rising, the user itself among them
 * @param weights their weights after discounting; the sum is 1
 * @param ages of their snapshots in versions; 0 for the user itself
 * @param evidenceAges turns since that which speaks for or against each was measured; −1 where nothing is known, 0 where nothing need be measured
 * @param computed the last turn in which anything of it was measured
 * @param passes forward passes it took
 * @param distance of the others' adapters from the user's own, see {@link Consensus#disagreement}; NaN where there are no others, or nothing to compare
 */
public record TrustRow(int[] users, double[] weights, int[] ages, int[] evidenceAges, int computed, int passes, double distance) {
    /** A row for which nothing had to be measured. */
    public static TrustRow given(int turn, int[] users, double[] weights, int[] ages) {
        return new TrustRow(users, weights, ages, new int[users.length], turn, 0, Double.NaN);
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
}
