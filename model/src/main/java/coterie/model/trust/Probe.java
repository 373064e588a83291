package coterie.model.trust;

import coterie.model.exchange.Snapshot;
import java.util.List;

/** Forward passes with the user's model, on the user's device. */
public interface Probe {
    /**
     * Returns the mean next-token cross-entropy, in nats, of a candidate's adapter on this user's validation data.
     *
     * @param candidate snapshot with parameters
     */
    double validationLoss(Snapshot candidate);

    /** Returns the same of several candidates, in their order. A device may compute them together. */
    default double[] validationLosses(List<Snapshot> candidates) {
        return candidates.stream().mapToDouble(this::validationLoss).toArray();
    }
}
