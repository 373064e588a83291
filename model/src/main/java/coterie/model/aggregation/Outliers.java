package coterie.model.aggregation;

import coterie.topology.settings.Checks;

/** How many candidates may be outliers. */
final class Outliers {
    /** Less than one outlier, from rounding. */
    private static final double ROUNDING = 1e-9;

    private static final double HALF = 0.5;

    private Outliers() {}

    /** Checks a share of the candidates. */
    static void check(String name, double share) {
        Checks.notNegative(name, share);
        if (!(share < HALF)) {
            throw new IllegalArgumentException(name + " must be less than 0.5, found " + share);
        }
    }

    /**
     * f = min(⌈share · n⌉, ⌊(n − 1) / 2⌋): as few as one outlier counts where three candidates or more can outvote it;
     * one or two candidates cannot.
     *
     * @param n number of candidates, the user itself among them
     */
    static int count(double share, int n) {
        return Math.min((int) Math.ceil(share * n - ROUNDING), (n - 1) / 2);
    }
}
