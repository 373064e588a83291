package coterie.model.trust;

import coterie.topology.settings.Written;
import java.util.Locale;

/** Whose formulas count where the paper, its released code and Coterie differ. */
public enum Fidelity implements Written {
    /** Coterie's own defaults: the paper's ideas with units that make them work on any graph. */
    COTERIE,
    /** The formulas of arXiv 2404.09753 to the letter. */
    PAPER,
    /** What the authors' released code computes, since their tables came from it. */
    REFERENCE_CODE;

    @Override
    public String text() {
        return this == REFERENCE_CODE ? "released" : name().toLowerCase(Locale.ROOT);
    }
}
