package coterie.topology.network;

import coterie.topology.random.Purpose;
import coterie.topology.random.RandomStream;
import coterie.topology.settings.Checks;
import coterie.topology.settings.Component;
import coterie.topology.settings.Population;
import coterie.topology.settings.Setting;
import coterie.topology.trace.LatencyTable;

/**
 * The time from sending a message to its arrival, excluding the transfer time of its bytes, as configured in a
 * scenario. {@link #of} applies the model to a population.
 */
public interface Latency {
    /**
     * Returns the delays between the users of a population.
     *
     * @throws IllegalArgumentException if a configured file cannot be read
     */
    Delays of(Population population);

    /** The delay of each message. */
    interface Delays {
        /**
         * Returns the delay of a message in virtual seconds, not negative.
         *
         * @param number twice the number of messages the sender sent before; plus 1 for a duplicate
         */
        double seconds(int from, int to, long number);

        /** The minimum delay in virtual seconds: how far ahead of one another users may be simulated. */
        double least();
    }

    /** The same latency for every message. */
    @Component(name = "constant", about = "every message takes the same time")
    record Constant(@Setting("50") double ms) implements Latency {
        public Constant {
            Checks.milliseconds("ms", ms);
        }

        @Override
        public Delays of(Population population) {
            return delays(ms / 1000, (from, to, number) -> ms / 1000);
        }
    }

    /** Uniform in [min, max), drawn independently for every message. */
    @Component(name = "uniform", about = "drawn independently for every message")
    record Uniform(
            @Setting("20") double minMs, @Setting("200") double maxMs) implements Latency {
        public Uniform {
            Checks.milliseconds("min_ms", minMs);
            if (!(maxMs >= minMs)) {
                throw new IllegalArgumentException("max_ms must be at least min_ms (" + minMs + "), found " + maxMs);
            }
            Checks.milliseconds("max_ms", maxMs);
        }

        @Override
        public Delays of(Population population) {
            return delays(
                    minMs / 1000,
                    (from, to, number) -> stream(population, from, to, number).uniform(minMs, maxMs) / 1000);
        }
    }

    /**
     * A minimum plus a log-normal part, drawn independently for every message.
     *
     * @param minMs minimum in milliseconds
     * @param medianMs median of the sum in milliseconds
     * @param sigma standard deviation of the logarithm of the log-normal part
     */
    @Component(name = "lognormal", about = "a minimum and a lognormal part above it")
    record LogNormal(
            @Setting("10") double minMs,
            @Setting("60") double medianMs,
            @Setting("0.5") double sigma) implements Latency {
        public LogNormal {
            Checks.milliseconds("min_ms", minMs);
            Checks.sigma("sigma", sigma);
            if (!(medianMs >= minMs)) {
                throw new IllegalArgumentException(
                        "median_ms must be at least min_ms (" + minMs + "), found " + medianMs);
            }
            Checks.milliseconds("median_ms", medianMs);
        }

        @Override
        public Delays of(Population population) {
            return delays(
                    minMs / 1000,
                    (from, to, number) -> (minMs
                                    + (medianMs - minMs)
                                            * StrictMath.exp(sigma
                                                    * stream(population, from, to, number)
                                                            .gaussian()))
                            / 1000);
        }
    }

    /**
     * A matrix of latencies between places. User u is at place u mod the size of the matrix.
     *
     * @param path CSV without a header, a square of milliseconds: row from, column to
     */
    @Component(name = "matrix", about = "a square of milliseconds between places: CSV without a header")
    record Matrix(@Setting(file = true) String path) implements Latency {
        public Matrix {
            Checks.path("path", path);
        }

        @Override
        public Delays of(Population population) {
            LatencyTable table = LatencyTable.read(path);
            return delays(table.least(population.users()) / 1000, (from, to, number) -> table.ms(from, to) / 1000);
        }
    }

    private static RandomStream stream(Population population, int from, int to, long number) {
        return RandomStream.of(population.seed(), Purpose.LATENCY, from, to, number);
    }

    /** One message's delay. */
    interface Drawn {
        double seconds(int from, int to, long number);
    }

    private static Delays delays(double least, Drawn drawn) {
        return new Delays() {
            @Override
            public double seconds(int from, int to, long number) {
                return drawn.seconds(from, to, number);
            }

            @Override
            public double least() {
                return least;
            }
        };
    }
}
