package coterie.model.aggregation;

import coterie.topology.settings.Checks;
import coterie.topology.settings.Component;
import coterie.topology.settings.Setting;

/**
 * Σ_j w_j x_j min(1, M / ‖x_j‖): contributions longer than the bound M are shortened (Sun, Kairouz, Suresh, McMahan,
 * 2019, arXiv 1911.07963, there of updates). The weights are those of the trust row. Without a bound of its own, M is
 * the length of the user's own contribution, so that no candidate counts with a longer one; this is defined for any
 * number of candidates. A contribution that is not finite is refused.
 *
 * <p>The result is not longer than M. O(P n).
 *
 * <p>Worked example: own (3, 0) and a candidate (0, 12), each of weight 1/2: the candidate is shortened to (0, 3), and
 * the result is (1.5, 1.5).
 */
@Component(
        name = "norm-bound",
        about = "contributions longer than a bound, or than the own one, are shortened and added, by trust")
public record NormBound(@Setting Double bound) implements Reweighting {
    /** @param bound M; null for the length of the user's own contribution */
    public NormBound {
        if (bound != null) {
            Checks.positive("bound", bound);
        }
    }

    @Override
    public Influence reweigh(AggregationInput input) {
        Voters voters = Voters.of(input);
        double[] squares = Distances.squaredNorms(voters.vectors());
        double most = bound == null ? Math.sqrt(squares[voters.own()]) : bound;
        double[] factors = new double[squares.length];
        double[] weights = new double[squares.length];
        for (int j = 0; j < factors.length; j++) {
            factors[j] = Clips.factor(Math.sqrt(squares[j]), most);
            weights[j] = voters.weights()[j] * factors[j];
        }
        return new Influence(voters.spread(weights), Clips.users(input, voters, factors), 0);
    }
}
