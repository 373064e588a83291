package coterie.topology.availability;

import coterie.topology.random.KeyedPermutation;
import coterie.topology.random.Purpose;
import coterie.topology.random.RandomStream;
import coterie.topology.settings.Checks;
import coterie.topology.settings.Component;
import coterie.topology.settings.Population;
import coterie.topology.settings.Setting;
import coterie.topology.time.Ticks;
import coterie.topology.trace.AvailabilityTraces;
import coterie.topology.trace.TraceOrder;

/**
 * The participation of users, as configured in a scenario. By turn: whether a user takes part in the collaboration at
 * the end of a turn; a user that does not neither publishes nor mixes. By time: whether a user is online. {@link #of}
 * applies the model to a population.
 */
public interface Participation {
    /**
     * Returns the participation of a population.
     *
     * @throws IllegalArgumentException if a configured file cannot be read
     */
    ParticipationSchedule of(Population population);

    /** All users take part in every turn. */
    @Component(name = "always", about = "all users take part in every turn")
    record Always() implements Participation {
        @Override
        public ParticipationSchedule of(Population population) {
            return (user, turn) -> true;
        }
    }

    /** Each user takes part in each turn independently with the same probability. */
    @Component(name = "bernoulli", about = "each user takes part in each turn with the same probability")
    record Bernoulli(@Setting("0.7") double probability) implements Participation {
        public Bernoulli {
            Checks.share("probability", probability);
        }

        @Override
        public ParticipationSchedule of(Population population) {
            return (user, turn) -> RandomStream.of(population.seed(), Purpose.PARTICIPATION, user, turn)
                    .chance(probability);
        }
    }

    /**
     * A fixed number of users, exactly ⌈share · N⌉, drawn for every window of turns.
     *
     * @param share share of the users
     * @param turns length of a window in turns
     */
    @Component(name = "cohort", about = "a fixed share of the users, drawn for every window of turns")
    record Cohort(
            @Setting("0.5") double share, @Setting("1") int turns) implements Participation {
        public Cohort {
            Checks.share("share", share);
            Checks.positive("turns", turns);
        }

        @Override
        public ParticipationSchedule of(Population population) {
            double size = StrictMath.ceil(share * population.size() - 1e-9);
            return (user, turn) -> new KeyedPermutation(
                                    population.size(),
                                    RandomStream.name(
                                            population.seed(), Purpose.PARTICIPATION, population.key(), turn / turns))
                            .place(population.place(user))
                    < size;
        }
    }

    /**
     * Alternating online and offline sessions, both log-normal in length.
     *
     * @param meanSeconds mean length of an online session in virtual seconds
     * @param sigma standard deviation of the logarithms
     * @param online expected share of time online, in (0, 1]; determines the mean length of offline sessions
     */
    @Component(name = "sessions", about = "online and offline sessions alternate, lognormal in length")
    record OnlineOffline(
            @Setting("1800") double meanSeconds,
            @Setting("1.0") double sigma,
            @Setting("0.9") double online) implements Participation {
        private static final double LEAST_SECONDS = 1;
        private static final double LEAST_ONLINE = 1e-6;
        /**
         * At 5 the median session is e⁻¹²·⁵ of the mean, which would mean about a hundred thousand sessions per turn.
         */
        private static final double MOST_SIGMA = 4;

        public OnlineOffline {
            Checks.seconds("mean_seconds", meanSeconds);
            Checks.atLeast("mean_seconds", meanSeconds, LEAST_SECONDS);
            Checks.notNegative("sigma", sigma);
            Checks.atMost("sigma", sigma, MOST_SIGMA);
            Checks.share("online", online);
            Checks.atLeast("online", online, LEAST_ONLINE);
        }

        @Override
        public ParticipationSchedule of(Population population) {
            double offline = meanSeconds * (1 - online) / online;
            return ParticipationSchedule.timed(user -> new Sessions() {
                private long session = -1;
                private double at;

                @Override
                public Session next() {
                    if (offline == 0) {
                        return session++ < 0 ? new Session(0, Ticks.NEVER) : null;
                    }
                    if (session < 0) {
                        // Start within a random session, so that users do not change state simultaneously.
                        RandomStream s = RandomStream.of(population.seed(), Purpose.PRESENCE, user, -1);
                        at = s.chance(online)
                                ? -s.uniform() * length(0, 0, meanSeconds)
                                : s.uniform() * length(0, 1, offline);
                    }
                    session++;
                    double from = at;
                    double until = from + length(session, 0, meanSeconds);
                    if (until > Ticks.LONGEST_SECONDS) {
                        return from > Ticks.LONGEST_SECONDS
                                ? null
                                : new Session(Ticks.at(Math.max(0, from)), Ticks.NEVER);
                    }
                    at = until + length(session, 1, offline);
                    return new Session(Ticks.at(Math.max(0, from)), Ticks.at(Math.max(0, until)));
                }

                private double length(long number, long kind, double mean) {
                    double z = RandomStream.of(population.seed(), Purpose.PRESENCE, user, number, kind)
                            .gaussian();
                    return mean * StrictMath.exp(sigma * z - sigma * sigma / 2);
                }
            });
        }
    }

