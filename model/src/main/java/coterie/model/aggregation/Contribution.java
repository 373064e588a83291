package coterie.model.aggregation;

import coterie.model.exchange.Snapshot;
import java.util.List;

/**
 * One candidate's share in a mixing: x_j, the sum of its snapshots' values, and its weight in the trust row.
 *
 * @param weight w_j after discounting, not negative; the weights of a mixing sum to 1
 * @param snapshots at least one, in rising order of turns. Where parameters are exchanged there is exactly one, the
 *     newest; updates are differences, so that all that are not yet mixed count
 */
public record Contribution(double weight, List<Snapshot> snapshots) {
    /** Of one snapshot. */
    public Contribution(double weight, Snapshot snapshot) {
        this(weight, List.of(snapshot));
    }

    /** The user that published it. */
    public int user() {
        return snapshots.get(0).user();
    }

    /** P, the number of parameters. */
    public int size() {
        return snapshots.get(0).values().length;
    }

    /** x_j [P]; not to be changed, since it may be a snapshot's own array. */
    float[] vector() {
        return snapshots.size() == 1 ? snapshots.get(0).values() : values();
    }

    /** x_j [P], a new array. */
    public float[] values() {
        return WeightedMean.sum(List.of(new Contribution(1, snapshots)), size(), null);
    }
}
