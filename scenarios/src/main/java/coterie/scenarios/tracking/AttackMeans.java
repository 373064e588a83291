package coterie.scenarios.tracking;

import coterie.actors.event.Observation;
import coterie.scenarios.results.AttackCurve;
import coterie.scenarios.results.TrustInAttackers;

/**
 * Trust in attackers by virtual time, the mean over honest users, at most once in a second of virtual time: their
 * {@code weight}, their {@code influence} where it is known, and the {@code auc} of 1 − trust as a detector. Nothing if
 * no user attacks.
 */
final class AttackMeans {
    /** Receives the means. */
    interface Receiver {
        void mean(String name, double seconds, double mean);
    }

    private final TrustInAttackers trust;
    private final AttackCurve curve;
    private double next;

    AttackMeans(TrustInAttackers trust, int users, Receiver to) {
        this.trust = trust;
        curve = new AttackCurve(users, p -> {
            if (p.seconds() >= next) {
                next = Math.floor(p.seconds()) + 1;
                send("weight", p.seconds(), p.weight(), to);
                send("influence", p.seconds(), p.influence(), to);
                send("auc", p.seconds(), p.auc(), to);
            }
        });
    }

    private static void send(String name, double seconds, double mean, Receiver to) {
        if (Double.isFinite(mean)) {
            to.mean(name, seconds, mean);
        }
    }

    void observed(Observation o) {
        if (o instanceof Observation.Mixed m) {
            curve.mixed(m, trust.row(m));
        }
    }

    /** Sends the last means. */
    void close() {
        curve.close();
    }
}
