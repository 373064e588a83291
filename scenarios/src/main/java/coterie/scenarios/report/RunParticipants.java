package coterie.scenarios.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import coterie.actors.user.SimulationConfig;
import coterie.model.attack.Attacks;
import coterie.model.files.AtomicFiles;
import coterie.model.text.DatasetOutline;
import coterie.model.trust.UserMixtures;
import coterie.scenarios.config.InputException;
import coterie.scenarios.learner.Mixtures;
import coterie.scenarios.results.ResultJson;
import coterie.topology.adversary.Adversaries;
import coterie.topology.drift.Drifts;
import coterie.topology.graph.Topology;
import coterie.topology.group.Groups;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The users of a run, {@code users.json}: each user's data and group, and the graph at the start.
 *
 * @param categories of the data
 * @param data mixtures of users' data, which may change during the run
 * @param groups names of groups; empty if there are none
 * @param group group of each user, [N]
 * @param attacks of each user; empty if no user attacks
 * @param edges pairs (from, to); null if neighbours are drawn, or there are too many
 */
public record RunParticipants(
        List<String> categories,
        UserMixtures data,
        List<String> groups,
        int[] group,
        List<List<Attack>> attacks,
        List<int[]> edges) {
    private static final String FILE = "users.json";
    private static final int MOST_EDGES = 50_000;
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * An attack of a user.
     *
     * @param entry number of the attack in the scenario
     * @param kind name of the attack
     * @param fromSeconds virtual seconds at which it begins
     * @param untilSeconds virtual seconds at which it ends; infinite for the end of the run
     */
    public record Attack(int entry, String kind, double fromSeconds, double untilSeconds) {}

    /** Users of whom none attacks. */
    public RunParticipants(
            List<String> categories, UserMixtures data, List<String> groups, int[] group, List<int[]> edges) {
        this(categories, data, groups, group, List.of(), edges);
    }

    /**
     * Users in no groups, whose data does not change.
     *
     * @param mixtures [N][categories]
     */
    public RunParticipants(List<String> categories, double[][] mixtures, List<int[]> edges) {
        this(categories, UserMixtures.constant(mixtures), List.of(), new int[mixtures.length], edges);
    }

    /** Returns the mixtures at the beginning of the run, [N][categories]. */
    public double[][] mixtures() {
        return data.first();
    }

    /** Returns the mixture of a user's data in a phase, for people. */
    public String mixture(int user, int phase) {
        return Mixtures.inWords(categories, data.phases()[user][phase]);
    }

    /**
     * The users of a run that begins.
     *
     * @param categories of the data
     */
    public static RunParticipants of(
            List<String> categories, UserMixtures data, SimulationConfig config, Groups groups) {
        Topology graph = config.neighbourhoods().graph(0);
        List<int[]> edges = null;
        if (graph != null) {
            edges = new ArrayList<>();
            for (int u = 0; u < config.users() && edges != null; u++) {
                for (int to : graph.outNeighbours(u)) {
                    edges.add(new int[] {u, to});
                }
                edges = edges.size() > MOST_EDGES ? null : edges;
            }
        }
        List<String> names = groups.any() ? groups.names() : List.of();
        return new RunParticipants(categories, data, names, groups.ofUsers(), attacks(config.attacks()), edges);
    }

    /** Returns the attacks of each user; empty if no user attacks. */
    public static List<List<Attack>> attacks(Attacks attacks) {
        return attacks.adversaries().users().stream()
                .map(own -> own.stream()
                        .map(a -> new Attack(
                                a.entry(), attacks.entries().get(a.entry()).name(), a.fromSeconds(), a.untilSeconds()))
                        .toList())
                .toList();
    }

    /** Returns the users that attack at some time. */
    public BitSet attackers() {
        BitSet found = new BitSet();
        IntStream.range(0, attacks.size())
                .filter(u -> !attacks.get(u).isEmpty())
                .forEach(found::set);
        return found;
    }

    /** Returns who attacks when. */
    public Adversaries adversaries() {
        return new Adversaries(attacks.stream()
                .map(own -> own.stream()
                        .map(a -> new Adversaries.Attack(a.entry, a.fromSeconds, a.untilSeconds))
                        .toList())
                .toList());
    }

    /**
     * Reads the file.
     *
     * @throws InputException if it is missing or malformed
     */
    public static RunParticipants read(Path folder) {
        JsonNode n = ResultJson.read(folder.resolve(FILE));
        List<String> categories = new ArrayList<>();
        n.path("categories").forEach(c -> categories.add(c.asText()));
        List<int[]> edges = n.path("edges").isArray() ? new ArrayList<>() : null;
        n.path("edges")
                .forEach(e -> edges.add(new int[] {e.path(0).asInt(), e.path(1).asInt()}));
        List<String> groups = new ArrayList<>();
        n.path("groups").forEach(g -> groups.add(g.asText()));
        double[][][] phases = new double[n.path("users").size()][][];
        List<List<Drifts.Change>> changes = new ArrayList<>();
        int[] group = new int[phases.length];
        for (int u = 0; u < phases.length; u++) {
            JsonNode user = n.path("users").get(u);
            JsonNode drift = user.path("drift");
            phases[u] = new double[drift.size() + 1][];
            phases[u][0] = shares(user, folder, "users." + u, categories.size());
            List<Drifts.Change> own = new ArrayList<>(drift.size());
            for (int k = 0; k < drift.size(); k++) {
                JsonNode change = drift.get(k);
                phases[u][k + 1] = shares(change, folder, "users." + u + ".drift." + k, categories.size());
                own.add(new Drifts.Change(
                        change.path("entry").asInt(),
                        change.path("at_seconds").asDouble(),
                        change.path("over_seconds").asDouble()));
            }
            changes.add(own);
        }
        List<List<Attack>> attacks = new ArrayList<>();
        n.path("users").forEach(user -> attacks.add(attacks(user)));
        for (int u = 0; u < group.length && !groups.isEmpty(); u++) {
            String name = n.path("users").get(u).path("group").asText();
            group[u] = groups.indexOf(name);
            if (group[u] < 0) {
                throw new InputException(folder.resolve(FILE) + ": users." + u + ".group must be one of "
                        + String.join(", ", groups) + ", found " + name);
            }
        }
        if (phases.length == 0) {
            throw new InputException(folder.resolve(FILE) + ": users must list the users, found none");
        }
        return new RunParticipants(
                categories,
                new UserMixtures(phases, new Drifts(changes)),
                groups,
                group,
                attacks.stream().allMatch(List::isEmpty) ? List.of() : attacks,
                edges);
    }

    private static List<Attack> attacks(JsonNode user) {
        List<Attack> own = new ArrayList<>(0);
        for (JsonNode a : user.path("attacks")) {
            JsonNode until = a.path("until_seconds");
            own.add(new Attack(
                    a.path("entry").asInt(),
                    a.path("attack").asText(),
                    a.path("from_seconds").asDouble(),
                    until.isNumber() ? until.asDouble() : Double.POSITIVE_INFINITY));
        }
        return own;
    }

    private static double[] shares(JsonNode of, Path folder, String path, int categories) {
        JsonNode shares = of.path("mixture");
        if (!shares.isArray() || shares.size() != categories) {
            throw new InputException(folder.resolve(FILE) + ": " + path + ".mixture must have a share for each of "
                    + categories + " categories, found " + shares.size());
        }
        double[] mixture = new double[categories];
        for (int c = 0; c < categories; c++) {
            mixture[c] = shares.get(c).asDouble();
        }
        return mixture;
    }

    /** Writes the file. */
    public void write(Path folder, DatasetOutline dataset) throws IOException {
        ObjectNode n = JSON.createObjectNode();
        categories.forEach(n.putArray("categories")::add);
        if (!groups.isEmpty()) {
            groups.forEach(n.putArray("groups")::add);
        }
        ArrayNode users = n.putArray("users");
        for (DatasetOutline.User u : dataset.users()) {
            ObjectNode one = users.addObject();
            if (!groups.isEmpty()) {
                one.put("group", groups.get(group[users.size() - 1]));
            }
            mixture(one, u.mixture());
            one.put("train_tokens", u.train())
                    .put("validation_tokens", u.validation())
                    .put("test_tokens", u.test());
            drift(one, users.size() - 1);
            attack(one, users.size() - 1);
        }
        if (edges == null) {
            n.putNull("edges");
        } else {
            ArrayNode list = n.putArray("edges");
            edges.forEach(e -> list.addArray().add(e[0]).add(e[1]));
        }
        AtomicFiles.write(folder.resolve(FILE), n + "\n");
    }

    /** Adds the changes of a user's data; nothing if there are none. */
    private void drift(ObjectNode to, int user) {
        List<Drifts.Change> changes = data.drifts().of(user);
        ArrayNode drift = changes.isEmpty() ? null : to.putArray("drift");
        for (int k = 0; k < changes.size(); k++) {
            Drifts.Change change = changes.get(k);
            ObjectNode one = drift.addObject()
                    .put("entry", change.entry())
                    .put("at_seconds", change.atSeconds())
                    .put("over_seconds", change.overSeconds());
            mixture(one, data.phases()[user][k + 1]);
        }
    }

    /** Adds the attacks of a user; nothing if there are none. */
    private void attack(ObjectNode to, int user) {
        List<Attack> own = attacks.isEmpty() ? List.of() : attacks.get(user);
        ArrayNode list = own.isEmpty() ? null : to.putArray("attacks");
        for (Attack a : own) {
            ObjectNode one =
                    list.addObject().put("entry", a.entry).put("attack", a.kind).put("from_seconds", a.fromSeconds);
            ResultJson.number(one, "until_seconds", a.untilSeconds);
        }
    }

    private static void mixture(ObjectNode to, double[] shares) {
        ArrayNode mixture = to.putArray("mixture");
        for (double share : shares) {
            mixture.add(share);
        }
    }
}
