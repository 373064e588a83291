package coterie.actors.user;

import coterie.actors.adversary.AttackChecks;
import coterie.actors.event.RecordLevel;
import coterie.actors.message.DoorRules;
import coterie.actors.message.NetworkModel;
import coterie.actors.protocol.Collaboration;
import coterie.actors.protocol.Protocol;
import coterie.actors.protocol.PublishHook;
import coterie.actors.protocol.VerifiableMixing;
import coterie.actors.protocol.trust.TrustProtocol;
import coterie.actors.schedule.Mode;
import coterie.actors.schedule.OfflineBehaviour;
import coterie.actors.schedule.TurnSchedule;
import coterie.model.attack.Attacks;
import coterie.model.task.Target;
import coterie.model.task.Task;
import coterie.model.trust.Refresh;
import coterie.topology.availability.Participation;
import coterie.topology.device.ComputeTime;
import coterie.topology.device.Faults;
import coterie.topology.drift.Drifts;
import coterie.topology.graph.Neighbourhoods;
import coterie.topology.network.Bandwidth;
import coterie.topology.network.Latency;
import coterie.topology.network.Links;
import coterie.topology.settings.Population;
import coterie.topology.time.Ticks;
import java.util.function.Supplier;

/** Builds a {@link SimulationConfig}. */
public final class SimulationConfigBuilder {
    private final long seed;
    private final Neighbourhoods neighbourhoods;
    private final Population population;
    private Links links = new Links(new Latency.Constant(1), 0);
    private Bandwidth bandwidth = new Bandwidth.Unlimited();
    private ComputeTime compute = new ComputeTime.Constant(1);
    private ComputeTime.Work work = new ComputeTime.Work(1, 1);
    private ComputeTime.Pace pace;
    private Participation participation = new Participation.Always();
    private OfflineBehaviour offlineBehaviour = OfflineBehaviour.TRAIN;
    private boolean keepsMail = true;
    private Faults faults = Faults.NONE;
    private Mode mode = Mode.ASYNCHRONOUS;
    private Protocol protocol = TrustProtocol.PLAIN;
    private PublishHook publishHook = PublishHook.NONE;
    private Refresh refresh = new Refresh.EveryTurn();
    private TurnSchedule schedule = new TurnSchedule(1, 0, 1, 0);
    private boolean communicates = true;
    private int evaluateEvery = Integer.MAX_VALUE;
    private long until = Ticks.NEVER;
    private Task task = Task.LANGUAGE_MODELLING;
    private Drifts drifts = Drifts.NONE;
    private Attacks attacks = Attacks.NONE;
    private DoorChecks door = new DoorChecks(false, 0, null);
    private Target target;
    private boolean endsOnDivergence = true;
    private RecordLevel records = RecordLevel.TURNS;
    private int utilityEvery;

    /** What a scenario says of {@link DoorRules}. */
    private record DoorChecks(boolean any, double norm, Double turnSeconds) {}

    SimulationConfigBuilder(long seed, Neighbourhoods neighbourhoods) {
        this.seed = seed;
        this.neighbourhoods = neighbourhoods;
        population = new Population(seed, neighbourhoods.users());
    }

    public SimulationConfigBuilder links(Links l) {
        links = l;
        return this;
    }

    public SimulationConfigBuilder bandwidth(Bandwidth b) {
        bandwidth = b;
        return this;
    }

    /** @param w an ordinary turn, for models that depend on it */
    public SimulationConfigBuilder compute(ComputeTime c, ComputeTime.Work w) {
        compute = c;
        work = w;
        return this;
    }

    public SimulationConfigBuilder compute(ComputeTime c) {
        compute = c;
        return this;
    }

    /** @param p duration of each turn, in place of a model */
    public SimulationConfigBuilder pace(ComputeTime.Pace p) {
        pace = p;
        return this;
    }

    public SimulationConfigBuilder participation(Participation p, OfflineBehaviour offline) {
        participation = p;
        offlineBehaviour = offline;
        return this;
    }

    public SimulationConfigBuilder keepsMail(boolean k) {
        keepsMail = k;
        return this;
    }

    public SimulationConfigBuilder faults(Faults f) {
        faults = f;
        return this;
    }

    public SimulationConfigBuilder mode(Mode m) {
        mode = m;
        return this;
    }

