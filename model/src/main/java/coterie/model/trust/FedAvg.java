package coterie.model.trust;

import coterie.topology.settings.Component;
import java.util.Arrays;

/**
 * FedAvg (McMahan et al., arXiv 1602.05629) without a server: w_ij = 1/n over the n candidates, which on a sparse graph
 * are the user and its in-neighbours.
 *
 * <p>Worked example: with two other candidates the row is (1/3, 1/3, 1/3).
 */
@Component(name = "fedavg", about = "the same weight for all candidates")
public record FedAvg() implements UnmeasuredStrategy {
    @Override
    public double[] row(int me, int[] users, double[] scores) {
        return uniform(users.length);
    }

    static double[] uniform(int n) {
        double[] w = new double[n];
        Arrays.fill(w, 1.0 / n);
        return w;
    }

    @Override
    public boolean needsConnectedGraph() {
        return true;
    }
}
