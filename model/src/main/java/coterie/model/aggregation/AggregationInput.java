package coterie.model.aggregation;

import coterie.topology.random.Purpose;
import coterie.topology.random.RandomStream;
import java.util.ArrayList;
import java.util.List;

/**
 * The input of an aggregation.
 *
 * @param contributions of the candidates in rising order of users, the user's own among them
 * @param own index of the user's own contribution
 * @param before the parameters to which updates are added [P]; null where parameters are exchanged
 * @param turn the user's turn that has ended, from 0
 * @param turns number of turns that each user does
 * @param random a stream of this user and turn alone
 * @param loss measures contributions on the user's own data
 */
public record AggregationInput(
        List<Contribution> contributions,
        int own,
        float[] before,
        int turn,
        int turns,
        RandomStream random,
        OwnLoss loss) {
    /** Measures contributions on the user's own data. */
    public interface OwnLoss {
        /** The loss of the user's model on its validation set if this contribution alone were its next one, in nats. */
        double of(Contribution contribution);
    }

    /** An input for rules that need neither turns nor random numbers nor data. */
    public AggregationInput(List<Contribution> contributions, int own, float[] before) {
        this(contributions, own, before, 0, 1, RandomStream.of(0, Purpose.BUCKETS), c -> {
            throw new UnsupportedOperationException("there is no validation set");
        });
    }

    /** P, the number of parameters. */
    public int size() {
        return contributions.get(own).size();
    }

    /** This input with other contributions, and the index of the user's own among them. */
    AggregationInput with(List<Contribution> others, int ownIndex) {
        return new AggregationInput(others, ownIndex, before, turn, turns, random, loss);
    }

    /** The contributions with other weights. */
    List<Contribution> weighted(double[] weights) {
        List<Contribution> all = new ArrayList<>(weights.length);
        for (int j = 0; j < weights.length; j++) {
            all.add(new Contribution(weights[j], contributions.get(j).snapshots()));
        }
        return all;
    }
}