    public SimulationConfigBuilder protocol(Protocol p) {
        protocol = p;
        return this;
    }

    /** Changes what users publish. */
    public SimulationConfigBuilder publishHook(PublishHook h) {
        publishHook = h;
        return this;
    }

    /** @param r the rule of the users' trust managers */
    public SimulationConfigBuilder refresh(Refresh r) {
        refresh = r;
        return this;
    }

    public SimulationConfigBuilder schedule(TurnSchedule s) {
        schedule = s;
        return this;
    }

    public SimulationConfigBuilder communicates(boolean c) {
        communicates = c;
        return this;
    }

    public SimulationConfigBuilder evaluateEvery(int iterations) {
        evaluateEvery = iterations;
        return this;
    }

    /** @param seconds virtual; infinity for no end */
    public SimulationConfigBuilder until(double seconds) {
        until = Ticks.at(seconds);
        return this;
    }

    public SimulationConfigBuilder task(Task t) {
        task = t;
        return this;
    }

    public SimulationConfigBuilder drifts(Drifts d) {
        drifts = d;
        return this;
    }

    public SimulationConfigBuilder attacks(Attacks a) {
        attacks = a;
        return this;
    }

    /**
     * Receivers refuse nothing, unless this is called.
     *
     * @param checks whether they refuse anything
     * @param norm see {@link DoorRules}
     * @param turnSeconds see {@link DoorRules}
     */
    public SimulationConfigBuilder door(boolean checks, double norm, Double turnSeconds) {
        door = new DoorChecks(checks, norm, turnSeconds);
        return this;
    }

    /** @param t null for no target */
    public SimulationConfigBuilder target(Target t) {
        target = t;
        return this;
    }

    public SimulationConfigBuilder endsOnDivergence(boolean ends) {
        endsOnDivergence = ends;
        return this;
    }

    public SimulationConfigBuilder records(RecordLevel r) {
        records = r;
        return this;
    }

    /** {@link SimulationConfig#utilityEvery}. */
    public SimulationConfigBuilder utilityEvery(int turns) {
        utilityEvery = turns;
        return this;
    }

    /**
     * Builds the configuration.
     *
     * @throws IllegalArgumentException if a file cannot be read, or the parts do not fit together. If a single model is
     *     at fault, the message begins with its name: latency, bandwidth, compute or participation
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
        boolean waits = mode == Mode.SYNCHRONOUS || protocol.waiting() == Protocol.Waiting.NEIGHBOURS;
        AttackChecks.check(
                attacks,
                neighbourhoods,
                new AttackChecks.Manner(
                        waits,
                        protocol.trusts(),
                        protocol.server().isPresent(),
                        protocol.waiting() == Protocol.Waiting.REPLIES || neighbourhoods.asking() != null,
                        protocol.exchange()));
        Links.Network network = part("latency", () -> links.of(population));
        Bandwidth.Lines lines = part("bandwidth", () -> bandwidth.of(population));
        ComputeTime.Pace turns = pace != null ? pace : part("compute", () -> compute.of(population, work));
        return new SimulationConfig(
                new Collaboration(
                        seed,
                        neighbourhoods,
                        mode,
                        schedule,
                        part("participation", () -> participation.of(population)),
                        communicates,
                        waits),
                protocol,
                publishHook,
                refresh,
                new NetworkModel(network, lines, keepsMail),
                new SimulationConfig.Devices(turns, faults),
                offlineBehaviour,
                task,
                drifts,
                attacks,
                doorRules(network),
                evaluateEvery,
                new SimulationConfig.Ending(until, target, endsOnDivergence),
                records,
                utilityEvery);
    }

    private DoorRules doorRules(Links.Network network) {
        if (!door.any) {
            return DoorRules.NONE;
        }
        VerifiableMixing mixing = protocol.verifiableMixing();
        boolean known = mixing.trigger() != VerifiableMixing.Trigger.UNKNOWN;
        return new DoorRules(
                true,
                door.norm,
                door.turnSeconds,
                schedule.turns(),
                network.least(),
                known && mixing.numbersTurns(),
                protocol.trusts());
    }

    private static <T> T part(String name, Supplier<T> making) {
        try {
            return making.get();
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(name + ": " + e.getMessage(), e);
        }
    }
}
