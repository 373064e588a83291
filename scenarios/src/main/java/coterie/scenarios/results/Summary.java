package coterie.scenarios.results;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import coterie.actors.clock.RunResult;
import coterie.actors.event.Observation;
import coterie.actors.user.MessageCounts;
import coterie.actors.user.SimulationConfig;
import coterie.model.task.Metric;
import coterie.model.task.Target;
import coterie.model.trust.Consensus;
import coterie.model.trust.UserMixtures;
import coterie.scenarios.config.Scenario;
import coterie.scenarios.config.ScenarioReader.Loaded;
import coterie.topology.graph.MixingMatrix;
import coterie.topology.graph.Neighbourhoods;
import coterie.topology.graph.Topology;
import coterie.topology.time.Ticks;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.IntStream;

/** {@code summary.json}: a run in one object. */
public final class Summary {
    /** Eigenvalues of a symmetric matrix are cheaper than others, but also cost the cube of the users. */
    private static final int LARGEST_SPECTRUM = 1500;

    private static final ObjectMapper JSON = new ObjectMapper();

    private Summary() {}

    /**
     * The checkpoints of a run.
     *
     * @param count number of checkpoints written
     * @param bytes length of the last
     * @param seconds wall-clock seconds that writing them took
     * @param from the checkpoint from which the run was resumed; null if it was not
     * @param records hashes of the recorded lines
     */
    public record Checkpoints(long count, long bytes, double seconds, String from, RecordHashes records) {}

    /**
     * How a run ended.
     *
     * @param wallSeconds from when the users begin, of all processes
     * @param totalSeconds the same with loading
     * @param device name of the devices that trained
     * @param engine name and version of what computed there
     * @param provenance program, time, command, machine, and hashes of what was read
     */
    public record Ended(
            RunResult result,
            double wallSeconds,
            double totalSeconds,
            String device,
            String engine,
            Checkpoints checkpoints,
            ObjectNode provenance) {}

    /**
     * What a summary follows from.
     *
     * @param statistics after all lines
     * @param utility after all lines
     * @param mixtures of {@code users.json}
     */
    public record Figures(Statistics statistics, UtilityFigures utility, UserMixtures mixtures) {}

    /** The summary as JSON, ending in a new line. */
    public static String of(Loaded loaded, SimulationConfig config, Figures figures, Ended ended) throws IOException {
        ObjectNode n = tree(loaded, config, figures, ended.result.virtualSeconds(), ended);
        process(n, ended);
        return n.toPrettyString() + "\n";
    }

    /**
     * The part of a summary that follows from the scenario and the lines of a run, under the same keys.
     *
     * @param end of the run in virtual seconds
     */
    public static ObjectNode following(Loaded loaded, SimulationConfig config, Figures figures, double end) {
        return tree(loaded, config, figures, end, null);
    }

    /** @param ended null to leave out what only the run itself knows */
    private static ObjectNode tree(Loaded loaded, SimulationConfig config, Figures figures, double end, Ended ended) {
        Scenario s = loaded.scenario();
        Statistics stats = figures.statistics;
        ObjectNode n = JSON.createObjectNode();
        n.put("scenario", s.name()).put("seed", s.seed());
        if (ended != null) {
            n.put("status", Status.of(ended.result).label());
        }
        n.put("strategy", s.collaboration().strategy().label());
        if (ended != null) {
            RunResult.EndedBy by = ended.result.endedBy();
            n.put("ended_by", by.name().toLowerCase(Locale.ROOT));
            target(n, config.target(), stats, by == RunResult.EndedBy.TARGET);
        }
        config(n, loaded);
        learning(n, s, stats, figures.mixtures.first());
        ResultJson.number(n, "presence", stats.presence(end));
        stats.groups(n, end);
        stats.attackers(n);
        if (config.door().checks()) {
            stats.refusals(n);
        }
        if (ended != null) {
            messages(n, ended.result);
        }
        n.put("crashes", stats.crashes()).put("forward_passes", stats.passes());
        gaps(n, s, config.neighbourhoods(), stats);
        if (ended != null) {
            consensus(n, ended.result);
        }
        trust(n, stats, figures.mixtures);
        if (config.utilityEvery() > 0) {
            figures.utility.write(n);
        }
        if (ended != null) {
            n.put("virtual_seconds", ended.result.virtualSeconds())
                    .put("wall_seconds", ended.wallSeconds)
                    .put("total_seconds", ended.totalSeconds);
        }
        n.put("tokens_trained", stats.tokens());
        if (ended != null) {
            n.put("tokens_per_second", stats.tokens() / ended.wallSeconds);
        }
        return n;
    }

