package coterie.scenarios.results;

import java.util.Arrays;

/**
 * One metric of all users, instant by instant: a user's value holds until its next evaluation. Every user that trains
 * is evaluated when a run begins, so that each instant has a value of each of them, until its training diverges.
 *
 * <p>Worked example: users 0 and 1 have the values 8 and 4 at 0 s, and user 1 has 2 at 5 s. The mean is 6 from 0 s on,
 * and 5 from 5 s on.
 */
public final class HeldValues {
    /** Follows the values. */
    public interface Curve {
        /**
         * All evaluations of an instant are known.
         *
         * @param values by user; NaN for users that do not train or whose training has diverged. Valid during the call
         */
        void at(double seconds, double[] values);

        /**
         * A user has its first value after others had theirs, as in runs of earlier versions: earlier instants lack it.
         */
        void beginsAgain();
    }

    private final double[] newest;
    private final Curve curve;
    private double seconds;
    /** Whether the instant has evaluations that were not reported yet. */
    private boolean open;

    private boolean begun;

    public HeldValues(int users, Curve curve) {
        newest = new double[users];
        Arrays.fill(newest, Double.NaN);
        this.curve = curve;
    }

    /** A user was evaluated, not earlier than anything before. A value that is not finite changes nothing. */
    public void evaluated(int user, double at, double value) {
        if (!Double.isFinite(value)) {
            return;
        }
        advance(at);
        if (begun && Double.isNaN(newest[user])) {
            curve.beginsAgain();
            begun = false;
        }
        newest[user] = value;
        open = true;
    }

    /** A user's training has diverged: the others go on without it. */
    public void diverged(int user, double at) {
        advance(at);
        newest[user] = Double.NaN;
        open = Arrays.stream(newest).anyMatch(v -> !Double.isNaN(v));
    }

    private void advance(double at) {
        if (at > seconds) {
            close();
        }
        seconds = at;
    }

    /** Reports the newest instant, if it was not reported yet. Must be called after the last evaluation. */
    public void close() {
        if (open) {
            curve.at(seconds, newest);
            begun = true;
            open = false;
        }
    }

    /** Virtual seconds of the newest instant. */
    public double seconds() {
        return seconds;
    }

    /** The values now, by user; NaN for users without one. */
    public double[] values() {
        return newest.clone();
    }
}
