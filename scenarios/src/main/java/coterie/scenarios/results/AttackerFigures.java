package coterie.scenarios.results;

import com.fasterxml.jackson.databind.node.ObjectNode;
import coterie.actors.event.Observation;
import coterie.model.task.Metric;
import coterie.topology.adversary.Adversaries;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Trust in attackers, over the mixings of honest users while an attack lasts, and the metrics of honest users. A user
 * is honest if it never attacks. All figures are means over honest users of their means over their mixings.
 */
final class AttackerFigures {
    /**
     * A user has detected the attackers since its weight on them stays below this part of what equal weights for all
     * candidates would give them.
     */
    static final double DETECTED = 0.5;

    private final Adversaries adversaries;
    private final int users;
    /** Of each user: sums over mixings, and the numbers of mixings. */
    private final double[] weight;

    private final int[] mixings;
    private final double[] auc;
    private final double[] rank;
    private final int[] ranked;
    /** Weight on attackers in each user's last row; NaN before the first. */
    private final double[] last;
    /** Since when the weight has stayed low; infinite if it is not low, NaN if no attacker was a candidate. */
    private final double[] low;

    AttackerFigures(Adversaries adversaries, int users) {
        this.adversaries = adversaries;
        this.users = users;
        int n = adversaries.any() ? users : 0;
        weight = new double[n];
        mixings = new int[n];
        auc = new double[n];
        rank = new double[n];
        ranked = new int[n];
        last = new double[n];
        low = new double[n];
        Arrays.fill(last, Double.NaN);
        Arrays.fill(low, Double.NaN);
    }

    /** Whether a user is an adversary. */
    boolean contains(int user) {
        return adversaries.contains(user);
    }

    void mixed(Observation.Mixed m) {
        int u = m.user();
        if (!TrustInAttackers.counts(adversaries, m)) {
            return;
        }
        double on = TrustInAttackers.weight(adversaries, m);
        weight[u] += on;
        mixings[u]++;
        last[u] = on;
        double[] attackers = others(m, true);
        if (attackers.length == 0) {
            return;
        }
        boolean isLow = on < DETECTED * attackers.length / m.row().users().length;
        low[u] = !isLow ? Double.POSITIVE_INFINITY : Double.isFinite(low[u]) ? low[u] : m.seconds();
        double[] honest = others(m, false);
        if (honest.length > 0) {
            ranked[u]++;
            auc[u] += auc(attackers, honest);
            rank[u] += rank(attackers, honest);
        }
    }

    /** Weights of the others that attack or do not, in rising order. */
    private double[] others(Observation.Mixed m, boolean attack) {
        int[] row = m.row().users();
        return IntStream.range(0, row.length)
                .filter(k -> row[k] != m.user())
                .filter(k -> adversaries.entry(row[k], m.seconds()) != Adversaries.HONEST == attack)
                .mapToDouble(k -> m.row().weights()[k])
                .sorted()
                .toArray();
    }

    /**
     * Area under the ROC curve of 1 − weight as a detector: the probability that an attacker has less weight than an
     * honest user, where equal weights count one half. 1: all attackers are below all honest users; 0.5: trust says
     * nothing.
     *
     * <p>Worked example: attackers have (0.1, 0.3) and honest users (0.1, 0.5): (0.5 + 1 + 0 + 1) / 4 = 0.625.
     *
     * @param attackers weights in rising order, at least one
     * @param honest weights in rising order, at least one
     */
    static double auc(double[] attackers, double[] honest) {
        double sum = 0;
        for (double w : attackers) {
            int below = count(honest, w, false);
            int upTo = count(honest, w, true);
            sum += honest.length - upTo + 0.5 * (upTo - below);
        }
        return sum / attackers.length / honest.length;
    }

    /**
     * Mean place of attackers among all others by weight: 1 for the most trusted; equal weights share their mean place.
     *
     * <p>Worked example: as for {@link #auc}: places 3.5 and 2, the mean is 2.75.
     */
    static double rank(double[] attackers, double[] honest) {
        double sum = 0;
        for (double w : attackers) {
            int upTo = count(honest, w, true) + count(attackers, w, true);
            int equal = upTo - count(honest, w, false) - count(attackers, w, false);
            int above = honest.length + attackers.length - upTo;
            sum += above + (equal + 1) / 2.0;
        }
        return sum / attackers.length;
    }

    /** How many numbers are less than another, or equal to it if that counts. */
    private static int count(double[] sorted, double x, boolean orEqual) {
        int low = 0;
        int high = sorted.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (sorted[middle] < x || orEqual && sorted[middle] == x) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** Adds {@code attackers} and {@code honest}; nothing if no user attacks. */
    void write(ObjectNode to, Statistics stats) {
        if (!adversaries.any()) {
            return;
        }
        ObjectNode n = to.putObject("attackers").put("users", adversaries.count());
        ResultJson.number(n, "weight", weight());
        ResultJson.number(n, "last_weight", Statistics.mean(last));
        ResultJson.number(n, "auc", perMixing(auc, ranked));
        ResultJson.number(n, "rank", perMixing(rank, ranked));
        double[] known = Arrays.stream(low).filter(t -> !Double.isNaN(t)).toArray();
        ResultJson.number(
                n, "detected", known.length == 0 ? Double.NaN : (double) Statistics.finite(known) / known.length);
        ResultJson.number(n, "seconds_to_detect", Statistics.mean(known) - adversaries.begin());
        ObjectNode honest = to.putObject("honest").put("users", users - adversaries.count());
        for (Metric m : stats.task().reported()) {
            double[] values = honest(stats.last(m));
            ObjectNode metric = honest.putObject(m.name());
            ResultJson.number(metric, "mean", Statistics.mean(values));
            ResultJson.number(metric, "std", Statistics.deviation(values));
        }
    }

    /** Mean weight on attackers; NaN if no honest user has mixed while an attack lasted. */
    double weight() {
        return perMixing(weight, mixings);
    }

    /** Values of honest users. */
    double[] honest(double[] values) {
        return IntStream.range(0, values.length)
                .filter(u -> !adversaries.contains(u))
                .mapToDouble(u -> values[u])
                .toArray();
    }

    private static double perMixing(double[] sums, int[] counts) {
        return Statistics.mean(IntStream.range(0, sums.length)
                .mapToDouble(u -> counts[u] == 0 ? Double.NaN : sums[u] / counts[u])
                .toArray());
    }
}
