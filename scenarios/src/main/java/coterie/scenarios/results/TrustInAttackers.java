package coterie.scenarios.results;

import coterie.actors.event.Observation;
import coterie.topology.adversary.Adversaries;

/** The weight of a trust row on users that attack. */
public final class TrustInAttackers {
    private TrustInAttackers() {}

    /** Whether a row counts: that of an honest user, while an attack lasts. A user is honest if it never attacks. */
    static boolean counts(Adversaries adversaries, Observation.Mixed m) {
        return adversaries.any() && !adversaries.contains(m.user()) && adversaries.count(m.seconds()) > 0;
    }

    /** Returns the weight; NaN of a row that does not count. */
    public static double weight(Adversaries adversaries, Observation.Mixed m) {
        if (!counts(adversaries, m)) {
            return Double.NaN;
        }
        double sum = 0;
        int[] users = m.row().users();
        for (int k = 0; k < users.length; k++) {
            boolean attacks = adversaries.entry(users[k], m.seconds()) != Adversaries.HONEST;
            sum += attacks ? m.row().weights()[k] : 0;
        }
        return sum;
    }
}
