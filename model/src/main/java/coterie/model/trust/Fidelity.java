package coterie.model.trust;

/** Whose word counts where the paper's text and its released code differ. */
public enum Fidelity {
    /** The formulas of arXiv 2404.09753. */
    PAPER,
    /** What the authors' code computes, since their tables came from it. */
    RELEASED
}