    private static void messages(ObjectNode n, RunResult result) {
        long sent = 0;
        long lost = 0;
        long received = 0;
        long dropped = 0;
        long parameters = 0;
        long predictions = 0;
        for (RunResult.End e : result.users()) {
            MessageCounts m = e.messages();
            sent += m.sent().messages();
            lost += m.sent().lost();
            received += m.received();
            dropped += m.dropped();
            parameters += m.sent().parameterBytes();
            predictions += m.sent().predictionBytes();
        }
        n.putObject("messages")
                .put("sent", sent)
                .put("delivered", received)
                .put("lost", lost)
                .put("dropped", dropped);
        n.putObject("bytes_sent")
                .put("parameters", parameters)
                .put("predictions", predictions)
                .put("total", parameters + predictions);
    }

    private static void consensus(ObjectNode n, RunResult result) {
        List<float[]> adapters = result.users().stream()
                .map(RunResult.End::parameters)
                .filter(Objects::nonNull)
                .toList();
        ResultJson.number(n, "consensus_distance", adapters.isEmpty() ? Double.NaN : Consensus.distance(adapters));
    }

    /** Adds what depends on the process that simulated the run. */
    private static void process(ObjectNode n, Ended ended) throws IOException {
        Checkpoints c = ended.checkpoints;
        n.put("peak_memory_bytes", ProcessMemory.peak());
        n.put("events", ended.result.events()).put("trace_hash", ended.result.traceHash());
        c.records.write(n);
        n.putObject("checkpoints")
                .put("written", c.count)
                .put("bytes", c.bytes)
                .put("seconds", c.seconds)
                .put("resumed_from", c.from);
        n.put("device", ended.device).put("engine", ended.engine);
        n.set("provenance", ended.provenance);
    }

    private static void config(ObjectNode n, Loaded loaded) {
        Scenario.Time time = loaded.scenario().time();
        n.put("topology", loaded.resolved().at("/topology/kind").asText())
                .put("clock", time.clock().name().toLowerCase(Locale.ROOT))
                .put("mode", time.mode().name().toLowerCase(Locale.ROOT));
    }

    /**
     * Adds when the target was reached; nulls if it never was. The run itself ends a little later, with the window of
     * time that holds the evaluation.
     *
     * @param target null for none
     */
    static void target(ObjectNode n, Target target, Statistics stats, boolean endedByTarget) {
        if (target == null) {
            return;
        }
        Statistics.Reached reached = endedByTarget ? stats.reached() : null;
        ObjectNode t = n.putObject("target")
                .put(target.metric().name(), target.value())
                .put("reached", reached != null);
        ResultJson.number(t, "virtual_seconds", reached == null ? Double.NaN : reached.seconds());
        ResultJson.number(t, "iterations", reached == null ? Double.NaN : reached.iterations());
    }

    /** Users, turns, metrics, and ages of what was mixed. */
    private static void learning(ObjectNode n, Scenario s, Statistics stats, double[][] mixtures) {
        n.put("users", s.users());
        n.put("turns", stats.turns());
        metrics(n, stats);
        diverged(n, stats);
        categories(n, mixtures);
        staleness(n, stats.ages());
        ResultJson.number(n, "participation", stats.participation());
    }

    /** Adds the task, and an object for each of its reported metrics. */
    static void metrics(ObjectNode n, Statistics stats) {
        TaskJson.write(n, stats.task());
        stats.task().reported().forEach(m -> metric(n.putObject(m.name()), m, stats));
    }

    private static void metric(ObjectNode n, Metric metric, Statistics stats) {
        double[] values = stats.last(metric);
        ResultJson.number(n, "mean", Statistics.mean(values));
        ResultJson.number(n, "std", Statistics.deviation(values));
        n.put("users", Statistics.finite(values));
        numbers(n.putArray("per_user"), values);
        numbers(n.putArray("before"), stats.before(metric));
    }

