package coterie.example;

import coterie.model.exchange.Snapshot;
import coterie.model.trust.Probe;
import coterie.model.trust.TrustStrategy;
import coterie.topology.settings.Component;
import coterie.topology.settings.Setting;

/**
 * Trust by the distance of adapters: w_ij ∝ max(floor, exp(−‖θ_i − θ_j‖₂ / width)).
 *
 * <p>Worked example: distances 0 and 2, width 2 and floor 0.1 give exp(0) = 1 and exp(−1) = 0.368, hence the row
 * (0.731, 0.269).
 *
 * @param width distance at which trust has fallen to 1/e
 * @param floor least trust before the row is divided by its sum
 */
@Component(name = "near-parameters", about = "example: by the Euclidean distance of adapters")
public record NearParameters(
        @Setting("1.0") double width, @Setting("0.01") double floor) implements TrustStrategy {
    public NearParameters {
        if (!(width > 0)) {
            throw new IllegalArgumentException("width must be greater than 0, found " + width);
        }
        if (!(floor > 0 && floor <= 1)) {
            throw new IllegalArgumentException("floor must lie in (0, 1], found " + floor);
        }
    }

    @Override
    public double score(Snapshot own, Snapshot candidate, Probe probe) {
        double square = 0;
        for (int k = 0; k < own.parameters().length; k++) {
            double d = own.parameters()[k] - candidate.parameters()[k];
            square += d * d;
        }
        return Math.sqrt(square);
    }

    @Override
    public double[] row(int me, int[] users, double[] scores) {
        double[] row = new double[users.length];
        double sum = 0;
        for (int k = 0; k < row.length; k++) {
            row[k] = Double.isNaN(scores[k]) ? 0 : Math.max(floor, StrictMath.exp(-scores[k] / width));
            sum += row[k];
        }
        for (int k = 0; k < row.length; k++) {
            row[k] /= sum;
        }
        return row;
    }

    @Override
    public boolean needsParameters() {
        return true;
    }
}
