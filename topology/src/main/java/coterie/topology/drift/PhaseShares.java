package coterie.topology.drift;

import java.util.function.IntFunction;

/**
 * How much of a user's data comes from each of its phases. A phase is the time from one change of the user's data to
 * the next; during a gradual change, data of both phases is in use.
 *
 * <p>Worked example: shares (1/4, 3/4) make 1/4 · 2 + 3/4 · 6 = 5 of a loss of 2 in the first phase's data and of 6 in
 * the second's.
 *
 * @param shares not negative, sum 1, [phases]
 */
public record PhaseShares(double[] shares) {
    /** All data comes from the first phase. */
    public static final PhaseShares FIRST = new PhaseShares(new double[] {1});

    /** Returns the phase from which all data comes; −1 if it comes from several. */
    public int only() {
        int only = -1;
        for (int p = 0; p < shares.length; p++) {
            if (shares[p] > 0) {
                if (only >= 0) {
                    return -1;
                }
                only = p;
            }
        }
        return only;
    }

    /**
     * Returns the phase from which an example comes.
     *
     * @param uniform drawn uniformly from [0, 1)
     */
    public int drawn(double uniform) {
        double sum = 0;
        int last = 0;
        for (int p = 0; p < shares.length; p++) {
            if (shares[p] > 0) {
                sum += shares[p];
                last = p;
                if (uniform < sum) {
                    return p;
                }
            }
        }
        // The shares may sum to a little less than 1.
        return last;
    }

    /**
     * Returns the mean of the phases' values, weighted by the shares.
     *
     * @param values returns the values of a phase; asked for phases with a share only, all of the same length
     */
    public double[] mean(IntFunction<double[]> values) {
        double[] mean = null;
        for (int p = 0; p < shares.length; p++) {
            if (shares[p] > 0) {
                double[] of = values.apply(p);
                mean = mean == null ? new double[of.length] : mean;
                for (int k = 0; k < of.length; k++) {
                    mean[k] += shares[p] * of[k];
                }
            }
        }
        return mean;
    }
}
