package coterie.scenarios.results;

import com.fasterxml.jackson.databind.node.ObjectNode;
import coterie.actors.event.Observation;
import coterie.model.task.Metric;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Trust in attackers, over the mixings of honest users while an attack lasts, and the metrics of honest users. A user
 * is honest if it never attacks. Figures are means over honest users of their means over their mixings.
 */
final class AttackerFigures {
    /**
     * A user has detected the attackers since its weight on them stays below this part of what equal weights for all
     * candidates would give them.
     */
    static final double DETECTED = 0.5;
    /** Trust has found the attackers since the AUC over time stays at or above this. */
    static final double FOUND = 0.9;

    /** Sums and numbers of each user's values. */
    private static final class Sums {
        private final double[] sums;
        private final int[] counts;

        Sums(int users) {
            sums = new double[users];
            counts = new int[users];
        }

        /** Adds a value; NaN adds nothing. */
        void add(int user, double value) {
            if (!Double.isNaN(value)) {
                sums[user] += value;
                counts[user]++;
            }
        }

        /** Mean over users with values of the means of their values; NaN if there are none. */
        double mean() {
            return Statistics.mean(IntStream.range(0, sums.length)
                    .mapToDouble(u -> counts[u] == 0 ? Double.NaN : sums[u] / counts[u])
                    .toArray());
        }
    }

    private final TrustInAttackers trust;
    private final int users;
    private final Sums weight;
    private final Sums influence;
    private final Sums auc;
    private final Sums rank;
    /** Weight on attackers in each user's last row; NaN before the first. */
    private final double[] last;
    /** Since when the weight has stayed low; infinite if it is not low, NaN if no attacker was a candidate. */
    private final double[] low;

    private final AttackCurve curve;
    private final StaysAbove found = new StaysAbove(FOUND);

    AttackerFigures(TrustInAttackers trust, int users) {
        this.trust = trust;
        this.users = users;
        int n = trust.adversaries().any() ? users : 0;
        weight = new Sums(n);
        influence = new Sums(n);
        auc = new Sums(n);
        rank = new Sums(n);
        last = new double[n];
        low = new double[n];
        Arrays.fill(last, Double.NaN);
        Arrays.fill(low, Double.NaN);
        curve = new AttackCurve(n, p -> found.at(p.seconds(), p.auc()));
    }

    /** Whether a user is an adversary. */
    boolean contains(int user) {
        return trust.adversaries().contains(user);
    }

    void mixed(Observation.Mixed m) {
        AttackedRow row = trust.row(m);
        curve.mixed(m, row);
        if (row == null) {
            return;
        }
        int u = m.user();
        weight.add(u, row.weight());
        influence.add(u, row.influence());
        auc.add(u, row.auc());
        rank.add(u, row.rank());
        last[u] = row.weight();
        if (row.equal() > 0) {
            boolean isLow = row.weight() < DETECTED * row.equal();
            low[u] = !isLow ? Double.POSITIVE_INFINITY : Double.isFinite(low[u]) ? low[u] : m.seconds();
        }
    }

    /** Adds {@code attackers} and {@code honest}; nothing if no user attacks. */
    void write(ObjectNode to, Statistics stats) {
        if (!trust.adversaries().any()) {
            return;
        }
        curve.close();
        int count = trust.adversaries().count();
        double begin = trust.adversaries().begin();
        ObjectNode n = to.putObject("attackers").put("users", count);
        ResultJson.number(n, "weight", weight());
        ResultJson.number(n, "last_weight", Statistics.mean(last));
        ResultJson.number(n, "influence", influence.mean());
        ResultJson.number(n, "last_influence", curve.now().influence());
        ResultJson.number(n, "auc", auc.mean());
        ResultJson.number(n, "last_auc", curve.now().auc());
        ResultJson.number(n, "rank", rank.mean());
        double[] known = Arrays.stream(low).filter(t -> !Double.isNaN(t)).toArray();
        ResultJson.number(
                n, "detected", known.length == 0 ? Double.NaN : (double) Statistics.finite(known) / known.length);
        ResultJson.number(n, "seconds_to_detect", Statistics.mean(known) - begin);
        ResultJson.number(n, "seconds_to_auc", found.since() - begin);
        ObjectNode honest = to.putObject("honest").put("users", users - count);
        for (Metric m : stats.task().reported()) {
            double[] values = honest(stats.last(m));
            ObjectNode metric = honest.putObject(m.name());
            ResultJson.number(metric, "mean", Statistics.mean(values));
            ResultJson.number(metric, "std", Statistics.deviation(values));
        }
    }

    /** Mean weight on attackers; NaN if no honest user has mixed while an attack lasted. */
    double weight() {
        return weight.mean();
    }

    /** Values of honest users. */
    double[] honest(double[] values) {
        return IntStream.range(0, values.length)
                .filter(u -> !contains(u))
                .mapToDouble(u -> values[u])
                .toArray();
    }
}
