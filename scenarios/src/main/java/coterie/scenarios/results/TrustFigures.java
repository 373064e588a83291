package coterie.scenarios.results;

import coterie.actors.event.Observation;
import coterie.model.trust.TrustRow;
import coterie.topology.graph.MixingMatrix;
import java.util.Arrays;

/**
 * What the rows that users mixed with say together: the last of each user, how much they change, and how fast the
 * matrix of their means lets all agree.
 */
public final class TrustFigures {
    /** Eigenvalues of a matrix that is not symmetric cost the cube of the users: beyond this many they are left out. */
    static final int LARGEST_SPECTRUM = 600;

    private final TrustRow[] last;
    /** Of each user's change to its last row; NaN where it has mixed less than twice. */
    private final double[] changes;

    private double change;
    private long changed;
    /** Sums of each user's rows, null where it has not mixed; null where users are too many. */
    private final double[][] sums;

    private final int[] mixings;

    TrustFigures(int users) {
        last = new TrustRow[users];
        changes = new double[users];
        Arrays.fill(changes, Double.NaN);
        sums = users > LARGEST_SPECTRUM ? null : new double[users][];
        mixings = new int[users];
    }

    void add(Observation.Mixed m) {
        TrustRow row = m.row();
        if (last[m.user()] != null) {
            changes[m.user()] = row.change(last[m.user()]);
            change += changes[m.user()];
            changed++;
        }
        last[m.user()] = row;
        mixings[m.user()]++;
        if (sums != null) {
            if (sums[m.user()] == null) {
                sums[m.user()] = new double[last.length];
            }
            for (int k = 0; k < row.users().length; k++) {
                sums[m.user()][row.users()[k]] += row.weights()[k];
            }
        }
    }

    /** The last row each user mixed with; null for users that never did. Not to be changed. */
    TrustRow[] last() {
        return last;
    }

    /** Mean over all mixings but each user's first of {@link TrustRow#change}; NaN where there is none. */
    double meanChange() {
        return changed == 0 ? Double.NaN : change / changed;
    }

    /** Mean over users of the change to their last rows; NaN where no user has mixed twice. */
    double lastChange() {
        return Statistics.mean(changes);
    }

    /**
     * Spectral gap of the matrix [N][N] whose row i is the mean of the rows that user i mixed with; a user that never
     * mixed keeps to itself. NaN beyond {@link #LARGEST_SPECTRUM} users, and where eigenvalues do not converge.
     */
    double gap() {
        if (sums == null) {
            return Double.NaN;
        }
        double[][] mean = new double[sums.length][sums.length];
        for (int u = 0; u < sums.length; u++) {
            for (int k = 0; k < sums.length; k++) {
                mean[u][k] = sums[u] == null ? (u == k ? 1 : 0) : sums[u][k] / mixings[u];
            }
        }
        try {
            return MixingMatrix.spectralGap(mean);
        } catch (ArithmeticException e) {
            // Without a figure the run is still a run.
            return Double.NaN;
        }
    }
}
