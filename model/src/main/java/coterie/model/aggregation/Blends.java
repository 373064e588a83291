package coterie.model.aggregation;

import coterie.model.exchange.Snapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * Means of contributions that take the place of the contributions, in rising order of their users.
 *
 * @param shares of the contributions in each mean [blends][candidates]
 * @param weights of the means for the rule [blends]
 * @param users candidates by whose users the means are named [blends], in rising order
 * @param own index of the mean that is the user's own
 */
record Blends(List<double[]> shares, double[] weights, int[] users, int own) {
    Aggregated aggregate(AggregationInput input, Aggregator rule) {
        List<Contribution> blended = new ArrayList<>();
        for (int k = 0; k < weights.length; k++) {
            float[] mean = WeightedMean.sum(input.weighted(shares.get(k)), input.size(), null);
            List<Snapshot> of = input.contributions().get(users[k]).snapshots();
            Snapshot last = of.get(of.size() - 1);
            // It is never sent, so that it needs no hash.
            blended.add(new Contribution(
                    weights[k],
                    new Snapshot(last.user(), last.turn(), last.iteration(), last.layout(), mean, null, 0)));
        }
        Aggregated result = rule.aggregate(input.with(blended, own));
        Influence found = rule instanceof WeightedMean ? new Influence(weights) : result.influence();
        return new Aggregated(result.parameters(), found == null ? null : ofContributions(input, found));
    }

    /** The influence of the contributions that the means are made of. */
    private Influence ofContributions(AggregationInput input, Influence ofBlends) {
        int n = input.contributions().size();
        double[] all = ofBlends.weights() == null ? null : new double[n];
        for (int k = 0; all != null && k < weights.length; k++) {
            for (int j = 0; j < n; j++) {
                all[j] += ofBlends.weights()[k] * shares.get(k)[j];
            }
        }
        int[] clipped = ofBlends.clipped();
        if (clipped != null) {
            TreeSet<Integer> inShortened = new TreeSet<>();
            for (int k = 0; k < users.length; k++) {
                boolean shortened =
                        contains(clipped, input.contributions().get(users[k]).user());
                for (int j = 0; shortened && j < n; j++) {
                    if (shares.get(k)[j] > 0) {
                        inShortened.add(input.contributions().get(j).user());
                    }
                }
            }
            clipped = inShortened.stream().mapToInt(u -> u).toArray();
        }
        return new Influence(all, clipped, ofBlends.passes());
    }

    private static boolean contains(int[] users, int user) {
        for (int u : users) {
            if (u == user) {
                return true;
            }
        }
        return false;
    }
}
