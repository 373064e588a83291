package coterie.model.aggregation;

import coterie.topology.settings.Checks;
import coterie.topology.settings.Component;
import coterie.topology.settings.Setting;
import java.util.Arrays;

/**
 * BALANCE (Fang et al., 2024, arXiv 2406.10416): candidate j is accepted if ‖x_i − x_j‖ ≤ γ e^(−κ t / T) ‖x_i‖, and the
 * result is α x_i + (1 − α) times the mean of the accepted, by their weights in the trust row: equal ones give the
 * paper's mean. Candidates of weight 0 are left out. If none is accepted, the user keeps x_i; this is defined for any
 * number of candidates.
 *
 * <p>t is the number of the user's own turn, from 0, and T how many it does, since users have no common rounds. A slow
 * user's limit is therefore wider than a fast one's at the same instant. A snapshot of a neighbour that is behind is
 * farther away because it has been trained less, and may be refused although its sender is honest: a larger γ or a
 * smaller κ allows for that.
 *
 * <p>γ is 2 unless it is set, and 0.3 in the paper. O(P n).
 *
 * <p>Worked example: x_i = (4, 0) in turn 0, γ = 0.5, α = 0.5: the limit is 2; (4, 2) is accepted, (4, 3) refused, and
 * the result is (4, 1).
 */
@Component(
        name = "balance",
        about = "BALANCE: the mean, by trust, of candidates near enough to the own model, with a limit that shrinks")
public record Balance(
        @Setting("2.0") double tolerance,
        @Setting("1.0") double decay,
        @Setting("0.5") double ownShare) implements Reweighting {
    /**
     * @param tolerance γ
     * @param decay κ
     * @param ownShare α, of the user's own contribution
     */
    public Balance {
        Checks.positive("tolerance", tolerance);
        Checks.notNegative("decay", decay);
        Checks.share("own_share", ownShare);
    }

    @Override
    public Influence reweigh(AggregationInput input) {
        Voters voters = Voters.of(input);
        double[] squares = Distances.from(voters.vectors(), voters.own());
        double own = Math.sqrt(Distances.squaredNorm(voters.vectors()[voters.own()]));
        double limit = tolerance * StrictMath.exp(-decay * input.turn() / input.turns()) * own;
        int[] accepted = Arrays.stream(voters.others())
                .filter(j -> Math.sqrt(squares[j]) <= limit)
                .toArray();
        return new Influence(voters.besideOwn(ownShare, accepted));
    }
}
