package coterie.model.trust;

import coterie.model.exchange.Snapshot;

/** A strategy whose row depends on the set of candidates only, without measurements. */
public interface UnmeasuredStrategy extends TrustStrategy {
    @Override
    default double score(Snapshot own, Snapshot candidate, Probe probe) {
        return 0;
    }

    @Override
    default boolean measures() {
        return false;
    }
}
