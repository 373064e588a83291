package coterie.model.trust;

import coterie.model.exchange.Snapshot;

/** What a strategy may ask of the user's model: forward passes, on the user's device. */
public interface Probe {
    /**
     * Mean next-token cross-entropy, in nats, of a candidate's adapter on this user's validation data.
     *
     * @param candidate whose snapshot, with its parameters
     */
    double validationLoss(Snapshot candidate);
}
