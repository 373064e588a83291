package coterie.actors.user;

import coterie.model.task.Target;
import coterie.model.task.Task;
import coterie.topology.availability.Participation;
import coterie.topology.availability.ParticipationSchedule;
import coterie.topology.device.ComputeTime;
import coterie.topology.device.Faults;
import coterie.topology.graph.Neighbourhoods;
import coterie.topology.network.Bandwidth;
import coterie.topology.network.Latency;
import coterie.topology.network.Links;
import coterie.topology.settings.Population;
import coterie.topology.time.Ticks;
import java.util.function.Supplier;

/**
 * All that users live by: the same for everybody, never changed.
 *
 * @param seed of everything drawn
 * @param lines users' bandwidth; null where bytes take no time
 * @param keepsMail whether what arrives while a user is away waits for it
 * @param communicates whether anybody exchanges anything
 * @param evaluateEvery iterations between evaluations
 * @param until tick at which everything ends; {@link Ticks#NEVER} for when everybody is done
 * @param task what users learn, which names the values of evaluations
 * @param target mean over users at which the run ends; null for none
 * @param endsOnDivergence whether the run ends when a user's training has diverged; otherwise only that user's does
 * @param records what is observed of users
 */
public record SimulationConfig(
        long seed,
        Neighbourhoods neighbourhoods,
        Links.Network links,
        Bandwidth.Lines lines,
        ComputeTime.Pace pace,
        ParticipationSchedule attendance,
        OfflineBehaviour idle,
        boolean keepsMail,
        Faults faults,
        Mode mode,
        ProtocolModel protocol,
        TurnSchedule schedule,
        boolean communicates,
        int evaluateEvery,
        long until,
        Task task,
        Target target,
        boolean endsOnDivergence,
        Records records) {
    /** What is written down. */
    public enum Records {
        /** Nothing: to measure the engine. */
        NOTHING,
        /** Turns, evaluations, mixings, faults. */
        TURNS,
        /** Every message as well. */
        MESSAGES
    }

    /** The tick at which everything ends at the latest: {@link #until}, or the end of virtual time. */
    public long end() {
        return Math.min(until, Ticks.END);
    }

    public int users() {
        return neighbourhoods.users();
    }

    /**
     * Whether the end of a user's turn is an occasion on which it would take part, if it is present. Keyed, so that
     * anybody can know it of anybody.
     */
    public boolean collaborates(int user, int turn) {
        return communicates && schedule.turn(turn).collaborates() && attendance.takesPart(user, turn);
    }

    /** Whether users wait for others: then they must learn of what will not come. */
    boolean waits() {
        return mode == Mode.SYNCHRONOUS || protocol instanceof ProtocolModel.Trust t && t.bound() != null;
    }

    /** Ticks between the sending and the arrival of any message, at the least. */
    public long lookAhead() {
        return Ticks.lookAhead(links.least());
    }

    /**
     * Begins the description of a world in which everybody computes for a second, links take a millisecond, and nothing
     * goes wrong.
     */
    public static Builder builder(long seed, Neighbourhoods neighbourhoods) {
        return new Builder(seed, neighbourhoods);
    }

    /** Describes a world. */
    public static final class Builder {
        private final long seed;
        private final Neighbourhoods neighbourhoods;
        private final Population population;
        private Links links = new Links(new Latency.Constant(1), 0);
        private Bandwidth bandwidth = new Bandwidth.Unlimited();
        private ComputeTime compute = new ComputeTime.Constant(1);
        private ComputeTime.Work work = new ComputeTime.Work(1, 1);
        private ComputeTime.Pace pace;
        private Participation participation = new Participation.Always();
        private OfflineBehaviour idle = OfflineBehaviour.TRAIN;
        private boolean keepsMail = true;
        private Faults faults = Faults.NONE;
        private Mode mode = Mode.ASYNCHRONOUS;
        private ProtocolModel protocol = ProtocolModel.Trust.PLAIN;
        private TurnSchedule schedule = new TurnSchedule(1, 0, 1, 0);
        private boolean communicates = true;
        private int evaluateEvery = Integer.MAX_VALUE;
        private long until = Ticks.NEVER;
        private Task task = Task.LANGUAGE_MODELLING;
        private Target target;
        private boolean endsOnDivergence = true;
        private Records records = Records.TURNS;

        private Builder(long seed, Neighbourhoods neighbourhoods) {
            this.seed = seed;
            this.neighbourhoods = neighbourhoods;
            population = new Population(seed, neighbourhoods.users());
        }

        public Builder links(Links l) {
            links = l;
            return this;
        }

        public Builder bandwidth(Bandwidth b) {
            bandwidth = b;
            return this;
        }

        /** @param w what an ordinary turn consists of, for models that want to know */
        public Builder compute(ComputeTime c, ComputeTime.Work w) {
            compute = c;
            work = w;
            return this;
        }

        public Builder compute(ComputeTime c) {
            compute = c;
            return this;
        }

        /** @param p how long every turn takes, where no model says it */
        public Builder pace(ComputeTime.Pace p) {
            pace = p;
            return this;
        }

        public Builder participation(Participation p, OfflineBehaviour i) {
            participation = p;
            idle = i;
            return this;
        }

        public Builder keepsMail(boolean k) {
            keepsMail = k;
            return this;
        }

        public Builder faults(Faults f) {
            faults = f;
            return this;
        }

        public Builder mode(Mode m) {
            mode = m;
            return this;
        }

        public Builder protocol(ProtocolModel p) {
            protocol = p;
            return this;
        }

        public Builder schedule(TurnSchedule s) {
            schedule = s;
            return this;
        }

        public Builder communicates(boolean c) {
            communicates = c;
            return this;
        }

        public Builder evaluateEvery(int iterations) {
            evaluateEvery = iterations;
            return this;
        }

        /** @param seconds virtual; infinity for no end */
        public Builder until(double seconds) {
            until = Ticks.at(seconds);
            return this;
        }

        public Builder task(Task t) {
            task = t;
            return this;
        }

        /** @param t null for no target */
        public Builder target(Target t) {
            target = t;
            return this;
        }

        public Builder endsOnDivergence(boolean ends) {
            endsOnDivergence = ends;
            return this;
        }

        public Builder records(Records r) {
            records = r;
            return this;
        }

        /**
         * Makes it.
         *
         * @throws IllegalArgumentException where a file that is named cannot be read, or things do not fit together;
         *     the message of what only one model is to blame for begins with its name: latency, bandwidth, compute or
         *     participation
         */
        public SimulationConfig build() {
            if (mode == Mode.SYNCHRONOUS && !neighbourhoods.byTurns()) {
                throw new IllegalArgumentException(
                        "users that wait for one another need neighbours that do not depend on the time or on trust");
            }
            if (target != null && task.indexOf(target.metric()) < 0) {
                throw new IllegalArgumentException("task " + task.name() + " does not measure "
                        + target.metric().name());
            }
            protocol.check(neighbourhoods, mode);
            return new SimulationConfig(
                    seed,
                    neighbourhoods,
                    part("latency", () -> links.of(population)),
                    part("bandwidth", () -> bandwidth.of(population)),
                    pace != null ? pace : part("compute", () -> compute.of(population, work)),
                    part("participation", () -> participation.of(population)),
                    idle,
                    keepsMail,
                    faults,
                    mode,
                    protocol,
                    schedule,
                    communicates,
                    evaluateEvery,
                    until,
                    task,
                    target,
                    endsOnDivergence,
                    records);
        }

        private static <T> T part(String name, Supplier<T> making) {
            try {
                return making.get();
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(name + ": " + e.getMessage(), e);
            }
        }
    }
}
