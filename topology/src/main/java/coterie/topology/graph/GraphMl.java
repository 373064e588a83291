package coterie.topology.graph;

import coterie.topology.files.PlainText;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jgrapht.Graph;
import org.jgrapht.graph.DefaultEdge;

/**
 * Reads the edges of a GraphML file (Brandes et al., 2002) and their directions. The number at the end of a node's id
 * is its user (writers produce "n0", "n1" …). Foreign elements and attributes, labels, colours and ports are skipped
 * because they do not change the graph. Features that would change it and are not supported (nested graphs, hyperedges,
 * weights) are rejected.
 *
 * <p>Only the file itself is opened: a document type declaration is rejected, and schema locations are ignored.
 */
final class GraphMl {
    private static final String NAMESPACE = "graphml.graphdrawing.org";
    private static final String DOCTYPE =
            "has a document type declaration (DOCTYPE), which is not supported: remove it";
    private static final String HTML = ": is HTML, not GraphML (an error page instead of the file?)";
    private static final int HTML_NAME = 64;
    private static final Pattern NUMBERED = Pattern.compile("(\\D*?)([0-9]{1,10})");
    private static final Set<String> SKIPPED = Set.of("key", "data", "default", "desc", "port", "locator");

    private record Edge(String source, String target, boolean directed, long line) {}

    private final String path;
    private final Boolean directed;
    private final int users;
    private final Map<String, Integer> userOf = new HashMap<>();
    private final Map<Integer, String> idOf = new HashMap<>();
    private final List<Edge> edges = new ArrayList<>();
    private final GraphMlData data;
    private Boolean directedByDefault;
    private XMLStreamReader xml;

    GraphMl(String path, Boolean directed, int users) {
        this.path = path;
        this.directed = directed;
        this.users = users;
        data = new GraphMlData(path);
    }

    Graph<Integer, DefaultEdge> read() {
        try (InputStream in = PlainText.bytes(Path.of(path), GraphFile.PART_OF_MEMORY)) {
            StringWriter text = new StringWriter();
            XmlEncoding.reader(in).transferTo(text);
            rejectDoctype(text.getBuffer());
            xml = factory().createXMLStreamReader(new StringReader(text.toString()));
            document();
        } catch (XMLStreamException e) {
            throw readable(e);
        } catch (IOException e) {
            throw new IllegalArgumentException(path + ": " + PlainText.why(e), e);
        }
        data.check(userOf.size());
        return graph();
    }

    private static XMLInputFactory factory() {
        // The JDK's own factory, whatever is on the class path: its limits and switches are known.
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setProperty("javax.xml.stream.isSupportingExternalEntities", false);
        factory.setProperty("http://javax.xml.XMLConstants/property/accessExternalDTD", "");
        factory.setProperty(XMLInputFactory.IS_COALESCING, true);
        factory.setXMLResolver((publicId, systemId, base, namespace) -> {
            throw new XMLStreamException("an external entity is not read: " + systemId);
        });
        return factory;
    }

    /**
     * Rejects a document type declaration before the JDK's reader, which would process it to its end and may fail on
     * its content.
     */
    private void rejectDoctype(StringBuffer text) {
        for (int at = 0; at >= 0; ) {
            while (at < text.length() && (text.charAt(at) <= ' ' || text.charAt(at) == '\ufeff')) {
                at++;
            }
            if (starts(text, at, "<?")) {
                at = text.indexOf("?>", at) < 0 ? -1 : text.indexOf("?>", at) + 2;
            } else if (starts(text, at, "<!--")) {
                at = text.indexOf("-->", at) < 0 ? -1 : text.indexOf("-->", at) + 3;
            } else if (text.length() > at + 9 && text.substring(at, at + 9).equalsIgnoreCase("<!DOCTYPE")) {
                if (PlainText.isHtml(text.substring(at, Math.min(at + HTML_NAME, text.length())))) {
                    throw new IllegalArgumentException(path + HTML);
                }
                long line =
                        1 + text.substring(0, at).chars().filter(c -> c == '\n').count();
                throw GraphFile.wrong(path, line, DOCTYPE);
            } else if (PlainText.isHtml(text.substring(at, Math.min(at + HTML_NAME, text.length())))) {
                throw new IllegalArgumentException(path + HTML);
            } else {
                return;
            }
        }
    }

