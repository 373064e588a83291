package coterie.model.attack;

import coterie.model.exchange.Snapshot;
import coterie.topology.settings.Component;
import java.util.List;

/**
 * Attackers that back one another: they agree on what they send, as far from what honest users have learned as they can
 * without being farther from any of them than honest users are from each other. With μ the mean of the known snapshots
 * x_i of honest users, o the start of the run where parameters are sent and 0 where updates are, and p = −(μ − o) / ‖μ
 * − o‖, all send μ + γ p with the largest γ for which max_i ‖μ + γ p − x_i‖ ≤ max_ij ‖x_i − x_j‖ = D. This is
 *
 * <p>γ = min_i (√(b_i² + D² − ‖μ − x_i‖²) − b_i), where b_i = p · (μ − x_i).
 *
 * <p>The min-max attack with the inverse unit vector of Shejwalkar, Houmansadr, "Manipulating the Byzantine: optimizing
 * model poisoning attacks and defenses for federated learning", NDSS 2021. Attackers that know the same send the same,
 * at distance 0 from each other, so that rules that look for near neighbours find them near each other. They exchange
 * nothing beside their messages: on sparse graphs and with unequal delays they know different snapshots, and send what
 * differs as much. With n known snapshots of P numbers it costs O(n² P). Predictions are honest.
 *
 * <p>Worked example: o = (1, 0); (3, 1) and (3, −1) are known. μ = (3, 0), p = (−1, 0), D = 2, both b are 0, and γ =
 * √(4 − 1): all attackers send (3 − √3, 0).
 */
@Component(
        name = "collusion",
        about = "attackers send the same: away from what others learn, yet no farther from them than they are apart")
public record Collusion() implements Attack {
    @Override
    public boolean needsOthers() {
        return true;
    }

    @Override
    public Snapshot forge(Occasion now) {
        Snapshot honest = now.honest();
        List<Snapshot> others =
                now.known().stream().filter(s -> s.user() != honest.user()).toList();
        if (others.isEmpty()) {
            return honest;
        }
        double[] mean = mean(others, honest.values().length);
        double[] p = away(mean, now.origin());
        if (p == null) {
            return honest;
        }
        double by = distance(others, mean, p);
        return Forged.of(honest, k -> mean[k] + by * p[k], honest.predictions());
    }

    private static double[] mean(List<Snapshot> all, int size) {
        double[] mean = new double[size];
        for (Snapshot s : all) {
            for (int k = 0; k < size; k++) {
                mean[k] += s.values()[k];
            }
        }
        for (int k = 0; k < size; k++) {
            mean[k] /= all.size();
        }
        return mean;
    }

    /** The unit vector from the mean to the origin; null if they are equal. */
    private static double[] away(double[] mean, float[] origin) {
        double[] p = new double[mean.length];
        double squares = 0;
        for (int k = 0; k < p.length; k++) {
            p[k] = (origin == null ? 0 : origin[k]) - mean[k];
            squares += p[k] * p[k];
        }
        double norm = Math.sqrt(squares);
        if (norm == 0) {
            return null;
        }
        for (int k = 0; k < p.length; k++) {
            p[k] /= norm;
        }
        return p;
    }

    /** γ. */
    private static double distance(List<Snapshot> all, double[] mean, double[] p) {
        double squaredDiameter = 0;
        for (int i = 0; i < all.size(); i++) {
            for (int j = 0; j < i; j++) {
                squaredDiameter = Math.max(
                        squaredDiameter, squares(all.get(i).values(), all.get(j).values()));
            }
        }
        double least = Double.POSITIVE_INFINITY;
        for (Snapshot s : all) {
            double b = 0;
            double c = 0;
            for (int k = 0; k < p.length; k++) {
                double d = mean[k] - s.values()[k];
                b += p[k] * d;
                c += d * d;
            }
            // Not below 0 but for rounding: the mean is in the middle of the snapshots.
            least = Math.min(least, Math.sqrt(Math.max(0, b * b + squaredDiameter - c)) - b);
        }
        return least;
    }

    /** Squared distance. */
    private static double squares(float[] x, float[] y) {
        double sum = 0;
        for (int k = 0; k < x.length; k++) {
            double d = (double) x[k] - y[k];
            sum += d * d;
        }
        return sum;
    }
}
