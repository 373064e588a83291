package coterie.scenarios.results;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import coterie.actors.event.Observation;
import coterie.actors.user.SimulationConfig;
import coterie.actors.verify.Verifier;
import coterie.model.trust.TrustRow;
import coterie.model.trust.UserMixtures;
import coterie.scenarios.config.LocatedTree;
import coterie.scenarios.config.Scenario;
import coterie.scenarios.config.ScenarioReader.Loaded;
import coterie.scenarios.config.UserGroup;
import coterie.topology.files.PlainText;
import coterie.topology.time.Ticks;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Checks a summary: computes everything that follows from the lines of the run again. */
public final class SummaryCheck {
    /** Tolerance for sums of the same numbers in another order. */
    private static final double ROUNDING = 1e-9;
    /** Tolerance for quantiles, which have three digits. */
    private static final double QUANTILES = 2e-3;
    /** Fields that runs of earlier versions lack, as they lack scores in trust.jsonl. */
    private static final List<String> NEW = List.of("graph_spectral_gap", "trust_change_l1");

    /** Fields that runs of version 0.1.0 lack. */
    private static final List<String> LEARNED = List.of("trust_to_uniform_l1", "trust_rank_correlation");

    private static final List<String> NEW_AGES = List.of("trust_weighted_versions", "trust_weighted_seconds");
    private static final Map<String, String> SOURCES = Map.ofEntries(
            Map.entry("users", "scenario.yaml"),
            Map.entry("scenario", "scenario.yaml"),
            Map.entry("seed", "scenario.yaml"),
            Map.entry("strategy", "scenario.yaml"),
            Map.entry("topology", "scenario.yaml"),
            Map.entry("clock", "scenario.yaml"),
            Map.entry("mode", "scenario.yaml"),
            Map.entry("status", "ended_by and events.jsonl"),
            Map.entry("turns", "turns.jsonl"),
            Map.entry("participation", "turns.jsonl"),
            Map.entry("presence", "events.jsonl"),
            Map.entry("groups", "the records"),
            Map.entry("attackers", "trust.jsonl"),
            Map.entry("honest", "evaluations.jsonl"),
            Map.entry("refused", "events.jsonl"),
            Map.entry("tokens_trained", "turns.jsonl"),
            Map.entry("staleness", "trust.jsonl"),
            Map.entry("forward_passes", "trust.jsonl"),
            Map.entry("spectral_gap", "trust.jsonl"),
            Map.entry("trust_to_oracle_l1", "trust.jsonl and users.json"),
            Map.entry("trust_change_l1", "trust.jsonl"),
            Map.entry("trust_to_uniform_l1", "trust.jsonl"),
            Map.entry("trust_rank_correlation", "trust.jsonl and users.json"),
            Map.entry("utility", "utility.jsonl"),
            Map.entry("utility_correlation", "utility.jsonl"),
            Map.entry("oracle_correlation", "utility.jsonl and users.json"),
            Map.entry("crashes", "events.jsonl"),
            Map.entry("diverged", "events.jsonl"),
            Map.entry("categories", "users.json"),
            Map.entry("graph_spectral_gap", "the scenario's graph"),
            Map.entry("spectral_gaps", "the scenario's graph"),
            Map.entry("bytes_sent", "messages.jsonl, turns.jsonl and total"),
            Map.entry("target", "evaluations.jsonl"),
            Map.entry("virtual_seconds", "the records"),
            Map.entry("tokens_per_second", "tokens_trained and wall_seconds"));
    private final Loaded loaded;
    private final Scenario scenario;
    private final SimulationConfig config;
    private final Statistics statistics;
    private final UtilityFigures utility;
    private final UserMixtures mixtures;
    private final EndCheck end;
    private double seconds;

    /** @param mixtures of {@code users.json} */
    public SummaryCheck(Loaded loaded, SimulationConfig config, UserMixtures mixtures) {
        this.loaded = loaded;
        this.mixtures = mixtures;
        utility = new UtilityFigures(mixtures);
        this.config = config;
        scenario = loaded.scenario();
        end = new EndCheck(scenario, config);
        statistics = new Statistics(
                config.task(),
                UserGroup.groups(scenario),
                TrustInAttackers.of(scenario),
                config.trainingUsers(),
                config.target(),
                config.schedule().turns());
    }

    /**
     * Adds the next observation. Observations with unknown users or impossible ages are ignored: a {@link Verifier}
     * reports them.
     */
    public void observed(Observation o) {
        seconds = Math.max(seconds, o.seconds());
        boolean known = known(o.user());
        if (known) {
            end.observed(o);
        }
        if (o instanceof Observation.Mixed m) {
            TrustRow row = m.row();
            for (int k = 0; k < row.users().length; k++) {
                known &= known(row.users()[k])
                        && isAge(m.secondsOld()[k])
                        && isAge(m.informationAge()[k])
                        && row.ages()[k] >= 0
                        && Double.isFinite(row.weights()[k]);
            }
        }
        if (o instanceof Observation.Utility m) {
            known &= known(m.neighbour());
        }
        if (o instanceof Observation.Refused r) {
            known &= known(r.from());
        }
        if (known) {
            statistics.observed(o);
            utility.observed(o);
        }
    }

    /** Whether an earlier version made a run: one that recorded no absences. */
    public static boolean isEarlier(ObjectNode summary) {
        return !summary.has("presence");
    }

