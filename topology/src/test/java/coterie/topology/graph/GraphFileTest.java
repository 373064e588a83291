package coterie.topology.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Graph files in the variants that occur in practice. */
class GraphFileTest {
    private static final String OPEN = "<graphml xmlns=\"http://graphml.graphdrawing.org/xmlns\">\n";
    private static final String NODES = "<node id=\"n0\"/><node id=\"n1\"/><node id=\"n2\"/><node id=\"n3\"/>\n";
    private static final String RING = edge(0, 1, "") + edge(1, 2, "") + edge(2, 3, "") + edge(3, 0, "");

    @TempDir
    private Path folder;

    private static String edge(int from, int to, String more) {
        return "<edge source=\"n" + from + "\" target=\"n" + to + "\"" + more + "/>\n";
    }

    private static String graphMl(String way, String inside) {
        return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + OPEN + "<graph id=\"G\" edgedefault=\"" + way + "\">"
                + inside + "</graph></graphml>\n";
    }

    private Topology read(String name, byte[] content, Boolean directed) throws IOException {
        return new GraphModel.FromFile(
                        Files.write(folder.resolve(name), content).toString(), directed)
                .build(4, 1);
    }

    private Topology read(String name, String content, Boolean directed) throws IOException {
        return read(name, content.getBytes(StandardCharsets.UTF_8), directed);
    }

