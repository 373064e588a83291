package coterie.scenarios.results;

import coterie.actors.event.Observation;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * Trust in attackers over virtual time: means over honest users, each by its newest row that counts, see
 * {@link TrustInAttackers}. A user without a number is left out of its mean.
 *
 * <p>Worked example: user 0 gives attackers a weight of 0.4 at 10 s and none at 30 s, user 1 gives them 0.2 at 20 s:
 * the weight is 0.4 from 10 s on, 0.3 from 20 s on and 0.1 from 30 s on.
 */
public final class AttackCurve {
    /**
     * The means from an instant on; NaN where no user has a number.
     *
     * @param seconds virtual
     * @param weight see {@link AttackedRow}, as the others
     */
    public record Point(double seconds, double weight, double influence, double equal, double auc) {}

    /** The mean over the users that have a number, which may change. */
    private static final class Mean {
        private final double[] values;
        private double sum;
        private int known;

        Mean(int users) {
            values = new double[users];
            Arrays.fill(values, Double.NaN);
        }

        void set(int user, double value) {
            if (!Double.isNaN(values[user])) {
                sum -= values[user];
                known--;
            }
            values[user] = value;
            if (!Double.isNaN(value)) {
                sum += value;
                known++;
            }
        }

        double value() {
            return known == 0 ? Double.NaN : sum / known;
        }
    }

    private final Consumer<Point> to;
    private final Mean weight;
    private final Mean influence;
    private final Mean equal;
    private final Mean auc;
    private double seconds;
    /** Whether the newest instant was not reported yet. */
    private boolean open;

    /** @param to receives a point for each instant at which honest users mixed, once all of its mixings are known */
    public AttackCurve(int users, Consumer<Point> to) {
        this.to = to;
        weight = new Mean(users);
        influence = new Mean(users);
        equal = new Mean(users);
        auc = new Mean(users);
    }

    /**
     * A user mixed, not earlier than anything before.
     *
     * @param row null if the mixing does not count
     */
    public void mixed(Observation.Mixed m, AttackedRow row) {
        if (row == null) {
            return;
        }
        if (m.seconds() > seconds) {
            close();
        }
        seconds = m.seconds();
        weight.set(m.user(), row.weight());
        influence.set(m.user(), row.influence());
        equal.set(m.user(), row.equal());
        auc.set(m.user(), row.auc());
        open = true;
    }

    /** Reports the newest instant, if it was not reported yet. Must be called after the last mixing. */
    public void close() {
        if (open) {
            to.accept(now());
            open = false;
        }
    }

    /** The means at the newest instant; at 0 s and NaN if there is none. */
    public Point now() {
        return new Point(seconds, weight.value(), influence.value(), equal.value(), auc.value());
    }
}