    /**
     * A daily rhythm: in every slot of time a user is online with probability low + (high − low) (1 + sin 2π (t / 24 h
     * + phase)) / 2.
     *
     * @param low smallest probability
     * @param high largest probability
     * @param slotMinutes length of a slot in minutes
     * @param spreadHours range in hours over which the phases of users are uniformly distributed; 0 for equal phases
     */
    @Component(name = "diurnal", about = "the probability of being online follows the time of day, slot by slot")
    record Diurnal(
            @Setting("0.1") double low,
            @Setting("0.8") double high,
            @Setting("10") double slotMinutes,
            @Setting("24") double spreadHours)
            implements Participation {
        private static final double DAY = 86_400;
        private static final double MOST_SPREAD_HOURS = Ticks.LONGEST_SECONDS / 3600;

        public Diurnal {
            if (!(low >= 0 && high <= 1 && low <= high && high > 0)) {
                throw new IllegalArgumentException(
                        "low and high must be probabilities, low at most high, found " + low + " and " + high);
            }
            slot(slotMinutes);
            Checks.notNegative("spread_hours", spreadHours);
            Checks.atMost("spread_hours", spreadHours, MOST_SPREAD_HOURS);
        }

        @Override
        public ParticipationSchedule of(Population population) {
            double slot = 60 * slotMinutes;
            return ParticipationSchedule.timed(user -> {
                double shift = 3600
                        * spreadHours
                        * RandomStream.of(population.seed(), Purpose.PRESENCE, user)
                                .uniform();
                return new SlotSessions(
                        slot,
                        s -> {
                            double wave = (1 + StrictMath.sin(2 * StrictMath.PI * (s * slot + shift) / DAY)) / 2;
                            return RandomStream.of(population.seed(), Purpose.PRESENCE, user, s)
                                    .chance(low + (high - low) * wave);
                        },
                        Long.MAX_VALUE);
            });
        }
    }

    /**
     * Recorded: each user follows the trace of one device.
     *
     * @param path CSV with the columns device and states, plain or gzipped
     * @param slotMinutes length of a slot in minutes
     * @param repeat whether a trace starts over at its end; otherwise the user is offline from then on
     * @param assign which user follows which device; there are as many users a device as possible, or one more
     */
    @Component(name = "trace", about = "recorded: CSV with device, states (1 online, 0 offline, ? unknown)")
    record Trace(
            @Setting(file = true) String path,
            @Setting("30") double slotMinutes,
            @Setting("true") boolean repeat,
            @Setting("random") TraceOrder assign)
            implements Participation {
        /** Draws the devices of users. */
        public Trace(String path, double slotMinutes, boolean repeat) {
            this(path, slotMinutes, repeat, TraceOrder.RANDOM);
        }

        public Trace {
            Checks.path("path", path);
            slot(slotMinutes);
        }

        @Override
        public ParticipationSchedule of(Population population) {
            AvailabilityTraces traces = AvailabilityTraces.read(path);
            KeyedPermutation order =
                    new KeyedPermutation(traces.devices(), RandomStream.name(population.seed(), Purpose.DEVICE));
            return ParticipationSchedule.timed(user -> {
                int device = assign == TraceOrder.RANDOM
                        ? order.place(user % traces.devices())
                        : population.place(user) % traces.devices();
                int slots = traces.slots(device);
                boolean ever = false;
                for (int s = 0; s < slots; s++) {
                    ever |= traces.present(device, s);
                }
                return new SlotSessions(
                        60 * slotMinutes,
                        s -> traces.present(device, (int) (s % slots)),
                        !ever ? 0 : repeat ? Long.MAX_VALUE : slots);
            });
        }
    }

    private static void slot(double minutes) {
        Checks.atLeast("slot_minutes", minutes, 0.01);
        Checks.atMost("slot_minutes", minutes, Ticks.LONGEST_SECONDS / 60);
    }
}
