package coterie.topology.network;

import coterie.topology.random.Purpose;
import coterie.topology.random.RandomStream;
import coterie.topology.settings.Checks;
import coterie.topology.settings.Component;
import coterie.topology.settings.Population;
import coterie.topology.settings.Setting;
import coterie.topology.time.Ticks;
import coterie.topology.trace.BandwidthTraces;

/** How fast users' lines are; what is under way shares them. What a scenario says; {@link #of} makes it concrete. */
public sealed interface Bandwidth {
    /**
     * The lines of a population; null where bytes take no time.
     *
     * @throws IllegalArgumentException where a file that is named cannot be read
     */
    Lines of(Population population);

    /** Every user's up- and down-link over time. */
    interface Lines {
        /** Bytes a second that a user can send from this tick until {@link #change}. */
        double up(int user, long tick);

        /** Bytes a second that a user can receive. */
        double down(int user, long tick);

        /** The next tick at which a user's line changes; {@link Ticks#NEVER} where it stays as it is. */
        default long change(int user, long tick) {
            return Ticks.NEVER;
        }

        /** The most bytes a second that a user can ever send. */
        double mostUp(int user);

        /** The most bytes a second that a user can ever receive. */
        double mostDown(int user);
    }

    /** Bytes take no time. */
    @Component(name = "unlimited", about = "bytes take no time")
    record Unlimited() implements Bandwidth {
        @Override
        public Lines of(Population population) {
            return null;
        }
    }

    /** Everybody's line is the same, for ever. Megabits a second, decimal. */
    @Component(name = "constant", about = "the same for all users; shared max-min fairly")
    record Constant(
            @Setting("10") double upMbps, @Setting("50") double downMbps) implements Bandwidth {
        public Constant {
            Checks.positive("up_mbps", upMbps);
            Checks.positive("down_mbps", downMbps);
        }

        @Override
        public Lines of(Population population) {
            return new LogNormal(upMbps, downMbps, 0).of(population);
        }
    }

    /**
     * Log-normal over users: a user's line is {@code median · exp(σ z)}, both directions with the same z.
     *
     * @param sigma standard deviation of the logarithm
     */
    @Component(name = "lognormal", about = "lognormal over users with these medians; shared max-min fairly")
    record LogNormal(
            @Setting("10") double upMbps,
            @Setting("50") double downMbps,
            @Setting("0.7") double sigma) implements Bandwidth {
        public LogNormal {
            Checks.positive("up_mbps", upMbps);
            Checks.positive("down_mbps", downMbps);
            Checks.notNegative("sigma", sigma);
        }

        @Override
        public Lines of(Population population) {
            double[] factor = new double[population.users()];
            for (int u = 0; u < factor.length; u++) {
                factor[u] = StrictMath.exp(sigma
                        * RandomStream.of(population.seed(), Purpose.BANDWIDTH, u)
                                .gaussian());
                check(sigma == 0 ? "up_mbps" : "sigma", bytes(upMbps) * factor[u], u);
                check(sigma == 0 ? "down_mbps" : "sigma", bytes(downMbps) * factor[u], u);
            }
            return new Lines() {
                @Override
                public double up(int user, long tick) {
                    return bytes(upMbps) * factor[user];
                }

                @Override
                public double down(int user, long tick) {
                    return bytes(downMbps) * factor[user];
                }

                @Override
                public double mostUp(int user) {
                    return bytes(upMbps) * factor[user];
                }

                @Override
                public double mostDown(int user) {
                    return bytes(downMbps) * factor[user];
                }
            };
        }
    }

    /**
     * Recorded: a user has one of the traces for its down-link, begun somewhere and repeated, and a share of it for its
     * up-link.
     *
     * @param path CSV with the columns trace, time_s and mbps, plain or gzipped
     * @param upShare up-link over down-link
     */
    @Component(name = "trace", about = "recorded: CSV with trace, time_s, mbps; shared max-min fairly")
    record Trace(
            @Setting(file = true) String path,
            @Setting("0.5") double upShare) implements Bandwidth {
        /** The last tick at which a line may change. */
        private static final long LAST = Ticks.at(Ticks.LONGEST_SECONDS);

        public Trace {
            Checks.path("path", path);
            Checks.positive("up_share", upShare);
        }

        @Override
        public Lines of(Population population) {
            BandwidthTraces traces = BandwidthTraces.read(path);
            for (int t = 0; t < traces.size(); t++) {
                check("up_share", upShare * bytes(traces.most(t)), 0);
            }
            int n = population.users();
            int[] trace = new int[n];
            // The tick at which a user's trace begins for the first time. Ticks less that one stay in range, where sums
            // with an offset do not.
            long[] begin = new long[n];
            for (int u = 0; u < n; u++) {
                RandomStream s = RandomStream.of(population.seed(), Purpose.BANDWIDTH, u);
                trace[u] = s.below(traces.size());
                begin[u] = traces.length(trace[u]) - (long) (s.uniform() * traces.length(trace[u]));
            }
            return new Lines() {
                @Override
                public double up(int user, long tick) {
                    return upShare * down(user, tick);
                }

                @Override
                public double down(int user, long tick) {
                    return bytes(traces.mbps(trace[user], tick - begin[user]));
                }

                @Override
                public long change(int user, long tick) {
                    long after = traces.untilChange(trace[user], tick - begin[user]);
                    // Beyond the longest span of time nothing changes any more: what is still under way then never
                    // ends.
                    return tick > LAST - after ? Ticks.NEVER : tick + after;
                }

                @Override
                public double mostUp(int user) {
                    return upShare * mostDown(user);
                }

                @Override
                public double mostDown(int user) {
                    return bytes(traces.most(trace[user]));
                }
            };
        }
    }

    private static void check(String key, double rate, int user) {
        if (!(rate > 0) || Double.isInfinite(rate)) {
            throw new IllegalArgumentException(key + " must leave every line a rate that a number can hold; user "
                    + user + " would have " + rate
                    + " bytes a second");
        }
    }

    private static double bytes(double mbps) {
        return mbps * 1e6 / 8;
    }
}
