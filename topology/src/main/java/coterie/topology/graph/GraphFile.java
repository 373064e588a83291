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

    private GraphFile() {
    }

    /**
     * Reads the graph of so many users.
     *
     * @param directed whether edges go one way; null for what the file says, which is both ways where it says nothing
     * @throws IllegalArgumentException where the file cannot be read or holds something else
     */
    static Graph<Integer, DefaultEdge> read(String path, Boolean directed, int users) {
        String name = path.toLowerCase(Locale.ROOT).replaceFirst("\\.gz$", "");
        if (name.endsWith(".graphml") || name.endsWith(".graphmlz") || name.endsWith(".xml")) {
            return new GraphMl(path, directed, users).read();
        }
        return EdgeLines.read(path, directed != null && directed, users);
    }

    static void join(Graph<Integer, DefaultEdge> g, String path, long line, int a, int b) {
        if (a == b) {
            throw wrong(path, line, "an edge must join two users, found user " + a + " joined to itself");
        }
        g.addEdge(a, b);
    }

    static IllegalArgumentException wrong(String path, long line, String what) {
        return new IllegalArgumentException(path + ":" + line + ": " + what);
    }

    /** A piece of a file for a message. */
    static String shown(String text) {
        return Shown.of(text, SHOWN);
    }
}