    private static boolean starts(StringBuffer text, int at, String with) {
        return text.length() >= at + with.length()
                && text.substring(at, at + with.length()).equals(with);
    }

    private void document() throws XMLStreamException {
        while (next() != XMLStreamConstants.START_ELEMENT) {
            if (xml.getEventType() == XMLStreamConstants.DTD) {
                throw wrong(DOCTYPE);
            }
        }
        if (!is("graphml")) {
            throw wrong("is not GraphML: its root element is <" + GraphFile.shown(xml.getLocalName())
                    + ">, expected <graphml>");
        }
        while (nextChild()) {
            if (is("graph")) {
                if (directedByDefault != null) {
                    throw wrong("has a second graph, expected one");
                }
                topGraph();
            } else if (is("key")) {
                key();
            } else {
                skip();
            }
        }
        while (xml.hasNext()) {
            next();
        }
        if (directedByDefault == null) {
            throw new IllegalArgumentException(path + ": has no <graph>");
        }
    }

    private void topGraph() throws XMLStreamException {
        String way = attribute("edgedefault");
        if (way != null && !way.equals("directed") && !way.equals("undirected")) {
            throw wrong("edgedefault must be directed or undirected, found \"" + GraphFile.shown(way) + "\"");
        }
        directedByDefault = way == null ? directed != null && directed : way.equals("directed");
        while (nextChild()) {
            if (is("node")) {
                node();
            } else if (is("edge")) {
                edge();
            } else if (is("hyperedge")) {
                throw wrong("has a <hyperedge>: an edge must join two users");
            } else {
                skip();
            }
        }
    }

    private void node() throws XMLStreamException {
        String id = required("node", "id");
        Matcher m = NUMBERED.matcher(id.strip());
        boolean signed = id.strip().matches("[+-][0-9].*");
        if (!m.matches() || signed || Long.parseLong(m.group(2)) >= users) {
            throw wrong("a node's id must be a user's number, optionally after letters; users are 0 to " + (users - 1)
                    + ", found \"" + GraphFile.shown(id)
                    + "\"");
        }
        int user = Integer.parseInt(m.group(2));
        String other = idOf.putIfAbsent(user, id);
        if (other != null) {
            throw wrong("two nodes are user " + user + ": \"" + GraphFile.shown(other) + "\" and \""
                    + GraphFile.shown(id) + "\"");
        }
        userOf.put(id, user);
        while (nextChild()) {
            if (is("graph")) {
                throw wrong(
                        "node \"" + GraphFile.shown(id) + "\" has a graph (a group): nested graphs are not supported");
            }
            if (is("data")) {
                long line = line();
                data.ofNode(attribute("key"), text(), user, line);
            } else {
                skip();
            }
        }
    }

    private void edge() throws XMLStreamException {
        long line = line();
        String source = required("edge", "source");
        String target = required("edge", "target");
        String way = attribute("directed");
        if (way != null && !way.equals("true") && !way.equals("false")) {
            throw wrong("an edge's directed must be true or false, found \"" + GraphFile.shown(way) + "\"");
        }
        for (int k = 0; k < xml.getAttributeCount(); k++) {
            if (GraphMlData.isWeight(xml.getAttributeLocalName(k))) {
                GraphFile.weight(path, line, xml.getAttributeValue(k));
            }
        }
        edges.add(new Edge(source, target, way == null ? directedByDefault : way.equals("true"), line));
        while (nextChild()) {
            if (is("graph")) {
                throw wrong("an edge has a graph: nested graphs are not supported");
            }
            if (is("data")) {
                long at = line();
                data.ofEdge(attribute("key"), text(), at);
            } else {
                skip();
            }
        }
    }

    private void key() throws XMLStreamException {
        String id = String.valueOf(attribute("id"));
        boolean weight = data.key(id, attribute("for"), attribute("attr.name"), attribute("yfiles.type"));
        while (nextChild()) {
            if (weight && is("default")) {
                long line = line();
                GraphFile.weight(path, line, text());
            } else {
                skip();
            }
        }
    }

    /** The text of an element, including that of its descendants. */
    private String text() throws XMLStreamException {
        StringBuilder text = new StringBuilder();
        for (int depth = 1; depth > 0; ) {
            int event = next();
            depth += event == XMLStreamConstants.START_ELEMENT ? 1 : event == XMLStreamConstants.END_ELEMENT ? -1 : 0;
            if (event == XMLStreamConstants.CHARACTERS || event == XMLStreamConstants.CDATA) {
                text.append(xml.getText());
            }
        }
        return text.toString().strip();
    }

