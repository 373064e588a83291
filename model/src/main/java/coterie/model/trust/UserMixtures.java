package coterie.model.trust;

import coterie.topology.drift.Drifts;
import coterie.topology.drift.PhaseShares;
import java.util.Arrays;

/**
 * The users' mixtures of categories at any instant of virtual time.
 *
 * @param phases share of each category in each phase of each user's data, [N][phases of the user][categories]
 * @param drifts when users' phases begin
 */
public record UserMixtures(double[][][] phases, Drifts drifts) {
    /**
     * Mixtures of users whose data does not change.
     *
     * @param mixtures [N][categories]
     */
    public static UserMixtures constant(double[][] mixtures) {
        return new UserMixtures(
                Arrays.stream(mixtures).map(m -> new double[][] {m}).toArray(double[][][]::new), Drifts.NONE);
    }

    /** Number of users. */
    public int users() {
        return phases.length;
    }

    /** Returns the mixtures of all users at the beginning of the run, [N][categories]. */
    public double[][] first() {
        return Arrays.stream(phases).map(p -> p[0]).toArray(double[][]::new);
    }

    /** Returns the mixtures of all users in the phases after the first, [N][later phases of the user][categories]. */
    public double[][][] later() {
        return Arrays.stream(phases)
                .map(p -> Arrays.copyOfRange(p, 1, p.length))
                .toArray(double[][][]::new);
    }

    /** Returns the mixture of a user at an instant of virtual time, [categories]; it must not be modified. */
    public double[] at(int user, double seconds) {
        PhaseShares shares = drifts.shares(user, seconds);
        return shares.only() >= 0 ? phases[user][shares.only()] : shares.mean(p -> phases[user][p]);
    }
}
