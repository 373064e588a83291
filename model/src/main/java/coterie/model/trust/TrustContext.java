package coterie.model.trust;

import coterie.model.adapter.AdapterLayout;

/**
 * What a trust strategy may know of its run.
 *
 * @param mixtures share of each category in each user's data, [N][categories]
 * @param layout of the adapters; null where rows are recomputed from scores alone
 */
public record TrustContext(double[][] mixtures, AdapterLayout layout) {}