    /** Skips a foreign element or one that does not affect the graph; rejects an unknown element of GraphML. */
    private void skip() throws XMLStreamException {
        if (inNamespace() && !SKIPPED.contains(xml.getLocalName())) {
            throw wrong("has <" + GraphFile.shown(xml.getLocalName()) + "> where it is not allowed");
        }
        for (int depth = 1; depth > 0; ) {
            int event = next();
            depth += event == XMLStreamConstants.START_ELEMENT ? 1 : event == XMLStreamConstants.END_ELEMENT ? -1 : 0;
        }
    }

    private Graph<Integer, DefaultEdge> graph() {
        Edge oneWay = edges.stream().filter(Edge::directed).findFirst().orElse(null);
        Edge bothWays = edges.stream().filter(e -> !e.directed).findFirst().orElse(null);
        if (directed != null && (directed ? bothWays : oneWay) != null) {
            throw GraphFile.wrong(
                    path,
                    (directed ? bothWays : oneWay).line,
                    "this edge goes "
                            + (directed ? "both ways" : "one way") + ", but directed is "
                            + directed + ": make them agree, or omit directed");
        }
        boolean anyDirected = oneWay != null || directedByDefault && bothWays == null;
        Graph<Integer, DefaultEdge> g = GraphModel.empty(users, anyDirected);
        for (Edge e : edges) {
            int from = end(e, e.source);
            int to = end(e, e.target);
            GraphFile.join(g, path, e.line, from, to);
            if (!e.directed && g.getType().isDirected()) {
                GraphFile.join(g, path, e.line, to, from);
            }
        }
        return g;
    }

    private int end(Edge edge, String id) {
        Integer user = userOf.get(id);
        if (user == null) {
            throw GraphFile.wrong(
                    path,
                    edge.line,
                    "an edge leads to \"" + GraphFile.shown(id) + "\", but there is no node of this id");
        }
        return user;
    }

    /** Advances to the next child of the current element; false at the end of that element. */
    private boolean nextChild() throws XMLStreamException {
        while (true) {
            int event = next();
            if (event == XMLStreamConstants.START_ELEMENT) {
                return true;
            }
            if (event == XMLStreamConstants.END_ELEMENT) {
                return false;
            }
        }
    }

    private int next() throws XMLStreamException {
        try {
            return xml.next();
        } catch (RuntimeException e) {
            // The JDK's reader throws unchecked exceptions on some malformed input, for instance at a premature end.
            throw new XMLStreamException("it cannot be read from here on", xml.getLocation(), e);
        }
    }

    private boolean is(String name) {
        return xml.getLocalName().equals(name) && inNamespace();
    }

    private boolean inNamespace() {
        String space = xml.getNamespaceURI();
        return space == null || space.isEmpty() || space.contains(NAMESPACE);
    }

    private String attribute(String name) {
        return xml.getAttributeValue(null, name);
    }

    private String required(String element, String name) {
        String value = attribute(name);
        if (value == null) {
            throw wrong("a" + (element.equals("edge") ? "n " : " ") + element + " has no " + name);
        }
        return value;
    }

    private long line() {
        return xml.getLocation().getLineNumber();
    }

    private IllegalArgumentException wrong(String what) {
        return GraphFile.wrong(path, line(), what);
    }

    /** Removes the location that the XML reader puts in front of its message. */
    private IllegalArgumentException readable(XMLStreamException e) {
        String message = String.valueOf(e.getMessage())
                .replaceFirst("(?s)^ParseError at \\[row,col\\]:\\[-?\\d+,-?\\d+\\]\\s*Message: ", "");
        String where = e.getLocation() == null || e.getLocation().getLineNumber() < 1
                ? ""
                : ":" + e.getLocation().getLineNumber() + ":" + e.getLocation().getColumnNumber();
        if (e.getNestedException() instanceof IOException io) {
            return new IllegalArgumentException(path + ": " + PlainText.why(io), e);
        }
        return new IllegalArgumentException(
                path + where + ": not valid XML: "
                        + message.replaceAll("\\s+", " ").strip(),
                e);
    }
}
