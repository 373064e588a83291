package coterie.scenarios.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import coterie.actors.event.Observation;
import coterie.model.aggregation.Influence;
import coterie.model.task.Task;
import coterie.model.trust.TrustRow;
import coterie.model.trust.UserMixtures;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.rendering.PDFRenderer;
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
        List<String> names = List.of(
                "perplexity",
                "trust-learned",
                "trust-oracle",
                "graph",
                "versions",
                "ages",
                "participation",
                "timeline",
                "traffic",
                "change",
                "oracle-distance",
                "distance");
        assertThat(files.stream().map(f -> f.getFileName().toString()))
                .containsExactlyElementsOf(names.stream()
                        .flatMap(n -> Stream.of(n + ".svg", n + ".pdf"))
                        .toList());
        for (String name : names) {
            Path f = figures.resolve(name + ".svg");
            String svg = Files.readString(f);
            assertThat(DocumentBuilderFactory.newInstance()
                            .newDocumentBuilder()
                            .parse(new InputSource(new StringReader(svg)))
                            .getDocumentElement()
                            .getTagName())
                    .as(f.toString())
                    .isEqualTo("svg");
            assertThat(svg).as(f.toString()).doesNotContain("NaN", "undefined", ">null<", "–", "<style", "class=");
        }
        assertThat(figures.resolve("perplexity.svg"))
                .content()
                .contains(">Perplexity, log scale<", ">virtual time (min)<", ">mean of all users<", ">15<", ">30<");
        assertThat(figures.resolve("timeline.svg")).content().contains(">User<", ">training<", ">away<", ">down<");
        assertThat(figures.resolve("traffic.svg")).content().contains(">Sent until then (KB)<", ">predictions<");
        assertThat(figures.resolve("ages.svg")).content().contains("since it was sent (s)", ">0.7<", ">20<");
        assertThat(figures.resolve("change.svg")).content().contains(">turn<", ">Change of trust (L1, 0 to 2)<");
        assertThat(figures.resolve("trust-learned.svg")).content().contains(">from user<", ">weight 0<");
        // Weights of 0 are nearly white; those near a half are in the middle of the scale.
        int[] red = Pattern.compile("fill=\"rgb\\((\\d+),\\d+,\\d+\\)\"")
                .matcher(Files.readString(figures.resolve("trust-learned.svg")))
                .results()
                .mapToInt(m -> Integer.parseInt(m.group(1)))
                .toArray();
        assertThat(Arrays.stream(red).filter(r -> r == 246)).hasSize(48);
        assertThat(Arrays.stream(red).filter(r -> r > 80 && r < 120)).hasSize(16);
    }

    @Test
    void theButtonsOfThePageSaveTheSameCharts() throws IOException {
        ObjectNode data = data(ReportPageTest.dataset(6, 12));
        RunPage.write(folder, data);
        SavedCharts.assertShow(folder.resolve("report.html"), Figures.of(data));
    }

    @Test
    void aPdfFileHasOnePageOfTheChartsSizeWithItsColoursAndNoFonts() throws IOException {
        String svg = """
                <svg width="400" height="200" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 200">
                <rect width="400" height="200" fill="#fff"></rect>
                <rect width="100" height="50" x="200" y="100" fill="#2e8b57"></rect>
                <text x="20" y="20" style="font-size:12px;font-family:Liberation Sans">words</text>
                </svg>""";
        byte[] pdf = PdfFigure.of(svg);
        assertThat(PdfFigure.of(svg)).as("equal charts give equal bytes").isEqualTo(pdf);
        try (PDDocument document = Loader.loadPDF(pdf)) {
            assertThat(document.getNumberOfPages()).isEqualTo(1);
            assertThat(document.getPage(0).getMediaBox().getWidth()).isEqualTo(300);
            assertThat(document.getPage(0).getMediaBox().getHeight()).isEqualTo(150);
            assertThat(document.getPage(0).getResources().getFontNames()).isEmpty();
            BufferedImage image = new PDFRenderer(document).renderImage(0, 1 / 0.75f);
            assertThat(new Color(image.getRGB(250, 125))).isEqualTo(new Color(0x2e, 0x8b, 0x57));
            assertThat(new Color(image.getRGB(380, 180))).isEqualTo(Color.WHITE);
            long letters = IntStream.range(0, 60 * 24)
                    .filter(k -> image.getRGB(15 + k % 60, k / 60) != Color.WHITE.getRGB())
                    .count();
            assertThat(letters).as("pixels that are not white around the text").isBetween(50L, 800L);
        }
    }

    @Test
    void trustInAttackersIsDrawnOverTimeWithTheTimesOfAttacks() throws IOException {
        List<List<RunParticipants.Attack>> attacks =
                List.of(List.of(), List.of(), List.of(new RunParticipants.Attack(0, "sign-flip", 100, 250)));
        RunReport report = new RunReport(
                new RunParticipants(
                        List.of("all"),
                        UserMixtures.constant(new double[][] {{1}, {1}, {1}}),
                        List.of(),
                        new int[3],
                        attacks,
                        List.of()),
                Task.LANGUAGE_MODELLING,
                false);
        for (int turn = 1; turn <= 10; turn++) {
            double at = 30 * turn;
            for (int user = 0; user < 3; user++) {
                report.observed(ReportPartsTest.turn(user, at - 30, at));
                report.observed(
                        new Observation.Evaluated(at, user, turn, turn, Task.LANGUAGE_MODELLING.values(4.0 / turn)));
                TrustRow row = TrustRow.given(turn, new int[] {0, 1, 2}, new double[] {0.4, 0.4, 0.2}, new int[3])
                        .with(new Influence(new double[] {0.5, 0.5, 0}));
                report.observed(new Observation.Mixed(at, user, turn, row, new int[3], new double[3], new double[3]));
            }
        }
        report.observed(new Observation.Attacked(300, 2, 9, 0, "sign-flip", false));
        Map<String, String> figures = Figures.of(data(report));
        assertThat(figures.get("attackers.svg"))
                .contains(">sign-flip<", ">Weight on attackers (0 to 1)<", ">after aggregation<", ">equal weights<")
                .doesNotContain("NaN", "undefined", ">null<");
        assertThat(figures.get("attackers-auc.svg")).contains(">AUC of attackers (0.5: chance)<", ">sign-flip<");
        assertThat(figures.get("perplexity.svg")).contains(">mean of honest users<", ">sign-flip<");
        assertThat(figures.get("timeline.svg")).contains(">attack<");
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
