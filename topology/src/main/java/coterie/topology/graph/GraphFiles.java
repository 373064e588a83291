package coterie.topology.graph;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jgrapht.Graph;
import org.jgrapht.graph.DefaultEdge;
import org.jgrapht.nio.ImportException;
import org.jgrapht.nio.graphml.SimpleGraphMLImporter;

/** Graphs from files. Users are numbered from 0; {@code #} begins a comment. */
final class GraphFiles {
    private GraphFiles() {
    }

    static Graph<Integer, DefaultEdge> read(String path, boolean directed, int users) {
        String text;
        try {
            text = Files.readString(Path.of(path));
        } catch (NoSuchFileException e) {
            throw new IllegalArgumentException(path + ": there is no such file", e);
        } catch (IOException e) {
            throw new IllegalArgumentException(path + ": cannot be read: " + e.getMessage(), e);
        }
        Graph<Integer, DefaultEdge> g = GraphModel.empty(users, directed);
        if (path.endsWith(".graphml") || path.endsWith(".xml")) {
            graphMl(path, text, g, users);
        } else {
            lines(path, text, g, users);
        }
        return g;
    }

    /** A vertex is the user its id ends in the number of (GraphML's writers like "n0", "n1", …). */
    private static void graphMl(String path, String text, Graph<Integer, DefaultEdge> g, int users) {
        Graph<Integer, DefaultEdge> read = GraphModel.empty(0, g.getType().isDirected());
        Map<Integer, Integer> userOf = new HashMap<>();
        SimpleGraphMLImporter<Integer, DefaultEdge> importer = new SimpleGraphMLImporter<>();
        importer.addVertexAttributeConsumer((vertex, attribute) -> {
            if (vertex.getSecond().equals("ID")) {
                String digits = attribute.getValue().replaceFirst("^\\D*", "");
                userOf.put(vertex.getFirst(), user(path, 0, digits.isEmpty() ? attribute.getValue() : digits, users));
            }
        });
        try {
            importer.importGraph(read, new StringReader(text));
        } catch (ImportException e) {
            throw new IllegalArgumentException(path + ": no valid GraphML: " + e.getMessage(), e);
        }
        for (DefaultEdge e : read.edgeSet()) {
            join(path, 0, g, userOf.get(read.getEdgeSource(e)), userOf.get(read.getEdgeTarget(e)));
        }
    }

    private static void lines(String path, String text, Graph<Integer, DefaultEdge> g, int users) {
        String[] lines = text.split("\\R");
        for (int k = 0; k < lines.length; k++) {
            String line = lines[k].replaceFirst("#.*", "").strip();
            if (line.isEmpty()) {
                continue;
            }
            boolean adjacency = line.contains(":");
            String[] f = line.split(adjacency ? "\\s*:\\s*|[\\s,]+" : "[\\s,]+");
            if (!adjacency && f.length != 2) {
                throw new IllegalArgumentException(path + ":" + (k + 1) + ": an edge is two users, found \"" + line + "\"");
            }
            int from = user(path, k + 1, f[0], users);
            for (int i = 1; i < f.length; i++) {
                join(path, k + 1, g, from, user(path, k + 1, f[i], users));
            }
        }
    }

    private static void join(String path, int line, Graph<Integer, DefaultEdge> g, int a, int b) {
        if (a == b) {
            throw new IllegalArgumentException(at(path, line) + "nobody is his own neighbour, found user " + a + " joined to itself");
        }
        g.addEdge(a, b);
    }

    private static int user(String path, int line, String field, int users) {
        try {
            int u = Integer.parseInt(field);
            if (u >= 0 && u < users) {
                return u;
            }
        } catch (NumberFormatException e) {
            // Told below, like a number that is none of the users'.
        }
        throw new IllegalArgumentException(at(path, line) + "users are 0 to " + (users - 1) + ", found \"" + field + "\"");
    }

    private static String at(String path, int line) {
        return path + (line == 0 ? ": " : ":" + line + ": ");
    }
}
