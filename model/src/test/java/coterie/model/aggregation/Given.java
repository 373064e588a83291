package coterie.model.aggregation;

import coterie.model.exchange.Snapshot;
import coterie.topology.random.Purpose;
import coterie.topology.random.RandomStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Inputs of aggregations, for tests. */
final class Given {
    private Given() {}

    /** Contributions of equal weight, the first of which is the user's own. */
    static AggregationInput equal(float[]... x) {
        double[] weights = new double[x.length];
        Arrays.fill(weights, 1.0 / x.length);
        return weighted(weights, x);
    }

    static AggregationInput weighted(double[] weights, float[]... x) {
        return new AggregationInput(contributions(weights, x), 0, null);
    }

    /** Contributions of one number each, of equal weight. */
    static AggregationInput numbers(float... x) {
        float[][] vectors = new float[x.length][];
        for (int k = 0; k < x.length; k++) {
            vectors[k] = new float[] {x[k]};
        }
        return equal(vectors);
    }

    static List<Contribution> contributions(double[] weights, float[]... x) {
        List<Contribution> all = new ArrayList<>();
        for (int u = 0; u < x.length; u++) {
            all.add(new Contribution(weights[u], new Snapshot(u, 0, 0, x[u], null)));
        }
        return all;
    }

    /** The same in a turn of several. */
    static AggregationInput in(int turn, int turns, AggregationInput of) {
        return new AggregationInput(of.contributions(), of.own(), of.before(), turn, turns, of.random(), of.loss());
    }

    /** The same with updates that are added to parameters. */
    static AggregationInput updates(float[] before, AggregationInput of) {
        return new AggregationInput(
                of.contributions(), of.own(), before, of.turn(), of.turns(), of.random(), of.loss());
    }

    /** The same with a loss. */
    static AggregationInput measured(AggregationInput.OwnLoss loss, AggregationInput of) {
        return new AggregationInput(
                of.contributions(),
                of.own(),
                of.before(),
                of.turn(),
                of.turns(),
                RandomStream.of(0, Purpose.BUCKETS),
                loss);
    }
}
