package coterie.scenarios.results;

/**
 * How the trust row of an honest user treats users that attack.
 *
 * @param weight on attackers, together
 * @param influence of attackers on the mixture, together; NaN if the aggregation rule does not tell it
 * @param equal weight that equal weights for all candidates would give attackers
 * @param auc see {@link #aucOf}; NaN if no candidate attacks, or all do besides the user itself
 * @param rank see {@link #rankOf}; NaN as for {@code auc}
 */
public record AttackedRow(double weight, double influence, double equal, double auc, double rank) {
    /**
     * Area under the ROC curve of 1 − weight as a detector: the probability that an attacker has less weight than an
     * honest user, where equal weights count one half. 1: all attackers are below all honest users; 0.5: trust says
     * nothing.
     *
     * <p>Worked example: attackers have (0.1, 0.3) and honest users (0.1, 0.5): (0.5 + 1 + 0 + 1) / 4 = 0.625.
     *
     * @param attackers weights in rising order, at least one
     * @param honest weights in rising order, at least one
     */
    public static double aucOf(double[] attackers, double[] honest) {
        double sum = 0;
        for (double w : attackers) {
            int below = count(honest, w, false);
            int upTo = count(honest, w, true);
            sum += honest.length - upTo + 0.5 * (upTo - below);
        }
        return sum / attackers.length / honest.length;
    }

    /**
     * Mean place of attackers among all others by weight: 1 for the most trusted; equal weights share their mean place.
     *
     * <p>Worked example: as for {@link #aucOf}: places 3.5 and 2, the mean is 2.75.
     */
    public static double rankOf(double[] attackers, double[] honest) {
        double sum = 0;
        for (double w : attackers) {
            int upTo = count(honest, w, true) + count(attackers, w, true);
            int equal = upTo - count(honest, w, false) - count(attackers, w, false);
            int above = honest.length + attackers.length - upTo;
            sum += above + (equal + 1) / 2.0;
        }
        return sum / attackers.length;
    }

    /** How many numbers are less than another, or equal to it if that counts. */
    private static int count(double[] sorted, double x, boolean orEqual) {
        int low = 0;
        int high = sorted.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (sorted[middle] < x || orEqual && sorted[middle] == x) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
