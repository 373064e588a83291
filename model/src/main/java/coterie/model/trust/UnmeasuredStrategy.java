package coterie.model.trust;

import coterie.model.exchange.Snapshot;

/** A strategy that looks at who is there, and at nothing that has to be measured. */
public interface UnmeasuredStrategy extends TrustStrategy {
    @Override
    default double evidence(Snapshot own, Snapshot candidate, Probe probe) {
        return 0;
    }

    @Override
    default boolean measures() {
        return false;
    }
}