    private static void diverged(ObjectNode n, Statistics stats) {
        ArrayNode diverged = n.putArray("diverged");
        for (Observation.Diverged d : stats.diverged()) {
            diverged.addObject()
                    .put("user", d.user())
                    .put("turn", d.turn())
                    .put("iteration", d.iteration())
                    .put("symptom", d.symptom().label())
                    .put("virtual_seconds", d.seconds());
        }
    }

    private static void categories(ObjectNode n, double[][] mixtures) {
        ArrayNode categories = n.putArray("categories");
        Categories.of(mixtures).forEach(categories::add);
    }

    private static void staleness(ObjectNode n, Ages ages) {
        ObjectNode staleness = n.putObject("staleness");
        staleness
                .put("mean_versions", ages.versions().mean())
                .put("max_versions", (int) ages.versions().max())
                .put("mean_seconds", ages.seconds().mean());
        ResultJson.number(staleness, "trust_weighted_versions", ages.weightedVersions());
        ResultJson.number(staleness, "trust_weighted_seconds", ages.weightedSeconds());
        distribution(staleness.putObject("versions"), ages.versions());
        distribution(staleness.putObject("seconds"), ages.seconds());
        distribution(staleness.putObject("information_seconds"), ages.information());
        distribution(staleness.putObject("evidence_turns"), ages.scores());
    }

    private static void trust(ObjectNode n, Statistics stats, UserMixtures mixtures) {
        LearnedTrust learned = new LearnedTrust(
                Arrays.asList(stats.trust().last()), stats.trust().seconds(), mixtures);
        ResultJson.number(n, "trust_to_oracle_l1", learned.toOracle());
        ResultJson.number(n, "trust_to_uniform_l1", learned.toUniform());
        ResultJson.number(n, "trust_rank_correlation", learned.rankCorrelation());
        ObjectNode change = n.putObject("trust_change_l1");
        ResultJson.number(change, "mean", stats.trust().meanChange());
        ResultJson.number(change, "last", stats.trust().lastChange());
    }

    /**
     * Spectral gaps: of the rows that were used, of the first graph, and of each graph if there are several by
     * schedule. A server that adds up updates uses no rows; drawn neighbours make no graph.
     */
    private static void gaps(ObjectNode n, Scenario s, Neighbourhoods neighbours, Statistics stats) {
        ResultJson.number(
                n,
                "spectral_gap",
                s.collaboration().method().server().isPresent()
                        ? Double.NaN
                        : stats.trust().gap());
        n.putNull("graph_spectral_gap");
        ArrayNode all = n.putArray("spectral_gaps");
        for (long from : neighbours.changes()) {
            double gap = graphGap(neighbours, from);
            if (from == 0) {
                ResultJson.number(n, "graph_spectral_gap", gap);
            }
            ResultJson.number(all.addObject().put("from_seconds", Ticks.seconds(from)), "spectral_gap", gap);
        }
    }

    private static double graphGap(Neighbourhoods neighbours, long from) {
        Topology graph = neighbours.graph(from);
        boolean undirected = IntStream.range(0, graph.users())
                .allMatch(u -> Arrays.equals(graph.inNeighbours(u), graph.outNeighbours(u)));
        boolean large = graph.users() > (undirected ? LARGEST_SPECTRUM : TrustFigures.LARGEST_SPECTRUM);
        return large ? Double.NaN : MixingMatrix.spectralGap(MixingMatrix.metropolis(graph));
    }

    private static void distribution(ObjectNode n, Ages.Distribution d) {
        n.put("count", d.count());
        ResultJson.number(n, "mean", d.mean());
        ResultJson.number(n, "p50", d.quantile(0.5));
        ResultJson.number(n, "p90", d.quantile(0.9));
        ResultJson.number(n, "p99", d.quantile(0.99));
        ResultJson.number(n, "max", d.max());
    }

    private static void numbers(ArrayNode list, double[] values) {
        for (double v : values) {
            if (Double.isFinite(v)) {
                list.add(v);
            } else {
                list.addNull();
            }
        }
    }
}
