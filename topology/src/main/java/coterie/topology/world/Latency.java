package coterie.topology.world;

import coterie.topology.random.Purpose;
import coterie.topology.random.Stream;

/** How long a message is under way. */
public sealed interface Latency {
    /** Virtual seconds from a sending to its arrival, not negative. @param message number of the sender's turn */
    double seconds(long seed, int from, int to, long message);

    /** The shortest any message can take: how far ahead of each other users may be simulated. */
    double least();

    /** Every message takes the same. */
    record Constant(double ms) implements Latency {
        public Constant {
            Require.notNegative("ms", ms);
        }

        @Override
        public double seconds(long seed, int from, int to, long message) {
            return ms / 1000;
        }

        @Override
        public double least() {
            return ms / 1000;
        }
    }

    /** Uniform in [min, max), drawn anew for every message. */
    record Uniform(double minMs, double maxMs) implements Latency {
        public Uniform {
            Require.notNegative("min_ms", minMs);
            if (!(maxMs >= minMs) || Double.isInfinite(maxMs)) {
                throw new IllegalArgumentException("max_ms must be at least min_ms (" + minMs + "), found " + maxMs);
            }
        }

        @Override
        public double seconds(long seed, int from, int to, long message) {
            return Stream.of(seed, Purpose.LATENCY, from, to, message).uniform(minMs, maxMs) / 1000;
        }

        @Override
        public double least() {
            return minMs / 1000;
        }
    }
}
