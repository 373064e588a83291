package coterie.model.trust;

import coterie.model.adapter.AdapterLayout;

/**
 * The properties of a run that are available to trust strategies.
 *
 * @param mixtures share of each category in each user's data, [N][categories]
 * @param layout layout of the adapters; null if users train none, or rows are recomputed from recorded scores
 */
public record TrustContext(double[][] mixtures, AdapterLayout layout) {}
