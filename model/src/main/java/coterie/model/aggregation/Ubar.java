package coterie.model.aggregation;

import coterie.topology.settings.Checks;
import coterie.topology.settings.Component;
import coterie.topology.settings.Setting;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * UBAR (Guo et al., 2021, arXiv 2002.08569): of the other candidates the nearest ⌈ρ n⌉, and of these all whose loss on
 * the user's own data is not greater than that of the user's own contribution; if there are none, the one with the
 * least loss. The result is α x_i + (1 − α) times their mean, by their weights in the trust row: equal ones give the
 * paper's mean. Candidates of weight 0 are left out. A user without other candidates keeps x_i; one other candidate is
 * always mixed, as the best one, unless it is not finite.
 *
 * <p>The data is the validation set, where the paper draws a batch of the training data. Loss of an update is that of
 * the parameters before the turn plus this update. O(P n), and a forward pass for each of the nearest and for the user
 * itself.
 *
 * <p>Worked example: candidates at distances 1, 2, 3, 4, 5, ρ = 0.4: the first two are measured. With losses 0.9 and
 * 1.1, and 1 of the user's own, only the first is accepted: the result is x_i / 2 + x_1 / 2.
 */
@Component(
        name = "ubar",
        about = "UBAR: the mean, by trust, of the nearest candidates whose loss on the own validation data is no worse")
public record Ubar(
        @Setting("0.4") double nearest, @Setting("0.5") double ownShare) implements Reweighting {
    /** Rounding error of ρ n, which must not make one candidate more. */
    private static final double ROUNDING = 1e-9;

    /**
     * @param nearest ρ, share of the other candidates that are measured
     * @param ownShare α, of the user's own contribution
     */
    public Ubar {
        Checks.share("nearest", nearest);
        Checks.share("own_share", ownShare);
    }

    @Override
    public boolean needsValidationSet() {
        return true;
    }

    @Override
    public Influence reweigh(AggregationInput input) {
        Voters voters = Voters.of(input);
        double[] squares = Distances.from(voters.vectors(), voters.own());
        int[] others = voters.others();
        int[] near = Arrays.stream(others)
                .filter(j -> Double.isFinite(squares[j]))
                .boxed()
                .sorted(Comparator.comparingDouble((Integer j) -> squares[j]).thenComparing(j -> j))
                .limit((long) Math.ceil(nearest * others.length - ROUNDING))
                .mapToInt(j -> j)
                .toArray();
        return near.length == 0
                ? new Influence(voters.besideOwn(ownShare, near))
                : new Influence(voters.besideOwn(ownShare, accepted(input, voters, near)), null, near.length + 1);
    }

    private static int[] accepted(AggregationInput input, Voters voters, int[] near) {
        double own = loss(input, voters, voters.own());
        double[] losses =
                Arrays.stream(near).mapToDouble(j -> loss(input, voters, j)).toArray();
        int best = 0;
        for (int k = 1; k < losses.length; k++) {
            best = losses[k] < losses[best] || Double.isNaN(losses[best]) ? k : best;
        }
        int[] good = IntStream.range(0, near.length)
                .filter(k -> losses[k] <= own)
                .map(k -> near[k])
                .toArray();
        if (good.length == 0 && !Double.isNaN(losses[best])) {
            return new int[] {near[best]};
        }
        return good;
    }

    private static double loss(AggregationInput input, Voters voters, int voter) {
        return input.loss().of(input.contributions().get(voters.contribution(voter)));
    }
}
