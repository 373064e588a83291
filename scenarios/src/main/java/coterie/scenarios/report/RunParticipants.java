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
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The users of a run, {@code users.json}: each user's data, and the graph at the start.
 *
 * @param categories of the data
 * @param mixtures [N][categories]: shares of each user's text
 * @param edges pairs (from, to); null if neighbours are drawn, or there are too many
 */
public record RunParticipants(List<String> categories, double[][] mixtures, List<int[]> edges) {
    private static final String FILE = "users.json";
    private static final int MOST_EDGES = 50_000;
    private static final ObjectMapper JSON = new ObjectMapper();

    /** The users of a run that begins. */
    public static RunParticipants of(DatasetOutline dataset, SimulationConfig config) {
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
        return new RunParticipants(dataset.categories(), dataset.mixtures(), edges);
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
        double[][] mixtures = new double[n.path("users").size()][];
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
        if (mixtures.length == 0) {
            throw new InputException(folder.resolve(FILE) + ": users must list the users, found none");
        }
        return new RunParticipants(categories, mixtures, edges);
    }

    /** Writes the file. */
    public void write(Path folder, DatasetOutline dataset) throws IOException {
        ObjectNode n = JSON.createObjectNode();
        categories.forEach(n.putArray("categories")::add);
        ArrayNode users = n.putArray("users");
        for (DatasetOutline.User u : dataset.users()) {
            ObjectNode one = users.addObject();
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
