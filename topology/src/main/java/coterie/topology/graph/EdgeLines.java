package coterie.topology.graph;

import coterie.topology.files.PlainText;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import org.jgrapht.Graph;
import org.jgrapht.graph.DefaultEdge;

/**
 * Graphs as lines of text: an edge a line ({@code 0 1} or {@code 0,1}), or a user and its neighbours ({@code 0: 1 2}).
 * {@code #} begins a comment. A first line that names the columns of an edge is passed over.
 */
final class EdgeLines {
    private static final Set<String> HEADERS = Set.of("source target", "from to", "src dst");
    /** What NetworkX writes behind an edge without data. */
    private static final String NO_DATA = "{}";
    private final String path;
    private final int users;
    private final Graph<Integer, DefaultEdge> graph;

    private EdgeLines(String path, boolean directed, int users) {
        this.path = path;
        this.users = users;
        graph = GraphModel.empty(users, directed);
    }

    static Graph<Integer, DefaultEdge> read(String path, boolean directed, int users) {
        EdgeLines lines = new EdgeLines(path, directed, users);
        try (BufferedReader in = PlainText.open(Path.of(path), GraphFile.PART_OF_MEMORY)) {
            boolean first = true;
            long number = 0;
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                number++;
                int comment = line.indexOf('#');
                String text = (comment < 0 ? line : line.substring(0, comment)).strip();
                if (!text.isEmpty()) {
                    lines.line(text, number, first);
                    first = false;
                }
            }
        } catch (IOException e) {
            throw new IllegalArgumentException(path + ": " + PlainText.why(e), e);
        }
        return lines.graph;
    }

    private void line(String text, long number, boolean first) {
        if (first && text.startsWith("<")) {
            throw GraphFile.wrong(path, number,
                    "this is XML, not an edge list: GraphML is read from a file whose name ends in .graphml");
        }
        int colon = text.indexOf(':');
        if (colon >= 0) {
            int from = user(text.substring(0, colon).strip(), number);
            String others = text.substring(colon + 1).strip();
            for (String to : others.isEmpty() ? new String[0] : others.split("[\\s,]+")) {
                GraphFile.join(graph, path, number, from, user(to, number));
            }
            return;
        }
        String[] f = text.split("[\\s,]+");
        if (first && HEADERS.contains(String.join(" ", f).toLowerCase(Locale.ROOT))) {
            return;
        }
        if (f.length != 2 && !(f.length == 3 && f[2].equals(NO_DATA))) {
            throw GraphFile.wrong(path, number,
                    "an edge is two users and nothing else (no weight), or a user, a colon and its neighbours; found \""
                    + GraphFile.shown(text) + "\"");
        }
        GraphFile.join(graph, path, number, user(f[0], number), user(f[1], number));
    }

    private int user(String field, long number) {
        // Ten digits hold every int, and some more.
        if (field.matches("[0-9]{1,10}") && Long.parseLong(field) < users) {
            return Integer.parseInt(field);
        }
        throw GraphFile.wrong(path, number, "users are 0 to " + (users - 1) + ", found \"" + GraphFile.shown(field)
                + "\"");
    }
}
