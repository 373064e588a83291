package coterie.model.trust;

import coterie.model.adapter.AdapterLayout;

/**
 * The properties of a run that are available to trust strategies.
 *
 * @param users the users' mixtures of categories, which may change during the run
 * @param layout layout of the adapters; null if users train none, or rows are recomputed from recorded scores
 */
public record TrustContext(UserMixtures users, AdapterLayout layout) {
    /** Returns the mixtures at the beginning of the run, [N][categories]. */
    public double[][] mixtures() {
        return users.first();
    }
}
