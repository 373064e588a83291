package coterie.scenarios.results;

import coterie.actors.event.Observation;
import coterie.model.trust.TrustRow;
import coterie.topology.graph.MixingMatrix;
import java.util.Arrays;

/**
 * Figures of all trust rows: the last row of each user, how much rows change, and the spectral gap of the matrix of
 * their means.
 */
public final class TrustFigures {
    /** Eigenvalues of a non-symmetric matrix cost the cube of the users: the gap of more users is not computed. */
    static final int LARGEST_SPECTRUM = 600;

    private final TrustRow[] last;
    /** Virtual seconds of each user's last mixing. */
    private final double[] seconds;
    /** The change of each user's last row; NaN for users that have mixed less than twice. */
    private final double[] changes;

    private double change;
    private long changed;
    /** Sums of each user's rows; null for users that have not mixed, and if there are too many users. */
    private final double[][] sums;

    private final int[] mixings;

    TrustFigures(int users) {
        last = new TrustRow[users];
        seconds = new double[users];
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
        seconds[m.user()] = m.seconds();
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

    /** The last trust row of each user; null for users that never mixed. Must not be changed. */
    TrustRow[] last() {
        return last;
    }

    /** Virtual seconds of each user's last mixing; 0 for users that never mixed. Must not be changed. */
    double[] seconds() {
        return seconds;
    }

    /** Mean of {@link TrustRow#change} over all mixings except each user's first; NaN if there is none. */
    double meanChange() {
        return changed == 0 ? Double.NaN : change / changed;
    }

    /** Mean over users of the change of their last rows; NaN if no user has mixed twice. */
    double lastChange() {
        return Statistics.mean(changes);
    }

    /**
     * Spectral gap of the matrix [N][N] whose row i is the mean of user i's trust rows; a user that never mixed has
     * weight 1 for itself. NaN for more than {@link #LARGEST_SPECTRUM} users, and if eigenvalues do not converge.
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
            // A run is valid without this figure.
            return Double.NaN;
        }
    }
}
