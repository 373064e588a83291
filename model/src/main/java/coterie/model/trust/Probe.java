package coterie.model.trust;

import coterie.model.exchange.Snapshot;

/** Forward passes with the user's model, on the user's device. */
public interface Probe {
    /**
     * Returns the mean next-token cross-entropy, in nats, of a candidate's adapter on this user's validation data.
     *
     * @param candidate snapshot with parameters
     */
    double validationLoss(Snapshot candidate);
}
