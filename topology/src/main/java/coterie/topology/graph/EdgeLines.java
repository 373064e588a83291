package coterie.topology.graph;

import coterie.topology.files.PlainText;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jgrapht.Graph;
import org.jgrapht.graph.DefaultEdge;

/**
 * Reads a graph from lines of text: one edge per line ({@code 0 1}, {@code 0,1} or {@code 0;1}), or a user and its
 * neighbours ({@code 0: 1 2}). {@code #}, {@code %} and {@code //} start a comment. A header that names the columns is
 * honoured. A third field is the weight, which may only be 1.
 */
final class EdgeLines {
    private static final Pattern COMMENT = Pattern.compile("#|(^|\\s)(%|//)");
    private static final Pattern BETWEEN = Pattern.compile("[\\s,;]+");
    /** If semicolons separate fields, a comma may be a decimal separator. */
    private static final Pattern SEMICOLONS = Pattern.compile("\\s*;\\s*");

    private static final Pattern NUMBER = Pattern.compile("[+-]?(\\d+([.,]\\d*)?|[.,]\\d+)([eE][+-]?\\d+)?");
    private static final Pattern WHOLE = Pattern.compile("\\d{1,18}");
    /** The attributes that NetworkX appends to an edge, as a Python dictionary. */
    private static final Pattern DATA = Pattern.compile("([^{]*)\\{(.*)}");

    private static final Pattern WEIGHT = Pattern.compile("[\"']weight[\"']\\s*:\\s*([^,}]*)");
    private final String path;
    private final boolean directed;
    private final int users;
    private final Graph<Integer, DefaultEdge> graph;
    private EdgeColumns columns;
    /** The number of fields of the edges read so far; 0 before the first. */
    private int width;

    private EdgeLines(String path, boolean directed, int users) {
        this.path = path;
        this.directed = directed;
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
                String text = lines.uncommented(line);
                if (!text.isEmpty()) {
                    lines.line(text, number, first);
                    first = false;
                } else if (first && line.startsWith("%%MatrixMarket")) {
                    throw GraphFile.wrong(
                            path,
                            number,
                            "this is a Matrix Market file, which counts from 1;" + " users are counted from 0");
                }
            }
        } catch (IOException e) {
            throw new IllegalArgumentException(path + ": " + PlainText.why(e), e);
        }
        return lines.graph;
    }

    private String uncommented(String line) {
        Matcher comment = COMMENT.matcher(line);
        int data = line.indexOf('{');
        // The cells of a table may contain anything, for instance colours.
        boolean any = comment.find()
                && (columns == null || comment.start() == 0)
                && !(data >= 0 && data < comment.start() && line.strip().endsWith("}"));
        return (any ? line.substring(0, comment.start()) : line).strip();
    }

    private void line(String text, long number, boolean first) {
        if (first && text.startsWith("<")) {
            throw GraphFile.wrong(
                    path,
                    number,
                    PlainText.isHtml(text)
                            ? "this is HTML, not an edge list"
                            : "this is XML, not an edge list: GraphML is read from a file whose name ends in .graphml");
        }
        if (columns != null) {
            edge(text, number, first, false);
            return;
        }
        Matcher data = DATA.matcher(text);
        boolean hasData = data.matches();
        if (hasData) {
            Matcher weight = WEIGHT.matcher(data.group(2));
            if (weight.find()) {
                GraphFile.weight(path, number, weight.group(1));
            }
        }
        String bare = hasData ? data.group(1).strip() : text;
        int colon = bare.indexOf(':');
        if (colon >= 0) {
            neighbours(bare, colon, number);
            return;
        }
        if (first && !hasData) {
            EdgeColumns named = EdgeColumns.of(text, path, directed);
            if (named != null) {
                columns = named.plain(number) ? null : named;
                return;
            }
        }
        edge(bare, number, first, hasData);
    }

    private void neighbours(String text, int colon, long number) {
        int from = user(EdgeColumns.unquoted(text.substring(0, colon).strip()), number);
        String others = text.substring(colon + 1).strip();
        for (String to : others.isEmpty() ? new String[0] : fields(others, BETWEEN)) {
            GraphFile.join(graph, path, number, from, user(to, number));
        }
    }

    private void edge(String text, long number, boolean first, boolean hasData) {
        String[] f = columns == null
                ? fields(text, text.indexOf(';') < 0 ? BETWEEN : SEMICOLONS)
                : columns.edge(text, number);
        try {
            if (f.length == 3 && !hasData && NUMBER.matcher(f[2]).matches()) {
                GraphFile.weight(path, number, f[2]);
            } else if (f.length != 2) {
                throw GraphFile.wrong(
                        path,
                        number,
                        "an edge is two users and nothing else (no weight), or a user,"
                                + " a colon and its neighbours; found \"" + GraphFile.shown(text) + "\"");
            }
            if (width != 0 && width != f.length) {
                // Otherwise neighbours without a colon, such as "0 3 1", could pass for an edge and a weight.
                throw GraphFile.wrong(
                        path,
                        number,
                        "has " + f.length + " fields, the edges before have " + width
                                + " (the third would be the weight); found \"" + GraphFile.shown(text) + "\"");
            }
            width = f.length;
            GraphFile.join(graph, path, number, user(f[0], number), user(f[1], number));
        } catch (IllegalArgumentException e) {
            if (first && counts(f)) {
                throw new IllegalArgumentException(
                        e.getMessage()
                                + "; is this a line of counts (users, edges)? Remove it, such lines are not supported",
                        e);
            }
            throw e;
        }
    }

    private boolean counts(String[] f) {
        return f.length >= 2
                && Arrays.stream(f).allMatch(x -> WHOLE.matcher(x).matches())
                && (Long.parseLong(f[0]) >= users || f[0].equals(f[1]));
    }

    private static String[] fields(String text, Pattern between) {
        String[] f = between.split(text);
        for (int k = 0; k < f.length; k++) {
            f[k] = EdgeColumns.unquoted(f[k]);
        }
        return f;
    }

    private int user(String field, long number) {
        // Ten digits hold every int and do not overflow a long.
        if (field.matches("[0-9]{1,10}") && Long.parseLong(field) < users) {
            return Integer.parseInt(field);
        }
        throw GraphFile.wrong(
                path, number, "users are 0 to " + (users - 1) + ", found \"" + GraphFile.shown(field) + "\"");
    }
}
