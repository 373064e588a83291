package coterie.topology.graph;

import coterie.topology.files.Shown;
import java.util.Locale;
import org.jgrapht.Graph;
import org.jgrapht.graph.DefaultEdge;

/**
 * Reads graphs from files. Users are numbered from 0; a duplicate edge counts once. Error messages name the file and
 * the line.
 */
final class GraphFile {
    /** A graph takes many times as much memory as its file. */
    static final int PART_OF_MEMORY = 64;

    private static final int SHOWN = 60;

    private GraphFile() {}

    /**
     * Reads a graph of {@code users} users.
     *
     * @param directed whether edges are directed; null to follow the file, or undirected if the file does not say
     * @throws IllegalArgumentException if the file cannot be read or its content is invalid
     */
    static Graph<Integer, DefaultEdge> read(String path, Boolean directed, int users) {
        String name = path.toLowerCase(Locale.ROOT).replaceFirst("\\.gz$", "");
        boolean xml = name.endsWith(".graphml") || name.endsWith(".graphmlz") || name.endsWith(".xml");
        Graph<Integer, DefaultEdge> g = xml
                ? new GraphMl(path, directed, users).read()
                : EdgeLines.read(path, directed != null && directed, users);
        if (users > 1 && g.edgeSet().isEmpty()) {
            throw new IllegalArgumentException(path + ": has no edges, expected at least one between " + users
                    + " users (an empty or unfinished file?)");
        }
        return g;
    }

    static void join(Graph<Integer, DefaultEdge> g, String path, long line, int a, int b) {
        if (a == b) {
            throw wrong(path, line, "an edge must join two users, found user " + a + " joined to itself");
        }
        g.addEdge(a, b);
    }

    static boolean isOne(String weight) {
        return weight.strip().matches("\\+?1([.,]0*)?");
    }

    /** Rejects a weight other than 1. */
    static void weight(String path, long line, String weight) {
        if (!isOne(weight)) {
            throw wrong(
                    path,
                    line,
                    "an edge has the weight \"" + shown(weight)
                            + "\": only 1 is allowed, since the strategy decides how"
                            + " much a neighbour counts; remove the weights");
        }
    }

    static IllegalArgumentException wrong(String path, long line, String what) {
        return new IllegalArgumentException(path + ":" + line + ": " + what);
    }

    /** Text of a file, shortened and escaped for a message. */
    static String shown(String text) {
        return Shown.of(text, SHOWN);
    }
}
