package coterie.scenarios.config;

import coterie.actors.event.RecordLevel;
import coterie.actors.protocol.Protocol;
import coterie.actors.protocol.trust.TrustProtocol;
import coterie.actors.schedule.TurnSchedule;
import coterie.actors.user.SimulationConfig;
import coterie.model.attack.Attacks;
import coterie.model.task.Metric;
import coterie.model.task.Target;
import coterie.model.task.Task;
import coterie.model.trust.CollaborationStrategy;
import coterie.topology.device.ComputeTime;
import coterie.topology.drift.Drifts;
import coterie.topology.files.Shown;
import coterie.topology.graph.Members;
import coterie.topology.graph.Neighbourhoods;
import coterie.topology.graph.Topology;
import coterie.topology.group.GroupException;
import coterie.topology.group.Groups;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** Creates the {@link SimulationConfig} of a scenario. */
public final class SimulationConfigs {
    private static final Set<String> PARTS = Set.of("latency", "bandwidth", "compute", "participation");

    private static final int LONGEST_SHOWN = 60;

    private SimulationConfigs() {}

    /**
     * Creates the configuration.
     *
     * @param categories category of each user's data [N], for graphs that depend on it; null if not yet known
     * @throws IllegalArgumentException if the settings are inconsistent; the message begins with the offending key
     */
    public static SimulationConfig of(Scenario s, int[] categories) {
        Scenario.Collaboration c = s.collaboration();
        Strategy strategy = c.strategy();
        CollaborationStrategy method = c.method();
        Neighbourhoods neighbours =
                at("topology", () -> s.topology().over(new Members(s.users(), s.seed(), categories)));
        Topology graph = neighbours.graph(0);
        if (method.needsConnectedGraph() && graph != null && neighbours.byTurns() && !graph.connected()) {
            throw new IllegalArgumentException(
                    "topology: the graph falls into " + graph.components().size() + " parts, " + strategy.label()
                            + " needs one; the first is " + graph.components().get(0));
        }
        Protocol protocol = protocol(c);
        at("topology", () -> {
            protocol.check(neighbours, s.time().mode());
            return null;
        });
        TurnSchedule schedule = at("training", () -> schedule(s));
        Scenario.Time t = s.time();
        Scenario.Training train = s.training();
        Scenario.Presence p = s.participation();
        Target target = target(s);
        Groups groups = UserGroup.groups(s);
        Drifts drifts = DataDrift.of(s);
        Attacks attacks = UserAttack.of(s);
        return at(
                "time",
                () -> SimulationConfig.builder(s.seed(), neighbours)
                        .links(t.links(groups.latency(t.latency())))
                        .bandwidth(groups.bandwidth(t.bandwidth()))
                        .compute(
                                groups.compute(t.compute()),
                                new ComputeTime.Work(c.every(), (long) train.batchSize() * train.accumulationSteps()))
                        .participation(groups.participation(p.model()), p.idle())
                        .keepsMail(p.mail() == Scenario.Keeping.KEEP)
                        .faults(s.faults().faults(groups.crashes(s.faults().rate())))
                        .mode(t.mode())
                        .protocol(protocol)
                        .refresh(c.trust().refresh())
                        .schedule(schedule)
                        .communicates(method.communicates())
                        .evaluateEvery(s.evaluation().every())
                        .until(t.untilSeconds() == null ? Double.POSITIVE_INFINITY : t.untilSeconds())
                        .task(s.task())
                        .drifts(drifts)
                        .attacks(attacks)
                        .door(c.door().checks(), c.door().norm(), c.door().turnSeconds())
                        .target(target)
                        .endsOnDivergence(train.onDivergence() == Scenario.OnDivergence.STOP)
                        .records(s.record().messages() ? RecordLevel.MESSAGES : RecordLevel.TURNS)
                        .utilityEvery(s.record().utility())
                        .build());
    }

    /**
     * Creates the configuration and reports errors as mistakes in the scenario.
     *
     * @param at maps a key path to its location, for messages
     * @throws InputException if the settings are inconsistent
     */
    public static SimulationConfig checked(Scenario s, int[] categories, UnaryOperator<String> at) {
        try {
            return of(s, categories);
        } catch (IllegalArgumentException e) {
            for (Throwable cause = e; cause != null; cause = cause.getCause()) {
                if (cause instanceof GroupException group) {
                    String key = "groups." + group.group() + "." + group.key();
                    throw new InputException(at.apply(key) + ": " + group.getMessage());
                }
            }
            // The message is "key: message", or "time: part: message" if a model is to blame.
            String[] words = e.getMessage().split(": ", 2);
            String key = words.length == 1 ? "" : words[0];
            String message = words[words.length - 1];
            String part = message.split(": ", 2)[0];
            if (key.equals("time") && PARTS.contains(part)) {
                key = part.equals("participation") ? part : "time." + part;
                message = message.substring(part.length() + 2);
            } else if (key.equals("time") && part.startsWith("adversaries.")) {
                key = part;
                message = message.substring(part.length() + 2);
            }
            throw new InputException(at.apply(key) + ": " + message);
        }
    }

    /**
     * The turns of each user.
     *
     * @throws IllegalArgumentException if the settings are inconsistent
     */
    public static TurnSchedule schedule(Scenario s) {
        Scenario.Collaboration c = s.collaboration();
        return new TurnSchedule(
                s.training().iterations(), c.startAfter(), c.every(), c.method().fineTuneShare());
    }

    /** @throws IllegalArgumentException if the run's task does not measure the metric */
    private static Target target(Scenario s) {
        Scenario.Evaluation e = s.evaluation();
        if (e.target() == null && e.targetPerplexity() == null) {
            return null;
        }
        String name = e.target() == null ? Task.PERPLEXITY.name() : e.target().metric();
        Metric metric = s.task().metric(name);
        if (metric == null) {
            throw new IllegalArgumentException("evaluation.target"
                    + (e.target() == null ? "_perplexity" : ".metric") + ": this run does not measure "
                    + Shown.of(name, LONGEST_SHOWN) + ", allowed: "
                    + s.task().metrics().stream().map(Metric::name).collect(Collectors.joining(", ")));
        }
        return new Target(
                metric, e.target() == null ? e.targetPerplexity() : e.target().value());
    }

    private static Protocol protocol(Scenario.Collaboration c) {
        return c.method() instanceof Protocol own
                ? own
                : new TrustProtocol(c.staleness().bound(), c.staleness().buffer(), c.exchange());
    }

    private static <T> T at(String key, Supplier<T> making) {
        try {
            return making.get();
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(key + ": " + e.getMessage(), e);
        }
    }
}
