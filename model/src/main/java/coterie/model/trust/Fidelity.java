package coterie.model.trust;

/** Selects formulas where the paper, its released code and Coterie differ. */
public enum Fidelity {
    /** Coterie's defaults: the ideas of the paper, normalised to work on any graph. */
    COTERIE,
    /** The formulas of arXiv 2404.09753. */
    PAPER,
    /** The formulas of the released code, which produced the tables of the paper. */
    RELEASED
}
