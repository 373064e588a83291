package coterie.model.trust;

/** What a strategy may ask of the user's model: forward passes, on the user's device. */
public interface Probe {
    /**
     * Mean next-token cross-entropy, in nats, of a candidate's adapter on this user's validation data.
     *
     * @param candidate whose snapshot; where updates are exchanged, its update applied to this user's parameters before the turn
     */
    double validationLoss(Snapshot candidate);
}