    private static boolean isAge(double seconds) {
        return seconds >= 0 && seconds <= Ticks.LONGEST_SECONDS;
    }

    private boolean known(int user) {
        return user >= 0 && user < scenario.users();
    }

    /**
     * Compares a summary with the records.
     *
     * @param summary as it was read
     * @param verifier that has seen the same records
     * @param faults receives a description of each fault
     * @return which checks were impossible; empty if all were done
     */
    public String compare(Path folder, ObjectNode summary, Verifier verifier, Consumer<String> faults)
            throws IOException {
        boolean byTime = summary.path("ended_by").asText().equals("time");
        double ended = byTime ? Ticks.seconds(config.end()) : seconds;
        ObjectNode follows =
                Summary.following(loaded, config, new Summary.Figures(statistics, utility, mixtures), ended);
        follows.put("virtual_seconds", ended);
        if (isEarlier(summary)) {
            follows.remove("presence");
        }
        Summary.target(
                follows,
                config.target(),
                statistics,
                summary.path("ended_by").asText().equals("target"));
        if (summary.path("wall_seconds").asDouble() > 0) {
            follows.put(
                    "tokens_per_second",
                    statistics.tokens() / summary.path("wall_seconds").asDouble());
        }
        long parameters = verifier.parameterBytes() >= 0
                ? verifier.parameterBytes()
                : summary.at("/bytes_sent/parameters").asLong();
        follows.putObject("bytes_sent")
                .put("parameters", parameters)
                .put("predictions", summary.at("/bytes_sent/total").asLong() - parameters);
        boolean earlier = NEW.stream().noneMatch(summary::has)
                && NEW_AGES.stream().noneMatch(summary.path("staleness")::has)
                && verifier.scored() == 0;
        if (earlier) {
            follows.remove(NEW);
            // In earlier versions it was the gap of the graph.
            follows.remove("spectral_gap");
            ((ObjectNode) follows.get("staleness")).remove(NEW_AGES);
        } else if (verifier.unscored() > 0) {
            faults.accept("trust.jsonl: lines without score: " + verifier.unscored() + ", and this run recorded it");
        }
        if (LEARNED.stream().noneMatch(summary::has)) {
            follows.remove(LEARNED);
        }
        Map<String, Integer> lines = lines(folder.resolve(ResultFiles.SUMMARY));
        end.compare(
                summary,
                statistics,
                follows,
                what -> faults.accept(
                        what.startsWith("ended_by")
                                ? ResultFiles.SUMMARY + ":" + lines.getOrDefault("/ended_by", 1) + ": " + what
                                : what));
        compare(
                "",
                summary,
                follows,
                (path, what) -> faults.accept(ResultFiles.SUMMARY + ":" + lines.getOrDefault(path, 1) + ": "
                        + path.substring(1).replace('/', '.') + " " + what));
        return earlier ? "spectral_gap is of an earlier version: it was not checked" : "";
    }

    private interface Fault {
        void tell(String path, String what);
    }

    private void compare(String path, JsonNode said, JsonNode follows, Fault fault) {
        if (follows.isObject() && said.isObject()) {
            for (Map.Entry<String, JsonNode> e : follows.properties()) {
                compare(path + "/" + e.getKey(), said.path(e.getKey()), e.getValue(), fault);
            }
        } else if (follows.isArray() && said.isArray() && follows.size() == said.size()) {
            for (int k = 0; k < follows.size(); k++) {
                compare(path + "/" + k, said.get(k), follows.get(k), fault);
            }
        } else if (!same(path, said, follows)) {
            String key = path.split("/")[1];
            fault.tell(path, "is " + shown(said) + "; " + source(key) + " make it " + shown(follows));
        }
    }

    private String source(String key) {
        return config.task().metric(key) != null ? "evaluations.jsonl" : SOURCES.getOrDefault(key, "the records");
    }

    private static String shown(JsonNode n) {
        return n.isArray() ? n.size() + " entries" : n.isNumber() ? n.asText() : LocatedTree.kind(n);
    }

    private static boolean same(String path, JsonNode said, JsonNode follows) {
        if (!said.isNumber() || !follows.isNumber()) {
            return said.equals(follows);
        }
        if (follows.isIntegralNumber()) {
            return said.isIntegralNumber() && said.asLong() == follows.asLong();
        }
        double tolerance = path.matches(".*/p[0-9]{2}") ? QUANTILES : ROUNDING;
        double a = said.asDouble();
        double b = follows.asDouble();
        return Math.abs(a - b) <= tolerance * Math.max(1, Math.max(Math.abs(a), Math.abs(b)));
    }

    /** The line of each value in a file, by JSON pointer. */
    private static Map<String, Integer> lines(Path file) throws IOException {
        Map<String, Integer> lines = new HashMap<>();
        try (Reader in = PlainText.open(file);
                JsonParser p = new JsonFactory().createParser(in)) {
            for (JsonToken t = p.nextToken(); t != null; t = p.nextToken()) {
                if (t != JsonToken.FIELD_NAME && t != JsonToken.END_OBJECT && t != JsonToken.END_ARRAY) {
                    lines.putIfAbsent(
                            p.getParsingContext().pathAsPointer().toString(),
                            p.currentTokenLocation().getLineNr());
                }
            }
        }
        return lines;
    }
}
