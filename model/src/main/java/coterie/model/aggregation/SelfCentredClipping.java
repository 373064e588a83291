package coterie.model.aggregation;

import coterie.topology.settings.Checks;
import coterie.topology.settings.Component;
import coterie.topology.settings.Setting;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * x_i + Σ_j w_ij clip(x_j − x_i), where clip shortens a difference to the radius τ (He, Karimireddy, Jaggi, 2022, arXiv
 * 2202.01545). The weights are those of the trust row.
 *
 * <p>The radius is fixed, or follows from the distances: the paper's theorem has τ² = (1/δ) Σ_j w_ij ‖x_j − x_i‖² over
 * the honest candidates j, with δ the weight of the others. A user does not know which are honest. Coterie takes the f
 * farthest candidates for the others, f = min(⌈outliers · n⌉, ⌊(n − 1) / 2⌋) for n candidates. With one or two
 * candidates f is 0, and nothing is clipped. A difference that is not finite counts 0.
 *
 * <p>Each candidate moves the user by w_ij τ at most. O(P n).
 *
 * <p>Worked example: x_i = 0 and candidates 1 and 9, each of weight 1/3. f is 1: τ² = (1/3 · 1) / (1/3) = 1, so that 9
 * counts as 1 and the result is 2/3.
 */
@Component(
        name = "self-centred-clipping",
        about = "differences from the own model are shortened to a radius and added, by trust")
public record SelfCentredClipping(
        @Setting Double radius, @Setting("0.2") double outliers) implements Reweighting {
    /**
     * @param radius τ; null for one that follows from the distances
     * @param outliers share of the candidates that may be outliers, less than one half; used where radius is null
     */
    public SelfCentredClipping {
        if (radius != null) {
            Checks.positive("radius", radius);
        }
        Outliers.check("outliers", outliers);
    }

    @Override
    public Influence reweigh(AggregationInput input) {
        Voters voters = Voters.of(input);
        double[] squares = Distances.from(voters.vectors(), voters.own());
        double most = radius == null ? adaptive(voters, squares) : radius;
        double[] factors = new double[squares.length];
        for (int j = 0; j < factors.length; j++) {
            factors[j] = Clips.factor(Math.sqrt(squares[j]), most);
        }
        double[] weights = new double[factors.length];
        double others = 0;
        for (int j : voters.others()) {
            weights[j] = voters.weights()[j] * factors[j];
            others += weights[j];
        }
        // Rounding may make the weights of the others a little more than 1.
        weights[voters.own()] = Clips.none(factors) ? voters.weights()[voters.own()] : Math.max(0, 1 - others);
        return new Influence(voters.spread(weights), Clips.users(input, voters, factors), 0);
    }

    private double adaptive(Voters voters, double[] squares) {
        int f = Outliers.count(outliers, voters.count());
        int[] nearestFirst = IntStream.range(0, squares.length)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer j) -> squares[j]).thenComparing(j -> j))
                .mapToInt(j -> j)
                .toArray();
        double kept = 0;
        double left = 0;
        for (int k = 0; k < nearestFirst.length; k++) {
            double w = voters.weights()[nearestFirst[k]];
            if (k < nearestFirst.length - f) {
                kept += w * squares[nearestFirst[k]];
            } else {
                left += w;
            }
        }
        return left > 0 ? Math.sqrt(kept / left) : Double.POSITIVE_INFINITY;
    }
}
