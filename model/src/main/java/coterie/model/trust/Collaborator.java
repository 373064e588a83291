package coterie.model.trust;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * One user's side of the collaboration: computes its trust row when it is due, keeps it in between, discounts what is stale.
 *
 * <p>Between refreshes the old row is restricted to who is present and divided by its sum, so that whoever is new counts nothing until the row is
 * computed again; where nobody of the old row is left, the user keeps to itself. The discount is applied to the row that is used, once, and never
 * to the one that is kept. Not thread-safe: a user's turns follow one another.
 */
public final class Collaborator {
    /**
     * The rules of a run.
     *
     * @param refreshEvery turns between two computations of the row; 1 computes it at every mixing
     */
    public record Rules(TrustStrategy strategy, int refreshEvery, StalenessDiscount discount, StalenessDiscount.Remainder remainder) {
        public Rules {
            if (refreshEvery < 1) {
                throw new IllegalArgumentException("refresh must be at least every turn (1), found " + refreshEvery);
            }
        }
    }

    private final int me;
    private final Rules rules;
    private Map<Integer, Double> kept;
    private int computed;

    public Collaborator(int me, Rules rules) {
        this.me = me;
        this.rules = rules;
    }

    /**
     * The row to mix with at the end of a turn.
     *
     * @param candidates in rising order of users, the user's own snapshot among them
     * @param ages of the candidates in versions
     */
    public TrustRow decide(int turn, List<Snapshot> candidates, int[] ages, Probe probe) {
        int self = 0;
        int[] users = new int[candidates.size()];
        for (int k = 0; k < users.length; k++) {
            users[k] = candidates.get(k).user();
            self = users[k] == me ? k : self;
        }
        double[] row;
        if (kept == null || turn - computed >= rules.refreshEvery) {
            row = rules.strategy.row(me, candidates, probe);
            computed = turn;
            kept = new HashMap<>();
            for (int k = 0; k < users.length; k++) {
                kept.put(users[k], row[k]);
            }
        } else {
            row = restricted(users, self);
        }
        return new TrustRow(users, rules.discount.apply(row, ages, self, rules.remainder), ages, computed);
    }

    private double[] restricted(int[] users, int self) {
        double[] row = new double[users.length];
        double sum = 0;
        for (int k = 0; k < row.length; k++) {
            row[k] = kept.getOrDefault(users[k], 0.0);
            sum += row[k];
        }
        if (sum > 0) {
            return Rows.normalised(row);
        }
        row[self] = 1;
        return row;
    }
}
