package coterie.model.aggregation;

import coterie.topology.settings.Component;
import coterie.topology.settings.Setting;

/**
 * The mean of the n − f candidates with the lowest scores of {@link Krum} (Blanchard, El Mhamdi, Guerraoui, Stainer,
 * 2017, arXiv 1703.02757; as many as in Allouah et al., 2023, arXiv 2302.01772), by their weights in the trust row:
 * equal ones give the paper's mean. Candidates of weight 0 are left out. One or two candidates are all mixed.
 *
 * <p>O(P n²).
 *
 * <p>Worked example: of 0, 1, 3, 4, 90 with equal weights and outliers 0.2, f is 1, and 90 is refused: the result is 2.
 */
@Component(name = "multi-krum", about = "the mean, by trust, of the candidates that are nearest to their neighbours")
public record MultiKrum(@Setting("0.2") double outliers) implements Reweighting {
    /** @param outliers share of the candidates that may be outliers, less than one half */
    public MultiKrum {
        Outliers.check("outliers", outliers);
    }

    @Override
    public Influence reweigh(AggregationInput input) {
        Voters voters = Voters.of(input);
        int f = Outliers.count(outliers, voters.count());
        return new Influence(voters.spread(voters.mean(KrumScores.best(voters, f, voters.count() - f))));
    }
}
