package coterie.model.exchange;

/** What users send one another, and what their mixing is applied to. */
public enum Exchange {
    /** θ_i ← Σ_j w_ij θ_j, with θ_j the parameters after local training. */
    PARAMETERS,
    /**
     * θ_i ← θ_i before the turn + Σ_j w_ij Δθ_j, with Δθ_j = θ_j after − θ_j before its turn (Algorithm 1 of arXiv
     * 2404.09753).
     */
    UPDATES
}
