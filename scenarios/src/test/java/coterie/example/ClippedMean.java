package coterie.example;

import coterie.model.aggregation.Aggregated;
import coterie.model.aggregation.AggregationInput;
import coterie.model.aggregation.Aggregator;
import coterie.model.aggregation.Contribution;
import coterie.topology.settings.Component;
import coterie.topology.settings.Setting;

/**
 * Clipped gossip (He, Karimireddy, Jaggi, arXiv 2202.01545): x_i + Σ_j w_ij clip(x_j − x_i), where clip shortens a
 * difference to the radius.
 *
 * <p>Worked example: x_i = (0, 0), x_j = (3, 4), w_ij = 1/2, radius 1: the difference has norm 5 and is shortened to
 * (0.6, 0.8), so that the result is (0.3, 0.4).
 */
@Component(name = "clipped-mean", about = "example: differences from the own model are clipped to a radius")
public record ClippedMean(@Setting("1.0") double radius) implements Aggregator {
    public ClippedMean {
        if (!(radius > 0)) {
            throw new IllegalArgumentException("radius must be greater than 0, found " + radius);
        }
    }

    @Override
    public Aggregated aggregate(AggregationInput input) {
        float[] mine = input.contributions().get(input.own()).values();
        float[] before = input.before();
        double[] sum = new double[mine.length];
        for (Contribution c : input.contributions()) {
            float[] x = c.values();
            double square = 0;
            for (int k = 0; k < x.length; k++) {
                square += (double) (x[k] - mine[k]) * (x[k] - mine[k]);
            }
            double factor = c.weight() * Math.min(1, radius / Math.max(Math.sqrt(square), Double.MIN_NORMAL));
            for (int k = 0; k < x.length; k++) {
                sum[k] += factor * (x[k] - mine[k]);
            }
        }
        float[] next = new float[mine.length];
        for (int k = 0; k < next.length; k++) {
            next[k] = (float) (mine[k] + sum[k] + (before == null ? 0 : before[k]));
        }
        return new Aggregated(next);
    }
}
