package coterie.scenarios.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Text, graphs and tables from the wild, as the command line takes or refuses them. */
class DataFilesTest {
    private static final String XML = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
    private static final String GRAPHML = "<graphml xmlns=\"http://graphml.graphdrawing.org/xmlns\">"
            + "<graph edgedefault=\"undirected\"><node id=\"0\"/><node id=\"1\"/><node id=\"2\"/><node id=\"3\"/>"
            + "<edge source=\"0\" target=\"1\"/><edge source=\"1\" target=\"2\"/><edge source=\"2\" target=\"3\"/>"
            + "</graph></graphml>\n";

    @TempDir
    private Path folder;

    @RegisterExtension
    private final Terminal terminal = new Terminal();

    private Path write(String name, String content) throws IOException {
        return write(name, content.getBytes(StandardCharsets.UTF_8));
    }

    private Path write(String name, byte[] content) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.write(file, content);
    }

    private static String documents(String language, int n, String between) {
        StringBuilder text = new StringBuilder();
        for (int k = 0; k < n; k++) {
            text.append(k == 0 ? "" : between)
                    .append(language)
                    .append(" document ")
                    .append(k)
                    .append(" tells of rain and bread, of trains and ships, of houses by the river. ".repeat(4));
        }
        return text.toString();
    }

    /** @return what was printed */
    private String coterie(int code, String command, String scenario, String... more) throws IOException {
        Path file = write(
                "scenario.yaml",
                "name: t\n" + scenario
                        + "\ntraining: {context: 32, iterations: 2, batch_size: 1}\n"
                        + "collaboration: {every: 1, trust: {shared_windows: 1}}\nrecord: {samples: 0}\n");
        List<String> words = new ArrayList<>(List.of(command, file.toString()));
        words.addAll(Arrays.asList(more));
        int exit = terminal.coterie(words.toArray(String[]::new));
        String printed = terminal.said();
        assertThat(exit).as(printed).isEqualTo(code);
        assertThat(printed).doesNotContain("Exception", "\tat ");
        return printed;
    }

    private String data(int code, String source, String path) throws IOException {
        return coterie(
                code,
                "data",
                "users: 2\ndata: {source: " + source + ", path: " + folder.resolve(path)
                        + ", train_tokens: 300, validation_tokens: 100, test_tokens: 100, shared_tokens: 100}");
    }

    private String graph(int code, String name) throws IOException {
        return coterie(
                code,
                "validate",
                "users: 4\ndata: {train_tokens: 300, shared_tokens: 200}\n" + "topology: {kind: file, path: "
                        + folder.resolve(name) + "}");
    }

    private String bandwidth(int code, String command, String... more) throws IOException {
        return coterie(
                code,
                command,
                "users: 4\ndata: {train_tokens: 300, validation_tokens: 100, test_tokens: 100,"
                        + " shared_tokens: 200}\ntime: {bandwidth: {model: trace, path: " + folder.resolve("t.csv")
                        + "}}",
                more);
    }

    @Test
    void rubbishBesideTextsIsPassedOverByDataValidateAndRun() throws IOException {
        write("texts/de/a.docs.txt", documents("de", 20, "\n<|endoftext|>\n"));
        write("texts/fr/a.docs.txt", documents("fr", 20, "\n<|endoftext|>\n"));
        write("texts/de/Thumbs.db", new byte[] {(byte) 0xd0, (byte) 0xcf, 0, 1});
        write("texts/de/cover.png", new byte[] {(byte) 0x89, 'P', 'N', 'G', 0});
        String note = "skipped in " + folder.resolve("texts")
                + ", since it is not text of a category: de/Thumbs.db, de/cover.png";
        assertThat(data(0, "text", "texts")).contains(note);
        String scenario = "users: 2\ndata: {source: text, path: " + folder.resolve("texts")
                + ", train_tokens: 300, validation_tokens: 100, test_tokens: 100, shared_tokens: 100}";
        assertThat(coterie(0, "validate", scenario)).contains("data: " + note);
        assertThat(coterie(0, "run", scenario, "--out", folder.resolve("run").toString(), "--threads", "1"))
                .containsOnlyOnce(note);
    }

    @Test
    void tablesOfTextAreReadOrRefusedWithTheirLine() throws IOException {
        StringBuilder rows = new StringBuilder();
        for (int k = 0; k < 40; k++) {
            String language = k % 2 == 0 ? "de" : "fr";
            rows.append("{\"text\": \"")
                    .append(documents(language + k, 1, ""))
                    .append("\", \"category\": \"")
                    .append(language)
                    .append("\"}\n");
        }
        write("texts.jsonl", rows.toString());
        assertThat(data(0, "text", "texts.jsonl")).contains("de", "fr");
        write("texts.jsonl", rows + "{\"text\": null, \"category\": \"fr\"}\n");
        assertThat(data(2, "text", "texts.jsonl"))
                .contains("scenario.yaml:3: data.path: ", "texts.jsonl:41: \"text\" must be a string, found null");
    }

    @Test
    void otherEncodingsAreRefusedWithFileAndByte() throws IOException {
        write("texts/fr.docs.txt", documents("fr", 20, "\n<|endoftext|>\n"));
        for (int k = 0; k < 12; k++) {
            write(
                    "texts/de/" + k + ".txt",
                    ("\ufeff" + documents("de " + k, 1, "")).getBytes(StandardCharsets.UTF_16LE));
        }
        assertThat(data(2, "text", "texts"))
                .contains("scenario.yaml:3: data: ", "de/0.txt: byte 0: is UTF-16LE by its byte order mark");
    }

    @Test
    void windowsLineEndsAndBlanksBehindSeparatorsAreNoMatter() throws IOException {
        write("texts/de.docs.txt", documents("de", 20, "\r\n<|endoftext|> \r\n"));
        write("texts/fr.docs.txt", documents("fr", 20, "\r\n<|endoftext|>\t\r\n"));
        assertThat(data(0, "text", "texts")).contains("de 100 %", "fr 100 %");
    }

    @Test
    void aFolderThatLinksLeadRoundInHasItsTextOnce() throws IOException {
        write("texts/de/a.docs.txt", documents("de", 4, "\n<|endoftext|>\n"));
        write("texts/fr/b.docs.txt", documents("fr", 4, "\n<|endoftext|>\n"));
        Files.createSymbolicLink(folder.resolve("texts/de/loop"), Path.of("."));
        Files.createSymbolicLink(folder.resolve("texts/fr/loop"), Path.of("."));
        assertThat(data(2, "text", "texts"))
                .contains("category de has about", "tokens in 4 documents, but 550 are needed");
    }

    @Test
    void copiesAreDroppedAndSaid() throws IOException {
        write("texts/de.docs.txt", documents("x", 30, "\n<|endoftext|>\n"));
        write(
                "texts/fr.docs.txt",
                documents("x", 10, "\n<|endoftext|>\n") + "\n<|endoftext|>\n"
                        + documents("fr", 20, "\n<|endoftext|>\n"));
        assertThat(data(0, "text", "texts"))
                .containsPattern("dropped, since the same document was dealt before: .*fr \\d+");
    }

    @Test
    void moreTokensThanMemoryHoldsAreRefused() throws IOException {
        assertThat(coterie(2, "validate", "users: 4\ndata: {train_tokens: 2147483647}"))
                .contains("4 users x (2147483647 train_tokens", "34.4 GB");
    }

    @Test
    void agNewsIsReadWithAHeaderAndRefusedWhereItIsBroken() throws IOException {
        StringBuilder csv = new StringBuilder("Class Index,Title,Description\n");
        for (int k = 0; k < 200; k++) {
            csv.append('"')
                    .append(1 + k % 4)
                    .append("\",\"Title ")
                    .append(k)
                    .append(" \"\"quoted\"\", yes\",\"Trains and ships in the rain, again\"\n");
        }
        write("train.csv", csv.toString());
        assertThat(data(0, "ag-news", "train.csv"))
                .contains("train.csv: its first row is taken for a header: Class Index,Title,Description");
        write("train.csv", "1,Title 0,and, talk, quick\n");
        assertThat(data(2, "ag-news", "train.csv")).contains("train.csv:1: record 1 has 5 fields");
        write("train.csv", csv + "\"3\",\"Broken");
        assertThat(data(2, "ag-news", "train.csv"))
                .contains("train.csv:202: a quotation mark in this row is never closed")
                .hasLineCount(1);
    }

    @Test
    void graphsAreReadAsTheirFilesSay() throws IOException {
        write("g.txt", "\ufeff0 1\n1 2\n2 3\n");
        assertThat(graph(0, "g.txt")).contains("good");
        write("g.graphml", XML + GRAPHML);
        assertThat(graph(0, "g.graphml")).contains("good");
        write(
                "g.graphml",
                (XML.replace("UTF-8", "ISO-8859-1") + GRAPHML.replaceFirst("/>", "><desc>M\u00fcnchen</desc></node>"))
                        .getBytes(StandardCharsets.ISO_8859_1));
        assertThat(graph(0, "g.graphml")).contains("good");
        write(
                "g.graphml",
                XML
                        + GRAPHML.replace(
                                        "<graph ", "<key for=\"node\" id=\"d6\" yfiles.type=\"nodegraphics\"/><graph ")
                                .replaceFirst(
                                        "/>(?=<node id=\"1\")",
                                        "><data key=\"d6\"><y:Node "
                                                + "xmlns:y=\"http://www.yworks.com/xml/graphml\"/></data></node>"));
        assertThat(graph(0, "g.graphml")).contains("good");
        write("g.graphml", (XML.replace("UTF-8", "UTF-16") + GRAPHML).getBytes(Charset.forName("UTF-16")));
        assertThat(graph(0, "g.graphml")).contains("good");
        write("g.graphml", XML + GRAPHML.replace("undirected", "directed"));
        assertThat(coterie(
                        2,
                        "validate",
                        "users: 4\ntopology: {kind: file, directed: false, path: " + folder.resolve("g.graphml") + "}"))
                .contains("scenario.yaml:3: topology: ", "g.graphml:2: this edge goes one way, but directed is false");
    }

    @Test
    void whatIsWrongWithAGraphIsToldInWords() throws IOException {
        write("g.graphml", XML + GRAPHML.replace("target=\"1\"", "target=\"0\""));
        assertThat(graph(2, "g.graphml"))
                .contains("g.graphml:2: an edge must join two users, found user 0 joined to itself");
        write("g.graphml", XML + GRAPHML.replace("target=\"1\"", "target=\"9\""));
        assertThat(graph(2, "g.graphml"))
                .contains("g.graphml:2: an edge leads to \"9\", but there is no node of this id");
        try (ServerSocket listener = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            write(
                    "g.graphml",
                    XML + "<!DOCTYPE graphml [<!ENTITY x SYSTEM \"http://127.0.0.1:"
                            + listener.getLocalPort() + "/x\">]>\n"
                            + GRAPHML.replaceFirst("/>", "><desc>&x;</desc></node>"));
            assertThat(graph(2, "g.graphml")).contains("g.graphml:2: has a document type declaration");
            listener.setSoTimeout(300);
            org.assertj.core.api.Assertions.assertThatThrownBy(listener::accept)
                    .isInstanceOf(java.net.SocketTimeoutException.class);
        }
    }

    @Test
    void tracesThatDoNotFitTheClockAreRefusedAndThoseThatCarryNextToNothingLoseMessages() throws IOException {
        write("t.csv", "trace,time_s,mbps\na,1600000000000,5\na,1600040000000,3\n");
        assertThat(bandwidth(2, "validate"))
                .contains("scenario.yaml:4: time.bandwidth: ", "t.csv:3: time_s lies 4.0E7 s after the trace's first");
        write("t.csv", "trace,time_s,mbps\na,0,0\na,3600,0.01\na,3601,0\n");
        assertThat(bandwidth(0, "run", "--out", folder.resolve("run").toString(), "--threads", "1"))
                .contains("prediction-similarity");
        write("t.csv", "0,1000000000000\n1,0\n");
        assertThat(coterie(
                        2,
                        "validate",
                        "users: 4\ntime: {latency: {model: matrix, path: " + folder.resolve("t.csv") + "}}"))
                .contains("t.csv:1: milliseconds must lie between 0 and 30000000000, found 1000000000000");
    }
}