    private AbstractThrowableAssert<?, ? extends Throwable> assertRefused(String name, String content) {
        return assertThatThrownBy(() -> read(name, content, null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(name);
    }

    private static void assertRing(Topology t) {
        for (int u = 0; u < 4; u++) {
            assertThat(t.outNeighbours(u))
                    .containsExactly(
                            IntStream.of((u + 1) % 4, (u + 3) % 4).sorted().toArray());
        }
    }

    @Test
    void aByteOrderMarkIsRemoved() throws IOException {
        assertRing(read("g.txt", "\ufeff0 1\n1 2\n2 3\n3 0\n", null));
        assertRing(read("g.graphml", "\ufeff" + graphMl("undirected", NODES + RING), null));
        assertRing(read(
                "g.graphml",
                graphMl("undirected", NODES + RING).replace("UTF-8", "UTF-16").getBytes(StandardCharsets.UTF_16),
                null));
    }

    @ParameterizedTest
    @CsvSource({"ISO-8859-1", "windows-1252", "UTF-16LE", "Shift_JIS"})
    void xmlIsReadInItsDeclaredEncoding(String charset) throws IOException {
        String label = charset.startsWith("S") ? "東京" : "M\u00fcnchen";
        String xml = graphMl("undirected", NODES.replaceFirst("/>", "><desc>" + label + "</desc></node>") + RING)
                .replace("UTF-8", charset);
        assertRing(read("g.graphml", xml.getBytes(Charset.forName(charset)), null));
    }

    @Test
    void xmlNotInItsDeclaredEncodingIsReported() {
        byte[] latin =
                graphMl("undirected", "<desc>M\u00fcnchen</desc>" + NODES).getBytes(StandardCharsets.ISO_8859_1);
        assertThatThrownBy(() -> read("g.graphml", latin, null))
                .hasMessageMatching(".*g.graphml: byte \\d+: 0xFC is not UTF-8; it looks like Latin-1.*");
        assertRefused("g.graphml", graphMl("undirected", NODES).replace("UTF-8", "UTF-16"))
                .hasMessageContaining("declares the encoding UTF-16, but is not in it");
        assertRefused("g.graphml", graphMl("undirected", NODES).replace("UTF-8", "klingon"))
                .hasMessageContaining("klingon, which is not known");
        byte[] ascii = graphMl("undirected", "<desc>\u00fc</desc>" + NODES)
                .replace("UTF-8", "US-ASCII")
                .getBytes(StandardCharsets.ISO_8859_1);
        assertThatThrownBy(() -> read("g.graphml", ascii, null))
                .hasMessageContaining("is not in US-ASCII, the encoding that it declares");
    }

    @Test
    void directionsFollowTheFile() throws IOException {
        Topology cycle = read("g.graphml", graphMl("directed", NODES + RING), null);
        for (int u = 0; u < 4; u++) {
            assertThat(cycle.outNeighbours(u)).containsExactly((u + 1) % 4);
            assertThat(cycle.inNeighbours(u)).containsExactly((u + 3) % 4);
        }
        assertThat(read("g.graphml", graphMl("directed", NODES + RING), true).edges())
                .isEqualTo(4);
        assertThatThrownBy(() -> read("g.graphml", graphMl("directed", NODES + RING), false))
                .hasMessageContaining("g.graphml:4: this edge goes one way");
        assertThatThrownBy(() -> read("g.graphml", graphMl("undirected", NODES + RING), true))
                .hasMessageContaining("this edge goes both ways");
        Topology mixed = read(
                "g.graphml", graphMl("directed", NODES + edge(0, 1, "") + edge(1, 2, " directed=\"false\"")), null);
        assertThat(mixed.outNeighbours(0)).containsExactly(1);
        assertThat(mixed.outNeighbours(1)).containsExactly(2);
        assertThat(mixed.outNeighbours(2)).containsExactly(1);
        assertRefused("g.graphml", graphMl("both", NODES))
                .hasMessageContaining("edgedefault must be directed or undirected, found \"both\"");
    }

    @Test
    void yedFilesAreRead() throws IOException {
        assertRing(read("g.graphml", """
                <?xml version="1.0" encoding="UTF-8" standalone="no"?>
                <graphml xmlns="http://graphml.graphdrawing.org/xmlns"
                  xmlns:java="http://www.yworks.com/xml/yfiles-common/1.0/java"
                  xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:y="http://www.yworks.com/xml/graphml"
                  xsi:schemaLocation="http://graphml.graphdrawing.org/xmlns
                    http://www.yworks.com/xml/schema/graphml/1.1/ygraphml.xsd">
                  <!--Created by yEd 3.23.2-->
                  <key attr.name="Description" attr.type="string" for="graph" id="d0"/>
                  <key for="node" id="d6" yfiles.type="nodegraphics"/>
                  <key for="graphml" id="d7" yfiles.type="resources"/>
                  <graph edgedefault="undirected" id="G"><data key="d0" xml:space="preserve"/>
                    <node id="n0"><data key="d6"><y:ShapeNode><y:Geometry height="30.0" width="30.0" x="1.0" y="-0.5"/>
                      <y:NodeLabel>A <![CDATA[<graph>]]></y:NodeLabel></y:ShapeNode></data></node>
                    <node id="n1"><port name="p"/></node><node id="n2"/><node id="n3"/>
                    <edge id="e0" source="n0" target="n1" targetport="p"><data key="d9"><y:PolyLineEdge/></data></edge>
                    <edge id="e1" source="n1" target="n2"/>
                    <edge id="e2" source="n2" target="n3"/><edge id="e3" source="n3" target="n0"/>
                  </graph><data key="d7"><y:Resources/></data></graphml>
                """, null));
    }

    @Test
    void unsupportedFeaturesThatAffectTheGraphAreRejected() {
        assertRefused("g.graphml", graphMl("undirected", NODES + "<hyperedge><endpoint node=\"n0\"/></hyperedge>"))
                .hasMessageContaining("<hyperedge>");
        assertRefused("g.graphml", graphMl("undirected", "<node id=\"n0\">\n<graph edgedefault=\"directed\"/></node>"))
                .hasMessageContaining(":4: node \"n0\" has a graph");
        assertRefused(
                        "g.graphml",
                        graphMl("undirected", NODES)
                                .replace("</graphml>", "<graph edgedefault=\"directed\"/></graphml>"))
                .hasMessageContaining("second graph");
        assertRefused("g.graphml", graphMl("undirected", NODES + "<edgy/>")).hasMessageContaining("<edgy>");
        String key = "<key id=\"d0\" for=\"edge\" attr.name=\"weight\" attr.type=\"double\"/>";
        String weight = NODES + "<edge source=\"n0\" target=\"n1\"><data key=\"d0\">0.5</data></edge>";
        assertRefused("g.graphml", graphMl("undirected", weight).replace("<graph id", key + "<graph id"))
                .hasMessageContaining("weight \"0.5\"");
        assertRefused("g.graphml", "<gexf xmlns=\"http://www.gexf.net/1.2draft\"/>")
                .hasMessageContaining("root element is <gexf>");
        assertRefused("g.graphml", OPEN + "</graphml>").hasMessageContaining("has no <graph>");
        assertRefused("g.txt", graphMl("undirected", NODES)).hasMessageContaining("g.txt:1: this is XML");
    }

    @Test
    void nodeIdsEndInDistinctUserNumbers() throws IOException {
        assertThat(read(
                                "g.graphml",
                                graphMl(
                                        "undirected",
                                        "<node id=\" user 1 \"/><node id=\"node-2\"/><edge source=\" user 1 "
                                                + "\" target=\"node-2\"/>"),
                                null)
                        .outNeighbours(1))
                .containsExactly(2);
        assertRefused("g.graphml", graphMl("undirected", "<node id=\"a1\"/><node id=\"b1\"/>"))
                .hasMessageContaining("two nodes are user 1: \"a1\" and \"b1\"");
        assertRefused("g.graphml", graphMl("undirected", "<node id=\"n1\"/><node id=\"n1\"/>"))
                .hasMessageContaining("two nodes are user 1");
        for (String id : new String[] {"-1", "+1", "4", "n99999999999", "2147483648", "Alice", "", "1.5", "n1x"}) {
            assertRefused("g.graphml", graphMl("undirected", "<node id=\"" + id + "\"/>"))
                    .hasMessageContaining("users are 0 to 3, found \"" + id + "\"");
        }
        assertRefused("g.graphml", graphMl("undirected", "<node/>")).hasMessageContaining("a node has no id");
        assertRefused("g.graphml", graphMl("undirected", NODES + "<edge source=\"n0\"/>"))
                .hasMessageContaining("an edge has no target");
        assertRefused("g.graphml", graphMl("undirected", NODES + edge(0, 1, "") + edge(0, 9, "")))
                .hasMessageContaining("g.graphml:5: an edge leads to \"n9\"");
    }

    @Test
    void edgesMayPrecedeTheirNodesAndBeDuplicated() throws IOException {
        assertRing(read("g.graphml", graphMl("undirected", RING + edge(1, 0, "") + NODES), null));
        assertRefused("g.graphml", graphMl("undirected", NODES + edge(1, 1, "")))
                .hasMessageContaining("g.graphml:4: an edge must join two users, found user 1");
    }

    @Test
    void parseErrorsAreReportedWithTheirLocation() {
        assertRefused("g.graphml", OPEN + "<graph edgedefault=undirected>")
                .hasMessageMatching("(?s).*g.graphml:2:\\d+: not valid XML: Open quote is expected.*")
                .hasMessageNotContaining("ParseError");
        assertRefused("g.graphml", graphMl("undirected", NODES).substring(0, 200))
                .hasMessageContaining("g.graphml:4:")
                .hasMessageContaining("</graph>");
        assertRefused("g.graphml", "").hasMessageContaining("Premature end of file");
        assertRefused("g.graphml", graphMl("undirected", "<desc>&x;</desc>"))
                .hasMessageContaining("The entity \"x\" was referenced, but not declared");
    }

    @Test
    @Timeout(60)
    void xmlAccessesNoOtherResources() throws IOException {
        Path secret = Files.writeString(folder.resolve("secret.txt"), "n0");
        try (ServerSocket listener = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            String address = "http://127.0.0.1:" + listener.getLocalPort() + "/x";
            String[] doctypes = {
                "<!DOCTYPE graphml SYSTEM \"" + address + "\">",
                "<!DOCTYPE graphml PUBLIC \"-//x//EN\" \"" + address + "\">",
                "<!DOCTYPE graphml [<!ENTITY x SYSTEM \"" + address + "\">]>",
                "<!DOCTYPE graphml [<!ENTITY % p SYSTEM \"" + address + "\"> %p;]>",
                "<!DOCTYPE graphml [<!ENTITY x SYSTEM \"" + secret.toUri() + "\">]>",
                "<!DOCTYPE graphml [<!ENTITY x \"n0\">]>",
                "<!DOCTYPE graphml [<!ENTITY a \"0000000000\"><!ENTITY b \"" + "&a;".repeat(10) + "\"><!ENTITY x \""
                        + "&b;".repeat(10) + "\">]>"
            };
            for (String doctype : doctypes) {
                for (String inside : new String[] {"<node id=\"&x;\"/>", "<desc>&x;</desc>", ""}) {
                    String xml = graphMl("undirected", inside + NODES).replace("?>\n", "?>\n" + doctype);
                    assertRefused("g.graphml", xml)
                            .hasMessageContaining("g.graphml:2: has a document type declaration")
                            .hasMessageNotContaining("secret.txt");
                }
            }
            assertRing(read(
                    "g.graphml",
                    graphMl(
                                    "undirected",
                                    "<xi:include xmlns:xi=\"http://www.w3.org/2001/XInclude\" href=\"" + address
                                            + "\"/>" + NODES + RING)
                            .replace(
                                    "<graphml ",
                                    "<graphml xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" "
                                            + "xsi:schemaLocation=\""
                                            + "http://graphml.graphdrawing.org/xmlns " + address + "\" "),
                    null));
            listener.setSoTimeout(300);
            assertThatThrownBy(listener::accept).as("no connection").isInstanceOf(SocketTimeoutException.class);
        }
    }

    @Test
    void commonEdgeListsAreRead() throws IOException {
        assertRing(read("g.txt", "# comment\r\n\r\n0 1\r\n1\t2  # and more\r\n2, 3\r\n3,0\r\n0 3\r\n", null));
        assertRing(read("g.csv", "Source,Target\n0,1\n1,2\n2,3\n3,0\n", null));
        assertRing(read("g.edgelist", "0 1 {}\n1 2 {}\n2 3 {}\n3 0 {}\n", null));
        assertRing(read("g.adj", "0: 1 3\n2: 1,3\n3:\n", null));
        assertThat(read(
                                "g.adj",
                                "0: "
                                        + IntStream.range(0, 5000)
                                                .mapToObj(k -> "1 2 3")
                                                .collect(Collectors.joining(" ")),
                                null)
                        .edges())
                .isEqualTo(6);
        java.io.ByteArrayOutputStream packed = new java.io.ByteArrayOutputStream();
        try (java.io.OutputStream zip = new java.util.zip.GZIPOutputStream(packed)) {
            zip.write(graphMl("undirected", NODES + RING).getBytes(StandardCharsets.UTF_8));
        }
        assertRing(read("g.graphml.gz", packed.toByteArray(), null));
    }

    @Test
    void invalidEdgesAreReportedWithTheirLine() throws IOException {
        assertRefused("g.txt", "0 1\n1 2 0 1\n")
                .hasMessageContaining("g.txt:2: an edge is two users and nothing else (no weight)");
        assertRefused("g.txt", "0 1\n1\n").hasMessageContaining("g.txt:2: an edge is two users");
        assertRefused("g.txt", "0|1\n").hasMessageContaining("found \"0|1\"");
        assertRefused("g.txt", "0: 1: 2\n").hasMessageContaining("g.txt:1: users are 0 to 3, found \"1:\"");
        assertRefused("g.txt", "0 1\n: 2\n").hasMessageContaining("g.txt:2: users are 0 to 3, found \"\"");
        assertRefused("g.txt", "1 1\n").hasMessageContaining("g.txt:1: an edge must join two users");
        for (String id : new String[] {"-1", "4", "99999999999999999999", "2147483648", "1.0", "0x1", "source", "٣"}) {
            assertRefused("g.txt", "0 1\n2 " + id + "\n")
                    .hasMessageContaining("g.txt:2: users are 0 to 3, found \"" + id + "\"");
        }
        assertThatThrownBy(() -> read("g.txt", "0 1\n".getBytes(StandardCharsets.UTF_16), null))
                .hasMessageContaining("UTF-16BE by its byte order mark");
        assertThatThrownBy(() -> new GraphModel.FromFile(folder.toString(), null).build(4, 1))
                .hasMessageContaining("is a folder, expected a file");
    }

    @Test
    void aGraphWithoutEdgesIsRejectedUnlessThereIsOneUser() throws IOException {
        assertRefused("g.txt", "").hasMessageContaining("g.txt: has no edges, expected at least one between 4 users");
        assertRefused("g.txt", "# nothing\n\n").hasMessageContaining("has no edges");
        assertRefused("g.adj", "0:\n1:\n").hasMessageContaining("has no edges");
        assertRefused("g.graphml", graphMl("undirected", NODES)).hasMessageContaining("g.graphml: has no edges");
        String empty = Files.writeString(folder.resolve("one.txt"), "").toString();
        assertThat(new GraphModel.FromFile(empty, null).build(1, 1).edges()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "% sym unweighted\n% 4 4\n0 1\n1 2\n2 3\n3 0",
                "// a ring\n0 1\n1 2 // b\n2 3 % c\n3 0",
                "\"source\",\"target\"\n\"0\",\"1\"\n\"1\",\"2\"\n'2','3'\n3 ,0",
                "0;1\n1; 2\n2;3\n3;0",
                "0 1 1\n1 2 1.0\n2 3 1.\n3 0 +1",
                "0 1 {'weight': 1.0}\n1 2 {}\n2 3 {'a': '#f00', 'weight': 1}\n3 0 {}",
                "node1,node2\n0,1\n1,2\n2,3\n3,0",
                "FromNodeId\tToNodeId\n0\t1\n1\t2\n2\t3\n3\t0",
                "target,source\n0,1\n1,2\n2,3\n3,0",
                "u v w\n0 1 1\n1 2 1\n2 3 1\n3 0 1",
                "Source,Target,Type,Id,Label,timeset,Weight\n0,1,Undirected,0,\"a, #b\",,1.0\n1,2,Undirected,1,,,1\n"
                        + "2,3,Undirected,2,,,\n3,0,Undirected,3,,,1",
                ",source,target,weight\n0,0,1,1\n1,1,2,1\n2,2,3,1\n3,3,0,1",
                "Id;Weight;Target;Source\n0;1,0;1;0\n1;1;2;1\n2;1;3;2\n3;1;0;3"
            })
    void edgeListsOfOtherToolsAreRead(String content) throws IOException {
        assertRing(read("g.csv", content, null));
        assertRing(read("g.csv", content.replace("\n", "\r\n") + "\r\n", null));
    }

    @Test
    void columnsAreFoundByName() throws IOException {
        String table = "Id,Target,Source,Type\n0,1,0,Directed\n1,2,1,directed\n";
        Topology t = read("g.csv", table, true);
        assertThat(t.outNeighbours(0)).containsExactly(1);
        assertThat(t.inNeighbours(2)).containsExactly(1);
        assertRefused("g.csv", table)
                .hasMessageContaining("g.csv:2: this edge is Directed")
                .hasMessageContaining("directed: true");
        assertRefused("g.csv", "Source,Target,Weight\n0,1,1\n1,2,0.5\n")
                .hasMessageContaining("g.csv:3: an edge has the weight");
        assertRefused("g.csv", "Source,Target,Id\n0,1\n")
                .hasMessageContaining("g.csv:2: has 2 fields, the first line names 3");
        assertRefused("g.csv", "Source,Target,Id\n0,9,1\n")
                .hasMessageContaining("g.csv:2: users are 0 to 3, found \"9\"");
        assertRefused("g.csv", "a,b,c,d\n0,1,2,3\n")
                .hasMessageContaining("g.csv:1: expected columns source and target");
        assertRefused("g.csv", "Source,b\n0,1\n").hasMessageContaining("g.csv:1: expected columns source and target");
    }

    @Test
    void weightsInEdgeListsMustBeOne() {
        for (String line : new String[] {"1 2 0.5", "1,2,0", "1;2;0,5", "1 2 1e3", "1 2 -1", "1 2 {'weight': 0.5}"}) {
            assertRefused("g.txt", "0 1 {}\n" + line + "\n").hasMessageContaining("g.txt:2: an edge has the weight");
        }
        assertRefused("g.txt", "0 1\n0 2 1\n").hasMessageContaining("g.txt:2: has 3 fields, the edges before have 2");
    }

    @Test
    void aLineOfCountsIsReported() {
        for (String counts : new String[] {"4 4", "4 4 4", "2 2", "1000,4"}) {
            assertRefused("g.txt", counts + "\n0 1\n1 2\n")
                    .hasMessageContaining("g.txt:1: ")
                    .hasMessageContaining("is this a line of counts");
        }
        assertRefused("g.txt", "0 1\n4 4\n").hasMessageNotContaining("counts");
        assertRefused("g.mtx", "%%MatrixMarket matrix coordinate\n1 2\n")
                .hasMessageContaining("g.mtx:1: this is a Matrix Market");
    }

    @Test
    void weightsInGraphMlMustBeOne() throws IOException {
        String data = NODES + "<edge source=\"n0\" target=\"n1\"><data key=\"%s\">%s</data></edge>";
        String key = "<key id=\"w\" for=\"edge\" attr.name=\"Weight\"/>";
        assertRefused("g.graphml", graphMl("undirected", data.formatted("weight", "0.3")))
                .hasMessageContaining("weight \"0.3\"");
        assertRefused(
                        "g.graphml",
                        graphMl("undirected", data.formatted("w", "0.3")).replace("</graphml>", key + "</graphml>"))
                .hasMessageContaining("g.graphml:4: an edge has the weight \"0.3\"");
        assertRefused("g.graphml", graphMl("undirected", NODES + edge(0, 1, " weight=\"2\"")))
                .hasMessageContaining("g.graphml:4: an edge has the weight \"2\"");
        assertThat(read(
                                "g.graphml",
                                graphMl("undirected", data.formatted("w", "1.0") + edge(1, 2, " weight=\"1\""))
                                        .replace("</graphml>", key + "</graphml>"),
                                null)
                        .edges())
                .isEqualTo(4);
        String other = "<key id=\"weight\" for=\"edge\" attr.name=\"colour\"/>";
        assertThat(read(
                                "g.graphml",
                                graphMl("undirected", data.formatted("weight", "0.3"))
                                        .replace("</graphml>", other + "</graphml>"),
                                null)
                        .edges())
                .isEqualTo(2);
    }

    private static String named(String key, String... names) {
        StringBuilder nodes = new StringBuilder();
        for (int k = 0; k < names.length; k++) {
            nodes.append("<node id=\"n")
                    .append(k)
                    .append("\"><data key=\"")
                    .append(key)
                    .append("\">")
                    .append(names[k])
                    .append("</data></node>\n");
        }
        return nodes + RING;
    }

    @Test
    void namesThatContradictIdsAreRejected() throws IOException {
        String key = "<key id=\"v\" for=\"node\" attr.name=\"name\"/>";
        String yed = "<key id=\"v\" for=\"node\" yfiles.type=\"nodegraphics\"/>";
        for (String k : new String[] {key, key.replace("name=\"name", "name=\"Label"), yed}) {
            assertRefused(
                            "g.graphml",
                            graphMl("undirected", named("v", "0", "2", " 1 ", "3"))
                                    .replace("<graph id", k + "<graph id"))
                    .hasMessageContaining("g.graphml:4: this node is 1 by its id and 2 by its name")
                    .hasMessageContaining("which of the two is the user?");
            assertRing(read(
                    "g.graphml",
                    graphMl("undirected", named("v", "0", "1", "2", "3")).replace("<graph id", k + "<graph id"),
                    null));
            assertRing(read(
                    "g.graphml",
                    graphMl("undirected", named("v", "3", "2", "Bob", "0")).replace("<graph id", k + "<graph id"),
                    null));
        }
        assertRefused("g.graphml", graphMl("undirected", named("label", "3", "2", "1", "0")))
                .hasMessageContaining("which of the two");
        String size = key.replace("\"name\"", "\"size\"");
        assertRing(read(
                "g.graphml",
                graphMl("undirected", named("v", "3", "2", "1", "0")).replace("<graph id", size + "<graph id"),
                null));
    }

    @Test
    void htmlInsteadOfAGraphIsReported() {
        for (String page : new String[] {
            "<!DOCTYPE html><html><body>404</body></html>", "<!doctype html>\n<p>", "<html><body>", "\n<!-- x --><HTML>"
        }) {
            assertRefused("g.graphml", page).hasMessageContaining("g.graphml: is HTML, not GraphML");
            assertRefused("g.txt", page.replaceFirst("^\\s*<!--.*?-->", "")).hasMessageContaining("this is HTML");
        }
    }
}
