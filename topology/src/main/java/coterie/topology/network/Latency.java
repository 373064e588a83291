package coterie.topology.network;

import coterie.topology.random.Purpose;
import coterie.topology.random.RandomStream;
import coterie.topology.settings.Checks;
import coterie.topology.settings.Component;
import coterie.topology.settings.Population;
import coterie.topology.settings.Setting;
import coterie.topology.trace.LatencyTable;

/** How long a message is under way, its length aside. What a scenario says; {@link #of} makes it concrete. */
public sealed interface Latency {
    /** @throws IllegalArgumentException where a file that is named cannot be read */
    Delays of(Population population);

    /** The delay of every message. */
    interface Delays {
        /**
         * Virtual seconds from a sending to its arrival, not negative.
         *
         * @param number how many messages the sender had sent before, twice that for a second copy
         */
        double seconds(int from, int to, long number);

        /** The shortest any message can take: how far ahead of each other users may be simulated. */
        double least();
    }

    /** Every message takes the same. */
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

    /** Uniform in [min, max), drawn anew for every message. */
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
     * At least {@code minMs}, and a log-normal part above it, drawn anew for every message.
     *
     * @param medianMs median of the whole
     * @param sigma standard deviation of the logarithm of the part above the minimum
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
     * From a table of places: user u is at place u mod the table's size.
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
