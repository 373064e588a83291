package coterie.model.attack;

import coterie.model.exchange.Snapshot;
import coterie.topology.random.RandomStream;
import java.util.List;

/**
 * What an attacker has at hand when it sends.
 *
 * @param honest what it would send
 * @param start its parameters at the beginning of the run [P]
 * @param first what it would have sent when the attack began; {@code honest} at first
 * @param known what it knows of honest users, and {@code honest} itself, in rising order of users
 * @param users number of users in the run
 * @param attackers number of users that attack when the turn begins
 * @param receiver to which it sends; null unless {@link Attack#eachReceiver}
 * @param noise for this occasion alone
 */
public record Occasion(
        Snapshot honest,
        float[] start,
        Snapshot first,
        List<Snapshot> known,
        int users,
        int attackers,
        Receiver receiver,
        RandomStream noise) {
    /**
     * The receiver of a message.
     *
     * @param user its number
     * @param honest honest users from which it receives, in rising order
     * @param attackers number of attackers from which it receives
     */
    public record Receiver(int user, int[] honest, int attackers) {}

    /**
     * What values are measured from, [P]: the start of the run where parameters are sent, and zero, which is null,
     * where updates are.
     */
    float[] origin() {
        return isUpdate(honest) ? null : start;
    }

    private static boolean isUpdate(Snapshot s) {
        return s.parameters() != s.values();
    }

    /** Returns the newest known snapshot of a user; null if there is none. */
    Snapshot of(int user) {
        for (Snapshot s : known) {
            if (s.user() == user) {
                return s;
            }
        }
        return null;
    }

    /** Element by element, the mean of what is known [P]. */
    double[] mean() {
        double[] mean = new double[honest.values().length];
        for (Snapshot s : known) {
            for (int k = 0; k < mean.length; k++) {
                mean[k] += s.values()[k];
            }
        }
        for (int k = 0; k < mean.length; k++) {
            mean[k] /= known.size();
        }
        return mean;
    }

    /** Element by element, the standard deviation of what is known [P], with the number of snapshots as divisor. */
    double[] deviation(double[] mean) {
        double[] sum = new double[mean.length];
        for (Snapshot s : known) {
            for (int k = 0; k < sum.length; k++) {
                double d = s.values()[k] - mean[k];
                sum[k] += d * d;
            }
        }
        for (int k = 0; k < sum.length; k++) {
            sum[k] = Math.sqrt(sum[k] / known.size());
        }
        return sum;
    }
}
