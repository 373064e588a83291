package coterie.topology.world;

import coterie.topology.random.Purpose;
import coterie.topology.random.Stream;

/** How long a user's device needs for a turn of ordinary length; a turn of more iterations takes in proportion longer. */
public sealed interface ComputeTime {
    /** Virtual seconds of this user's turn, positive. */
    double seconds(long seed, int user, int turn);

    /** Every turn takes the same. */
    record Constant(double seconds) implements ComputeTime {
        public Constant {
            Require.positive("seconds", seconds);
        }

        @Override
        public double seconds(long seed, int user, int turn) {
            return seconds;
        }
    }

    /**
     * Log-normal, drawn anew for every turn: exp(μ + σ z) with μ = ln(mean) − σ²/2, so that the mean is what it is called.
     *
     * @param meanSeconds mean, in virtual seconds
     * @param sigma σ, standard deviation of the logarithm; 0 is constant
     */
    record LogNormal(double meanSeconds, double sigma) implements ComputeTime {
        public LogNormal {
            Require.positive("mean_seconds", meanSeconds);
            Require.notNegative("sigma", sigma);
        }

        @Override
        public double seconds(long seed, int user, int turn) {
            double z = Stream.of(seed, Purpose.COMPUTE_TIME, user, turn).gaussian();
            return meanSeconds * StrictMath.exp(sigma * z - sigma * sigma / 2);
        }
    }
}
