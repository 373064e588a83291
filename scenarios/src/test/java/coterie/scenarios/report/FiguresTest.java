package coterie.scenarios.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import coterie.model.task.Task;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xml.sax.InputSource;

/** Charts as files, drawn without a browser. */
class FiguresTest {
    @TempDir
    private Path folder;

    @BeforeEach
    void scenario() throws IOException {
        Files.writeString(folder.resolve("scenario.yaml"), "name: x\n");
    }

    private ObjectNode data(RunReport report) throws IOException {
        return RunPage.data(folder, "x", report, null);
    }

    @Test
    void everyChartOfARunIsAFileThatSaysWhatItShows() throws Exception {
        Path figures = folder.resolve("figures");
        List<Path> files = Figures.write(data(ReportPageTest.dataset(8, 30)), figures);
        assertThat(files.stream().map(f -> f.getFileName().toString()))
                .containsExactly(
                        "perplexity.svg",
                        "trust-learned.svg",
                        "trust-oracle.svg",
                        "graph.svg",
                        "versions.svg",
                        "ages.svg",
                        "participation.svg",
                        "timeline.svg",
                        "traffic.svg",
                        "change.svg",
                        "oracle-distance.svg",
                        "distance.svg");
        for (Path f : files) {
            String svg = Files.readString(f);
            assertThat(DocumentBuilderFactory.newInstance()
                            .newDocumentBuilder()
                            .parse(new InputSource(new StringReader(svg)))
                            .getDocumentElement()
                            .getTagName())
                    .as(f.toString())
                    .isEqualTo("svg");
            assertThat(svg).as(f.toString()).doesNotContain("NaN", "undefined", ">null<", "–");
        }
        assertThat(figures.resolve("perplexity.svg"))
                .content()
                .contains(">Perplexity, log scale<", ">virtual time (min)<", ">mean of all users<", ">15<", ">30<");
        assertThat(figures.resolve("timeline.svg")).content().contains(">User<", ">training<", ">away<", ">down<");
        assertThat(figures.resolve("traffic.svg")).content().contains(">Sent until then (KB)<", ">predictions<");
        assertThat(figures.resolve("ages.svg")).content().contains("since it was sent (s)", ">0.7<", ">20<");
        assertThat(figures.resolve("change.svg")).content().contains(">turn<", ">Change of trust (L1, 0 to 2)<");
        assertThat(figures.resolve("trust-learned.svg")).content().contains(">from user<", ">weight 0<");
    }

    @Test
    void nothingIsDrawnOfWhatWasNotMeasured() throws IOException {
        RunReport begun = new RunReport(
                new RunParticipants(
                        List.of("left", "right"), new double[][] {{1, 0}, {0, 1}}, List.of(new int[] {0, 1})),
                Task.LANGUAGE_MODELLING);
        Map<String, String> figures = Figures.of(data(begun));
        assertThat(figures).as("only the graph is known").containsOnlyKeys("graph.svg");
    }
}
