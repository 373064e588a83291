package coterie.topology.device;

import coterie.topology.random.KeyedPermutation;
import coterie.topology.random.Purpose;
import coterie.topology.random.RandomStream;
import coterie.topology.settings.Checks;
import coterie.topology.settings.Component;
import coterie.topology.settings.Population;
import coterie.topology.settings.Setting;
import coterie.topology.trace.LayerTimes;
import coterie.topology.trace.TraceOrder;

/** The compute time of a turn, as configured in a scenario. {@link #of} applies the model to a population. */
public interface ComputeTime {
    /**
     * Returns the compute times of a population.
     *
     * @throws IllegalArgumentException if a configured file cannot be read
     */
    Pace of(Population population, Work work);

    /** The compute time of a turn of nominal length; a turn with more iterations takes proportionally longer. */
    interface Pace {
        /** Returns virtual seconds, positive. */
        double seconds(int user, int turn);
    }

    /**
     * The work of a nominal turn.
     *
     * @param iterations local iterations
     * @param samples sequences per iteration
     */
    record Work(int iterations, long samples) {}

    /** The same compute time for every turn. */
    @Component(name = "constant", about = "every turn takes the same time")
    record Constant(@Setting("30") double seconds) implements ComputeTime {
        public Constant {
            Checks.seconds("seconds", seconds);
        }

        @Override
        public Pace of(Population population, Work work) {
            return (user, turn) -> seconds;
        }
    }

    /**
     * Log-normal, drawn independently for every turn: exp(μ + σ z) with μ = ln(mean) − σ²/2, so that the mean is
     * {@code meanSeconds}.
     *
     * @param meanSeconds mean in virtual seconds
     * @param sigma σ, standard deviation of the logarithm; 0 for a constant
     */
    @Component(name = "lognormal", about = "drawn independently for every turn")
    record LogNormal(
            @Setting("30") double meanSeconds,
            @Setting("0.5") double sigma) implements ComputeTime {
        public LogNormal {
            Checks.seconds("mean_seconds", meanSeconds);
            Checks.sigma("sigma", sigma);
        }

        @Override
        public Pace of(Population population, Work work) {
            if (sigma == 0) {
                return (user, turn) -> meanSeconds;
            }
            return (user, turn) -> meanSeconds
                    * StrictMath.exp(sigma
                                    * RandomStream.of(population.seed(), Purpose.COMPUTE_TIME, user, turn)
                                            .gaussian()
                            - sigma * sigma / 2);
        }
    }

    /**
     * Log-normal; a fixed set of users is slower by a factor.
     *
     * @param share share of slow users: exactly ⌊share · N + ½⌋ of them, drawn from the seed
     * @param factor factor by which their turns take longer
     */
    @Component(name = "stragglers", about = "lognormal; a share of the users is slower by a factor")
    record Stragglers(
            @Setting("30") double meanSeconds,
            @Setting("0.2") double sigma,
            @Setting("0.2") double share,
            @Setting("5") double factor)
            implements ComputeTime {
        private static final double MOST_FACTOR = 1e6;

        public Stragglers {
            Checks.seconds("mean_seconds", meanSeconds);
            Checks.sigma("sigma", sigma);
            Checks.probability("share", share);
            Checks.positive("factor", factor);
            Checks.atMost("factor", factor, MOST_FACTOR);
        }

        @Override
        public Pace of(Population population, Work work) {
            Pace ordinary = new LogNormal(meanSeconds, sigma).of(population, work);
            KeyedPermutation order = new KeyedPermutation(population.size(), stream(population));
            long slow = Math.round(share * population.size());
            return (user, turn) ->
                    ordinary.seconds(user, turn) * (order.place(population.place(user)) < slow ? factor : 1);
        }

        private static long stream(Population population) {
            // Recorded runs of all users have no key.
            return population.key() == -1
                    ? RandomStream.name(population.seed(), Purpose.STRAGGLERS)
                    : RandomStream.name(population.seed(), Purpose.STRAGGLERS, population.key());
        }
    }

    /**
     * FedScale's completion model (Lai et al., ICML 2022): 3 × samples × iterations × ms per sample / 1000, where 3
     * accounts for a forward and a backward pass. Its communication time is modelled by the bandwidth of links instead.
     * The time per sample is log-normal over users and constant for each user.
     *
     * @param msPerSample median over users of the milliseconds of a forward pass of one sequence
     * @param sigma standard deviation of its logarithm over users
     */
    @Component(name = "fedscale", about = "3 x batch x iterations x milliseconds per sample; lognormal over users")
    record FedScale(
            @Setting("50") double msPerSample,
            @Setting("0.5") double sigma) implements ComputeTime {
        private static final double PASSES = 3;

        public FedScale {
            Checks.positive("ms_per_sample", msPerSample);
            Checks.atMost("ms_per_sample", msPerSample, Checks.MOST_MS);
            Checks.sigma("sigma", sigma);
        }

        @Override
        public Pace of(Population population, Work work) {
            double median = PASSES * work.samples() * work.iterations() * msPerSample / 1000;
            return (user, turn) -> median
                    * StrictMath.exp(sigma
                            * RandomStream.of(population.seed(), Purpose.DEVICE, user)
                                    .gaussian());
        }
    }

    /**
     * Recorded training times of network layers on phones. Each user has one of the phones; each iteration of a turn
     * takes the sum of one recorded time per layer, drawn independently for every turn.
     *
     * @param path CSV with the columns phone, layer and seconds, plain or gzipped
     * @param assign which user has which phone; drawn independently for every user if random
     */
    @Component(name = "trace", about = "recorded layer times of phones: CSV with phone, layer, seconds")
    record Trace(
            @Setting(file = true) String path,
            @Setting("random") TraceOrder assign) implements ComputeTime {
        /** Draws the phones of users. */
        public Trace(String path) {
            this(path, TraceOrder.RANDOM);
        }

        public Trace {
            Checks.path("path", path);
        }

        @Override
        public Pace of(Population population, Work work) {
            LayerTimes times = LayerTimes.read(path);
            return (user, turn) -> {
                int phone = assign == TraceOrder.RANDOM
                        ? RandomStream.of(population.seed(), Purpose.DEVICE, user)
                                .below(times.phones())
                        : population.place(user) % times.phones();
                return work.iterations()
                        * times.seconds(phone, RandomStream.of(population.seed(), Purpose.COMPUTE_TIME, user, turn));
            };
        }
    }
}
