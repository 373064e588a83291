package coterie.model.trust;

/**
 * What one mixing used, for the record.
 *
 * @param users the candidates, rising, the user itself among them
 * @param weights their weights after discounting; the sum is 1
 * @param ages of their snapshots in versions; 0 for the user itself
 * @param computed turn in which the strategy last computed this row
 */
public record TrustRow(int[] users, double[] weights, int[] ages, int computed) {
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
