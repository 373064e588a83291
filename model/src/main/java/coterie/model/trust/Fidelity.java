package coterie.model.trust;

/** Whose formulas count where the paper, its released code and Coterie differ. */
public enum Fidelity {
    /** Coterie's own defaults: the paper's ideas with units that make them work on any graph. */
    COTERIE,
    /** The formulas of arXiv 2404.09753 to the letter. */
    PAPER,
    /** What the authors' code computes, since their tables came from it. */
    RELEASED
}
