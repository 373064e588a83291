package coterie.topology.graph;

import coterie.topology.files.Shown;
import java.util.Locale;
import org.jgrapht.Graph;
import org.jgrapht.graph.DefaultEdge;

/**
 * Graphs from files. Users are numbered from 0; an edge that stands there twice counts once. What is wrong is told with
 * file and line.
 */
final class GraphFile {
    /** A graph takes many times the room in memory that it takes in its file. */
    static final int PART_OF_MEMORY = 64;

    private static final int SHOWN = 60;

    private GraphFile() {}

    /**
     * Reads the graph of so many users.
     *
     * @param directed whether edges go one way; null for what the file says, which is both ways where it says nothing
     * @throws IllegalArgumentException where the file cannot be read or holds something else
     */
    static Graph<Integer, DefaultEdge> read(String path, Boolean directed, int users) {
        String name = path.toLowerCase(Locale.ROOT).replaceFirst("\\.gz$", "");
        boolean xml = name.endsWith(".graphml") || name.endsWith(".graphmlz") || name.endsWith(".xml");
        Graph<Integer, DefaultEdge> g = xml
                ? new GraphMl(path, directed, users).read()
                : EdgeLines.read(path, directed != null && directed, users);
        if (users > 1 && g.edgeSet().isEmpty()) {
            throw new IllegalArgumentException(path + ": has no edges, wanted is at least one between " + users
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

    /** Refuses a weight that would change something. */
    static void weight(String path, long line, String weight) {
        if (!isOne(weight)) {
            throw wrong(
                    path,
                    line,
                    "an edge has the weight \"" + shown(weight)
                            + "\": edges have none here (1 is allowed), the strategy decides how"
                            + " much a neighbour counts; take the weights out");
        }
    }

    static IllegalArgumentException wrong(String path, long line, String what) {
        return new IllegalArgumentException(path + ":" + line + ": " + what);
    }

    /** A piece of a file for a message. */
    static String shown(String text) {
        return Shown.of(text, SHOWN);
    }
}
