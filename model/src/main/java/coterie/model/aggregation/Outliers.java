package coterie.model.aggregation;

import coterie.topology.settings.Checks;

/** How many candidates may be outliers. */
final class Outliers {
    /** Rounding error of share · n, which must not make one outlier more. */
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
     * f = min(⌈share · n⌉, ⌊(n − 1) / 2⌋). With a share above 0 that is at least one of three candidates or more, and
     * none of one or two, which could not outvote it.
     *
     * @param n number of candidates, the user itself among them
     */
    static int count(double share, int n) {
        return Math.min((int) Math.ceil(share * n - ROUNDING), (n - 1) / 2);
    }
}
