package coterie.topology.network;

import coterie.topology.random.Purpose;
import coterie.topology.random.RandomStream;
import coterie.topology.settings.Checks;
import coterie.topology.settings.Component;
import coterie.topology.settings.Population;
import coterie.topology.settings.Setting;
import coterie.topology.time.Ticks;
import coterie.topology.trace.BandwidthTraces;
import coterie.topology.trace.TraceOrder;

/**
 * The bandwidth of users' links, as configured in a scenario. Concurrent transfers share a link. {@link #of} applies
 * the model to a population.
 */
public interface Bandwidth {
    /**
     * Returns the links of a population, or null if bandwidth is unlimited.
     *
     * @throws IllegalArgumentException if a configured file cannot be read
     */
    Lines of(Population population);

    /** The up- and down-link of every user over time. */
    interface Lines {
        /** The up-link of a user in bytes per second, from this tick until {@link #change}; infinite if unlimited. */
        double up(int user, long tick);

        /** The down-link of a user in bytes per second, from this tick until {@link #change}; infinite if unlimited. */
        double down(int user, long tick);

        /** The next tick at which the bandwidth of a user changes; {@link Ticks#NEVER} if it is constant. */
        default long change(int user, long tick) {
            return Ticks.NEVER;
        }

        /** The largest up-link of a user over time, in bytes per second. */
        double mostUp(int user);

        /** The largest down-link of a user over time, in bytes per second. */
        double mostDown(int user);

        /** Whether bytes from one user to another take time. */
        default boolean limit(int from, int to) {
            return Double.isFinite(mostUp(from)) || Double.isFinite(mostDown(to));
        }
    }

    /** Unlimited bandwidth: bytes take no time. */
    @Component(name = "unlimited", about = "bytes take no time")
    record Unlimited() implements Bandwidth {
        @Override
        public Lines of(Population population) {
            return null;
        }
    }

    /** The same constant bandwidth for all users, in megabits (10⁶ bits) per second. */
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
     * Log-normal over users: the bandwidth of a user is {@code median · exp(σ z)}, with the same standard normal z for
     * both directions.
     *
     * @param upMbps median up-link in megabits per second
     * @param downMbps median down-link in megabits per second
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
                if (!population.has(u)) {
                    continue;
                }
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
     * Recorded: each user follows one of the traces for its down-link, repeated, and a fixed share of it for its
     * up-link.
     *
     * @param path CSV with the columns trace, time_s and mbps, plain or gzipped
     * @param upShare ratio of up-link to down-link
     * @param assign which user follows which trace. If random, it is drawn independently for every user, which then
     *     begins at a random place of it; otherwise at its start
     */
    @Component(name = "trace", about = "recorded: CSV with trace, time_s, mbps; shared max-min fairly")
    record Trace(
            @Setting(file = true) String path,
            @Setting("0.5") double upShare,
            @Setting("random") TraceOrder assign) implements Bandwidth {
        /** The last tick at which bandwidth may change. */
        private static final long LAST = Ticks.at(Ticks.LONGEST_SECONDS);

        /** Draws the traces of users. */
        public Trace(String path, double upShare) {
            this(path, upShare, TraceOrder.RANDOM);
        }

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
            // The tick at which the trace of a user begins for the first time. Subtracting it from a tick cannot
            // overflow; adding an offset could.
            long[] begin = new long[n];
            for (int u = 0; u < n; u++) {
                if (assign == TraceOrder.IN_ORDER) {
                    trace[u] = population.has(u) ? population.place(u) % traces.size() : 0;
                    continue;
                }
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
                    // After the end of virtual time nothing changes: a transfer still in progress never ends.
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
            throw new IllegalArgumentException(key + " must give every link a positive, finite bandwidth; user "
                    + user + " would have " + rate
                    + " bytes per second");
        }
    }

    private static double bytes(double mbps) {
        return mbps * 1e6 / 8;
    }
}
