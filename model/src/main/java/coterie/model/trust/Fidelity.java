package coterie.model.trust;

import coterie.topology.settings.Written;
import java.util.Locale;

/** Selects formulas where the paper, its released code and Coterie differ. */
public enum Fidelity implements Written {
    /** Coterie's defaults: the ideas of the paper, normalised to work on any graph. */
    COTERIE,
    /** The formulas of arXiv 2404.09753. */
    PAPER,
    /** The formulas of the released code, which produced the tables of the paper. */
    REFERENCE_CODE;

    @Override
    public String text() {
        return this == REFERENCE_CODE ? "released" : name().toLowerCase(Locale.ROOT);
    }
}
