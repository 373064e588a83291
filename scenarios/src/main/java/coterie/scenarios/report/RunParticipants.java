package coterie.scenarios.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import coterie.actors.user.SimulationConfig;
import coterie.model.files.AtomicFiles;
import coterie.model.text.DatasetOutline;
import coterie.scenarios.config.InputException;
import coterie.scenarios.results.ResultJson;
import coterie.topology.graph.Topology;
import coterie.topology.group.Groups;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The users of a run, {@code users.json}: each user's data and group, and the graph at the start.
 *
 * @param categories of the data
 * @param mixtures [N][categories]: shares of each user's text
 * @param groups names of groups; empty if there are none
 * @param group group of each user, [N]
 * @param edges pairs (from, to); null if neighbours are drawn, or there are too many
 */
public record RunParticipants(
        List<String> categories, double[][] mixtures, List<String> groups, int[] group, List<int[]> edges) {
    private static final String FILE = "users.json";
    private static final int MOST_EDGES = 50_000;
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Users in no groups. */
    public RunParticipants(List<String> categories, double[][] mixtures, List<int[]> edges) {
        this(categories, mixtures, List.of(), new int[mixtures.length], edges);
    }

    /** The users of a run that begins. */
    public static RunParticipants of(DatasetOutline dataset, SimulationConfig config, Groups groups) {
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
        return new RunParticipants(dataset.categories(), dataset.mixtures(), names, groups.ofUsers(), edges);
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
        double[][] mixtures = new double[n.path("users").size()][];
        int[] group = new int[mixtures.length];
        for (int u = 0; u < mixtures.length; u++) {
            JsonNode shares = n.path("users").get(u).path("mixture");
            mixtures[u] = new double[shares.size()];
            for (int c = 0; c < shares.size(); c++) {
                mixtures[u][c] = shares.get(c).asDouble();
            }
            if (!shares.isArray() || shares.size() != categories.size()) {
                throw new InputException(
                        folder.resolve(FILE) + ": users." + u + ".mixture must have a share for each of "
                                + categories.size() + " categories, found " + shares.size());
            }
        }
        for (int u = 0; u < group.length && !groups.isEmpty(); u++) {
            String name = n.path("users").get(u).path("group").asText();
            group[u] = groups.indexOf(name);
            if (group[u] < 0) {
                throw new InputException(folder.resolve(FILE) + ": users." + u + ".group must be one of "
                        + String.join(", ", groups) + ", found " + name);
            }
        }
        if (mixtures.length == 0) {
            throw new InputException(folder.resolve(FILE) + ": users must list the users, found none");
        }
        return new RunParticipants(categories, mixtures, groups, group, edges);
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
            ArrayNode mixture = one.putArray("mixture");
            for (double share : u.mixture()) {
                mixture.add(share);
            }
            one.put("train_tokens", u.train())
                    .put("validation_tokens", u.validation())
                    .put("test_tokens", u.test());
        }
        if (edges == null) {
            n.putNull("edges");
        } else {
            ArrayNode list = n.putArray("edges");
            edges.forEach(e -> list.addArray().add(e[0]).add(e[1]));
        }
        AtomicFiles.write(folder.resolve(FILE), n + "\n");
    }
}
