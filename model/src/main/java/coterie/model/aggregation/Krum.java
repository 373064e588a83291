package coterie.model.aggregation;

import coterie.topology.settings.Component;
import coterie.topology.settings.Setting;

/**
 * The candidate that is nearest to its neighbours: argmin_j Σ_k ‖x_j − x_k‖² over the n − f − 1 candidates k nearest to
 * j (Blanchard, El Mhamdi, Guerraoui, Stainer, 2017, arXiv 1703.02757; the number of neighbours as in Allouah et al.,
 * 2023, arXiv 2302.01772). f = min(⌈outliers · n⌉, ⌊(n − 1) / 2⌋) for n candidates. Weights of the trust row do not
 * count; candidates of weight 0 are left out. With one or two candidates it is the user's own contribution, which wins
 * ties.
 *
 * <p>O(P n²).
 *
 * <p>Worked example: of 0, 1, 3, 4, 90 with outliers 0.2, f is 1, and each has 3 neighbours: the scores are 26, 14, 14,
 * 26 and more, so that it is 1, or 3 if that is the user's own.
 */
@Component(name = "krum", about = "the candidate that is nearest to its neighbours, without the trust row's weights")
public record Krum(@Setting("0.2") double outliers) implements Reweighting {
    /** @param outliers share of the candidates that may be outliers, less than one half */
    public Krum {
        Outliers.check("outliers", outliers);
    }

    @Override
    public Influence reweigh(AggregationInput input) {
        Voters voters = Voters.of(input);
        double[] weights = new double[voters.count()];
        weights[KrumScores.best(voters, Outliers.count(outliers, voters.count()), 1)[0]] = 1;
        return new Influence(voters.spread(weights));
    }
}
