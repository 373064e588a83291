package coterie.scenarios.report;

import com.github.weisj.jsvg.SVGDocument;
import com.github.weisj.jsvg.parser.LoaderContext;
import com.github.weisj.jsvg.parser.SVGLoader;
import com.github.weisj.jsvg.view.ViewBox;
import de.rototor.pdfbox.graphics2d.PdfBoxGraphics2D;
import java.awt.Component;
import java.awt.Font;
import java.awt.FontFormatException;
import java.awt.GraphicsEnvironment;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDPageContentStream;
import org.apache.pdfbox.pdmodel.common.PDRectangle;

/**
 * A chart as a PDF file of one page. Letters are drawn as outlines of Liberation Sans, which PDFBox brings along, so
 * that the page looks the same wherever it was made and needs no font where it is read.
 */
final class PdfFigure {
    /** Pixels of SVG and CSS are a ninety-sixth of an inch long, points of PDF a seventy-second. */
    private static final float POINTS_PER_PIXEL = 0.75f;

    private static boolean fontLoaded;

    private PdfFigure() {}

    /**
     * Draws a chart; equal charts give equal bytes.
     *
     * @param svg the chart
     * @return the file
     * @throws IOException if Java finds no fonts on this machine
     */
    static byte[] of(String svg) throws IOException {
        loadFont();
        SVGDocument chart = new SVGLoader()
                .load(
                        new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)),
                        null,
                        LoaderContext.createDefault());
        float width = POINTS_PER_PIXEL * chart.size().width;
        float height = POINTS_PER_PIXEL * chart.size().height;
        try (PDDocument document = new PDDocument()) {
            PDPage page = new PDPage(new PDRectangle(width, height));
            document.addPage(page);
            PdfBoxGraphics2D graphics = new PdfBoxGraphics2D(document, width, height);
            chart.render((Component) null, graphics, new ViewBox(0, 0, width, height));
            graphics.dispose();
            try (PDPageContentStream content = new PDPageContentStream(document, page)) {
                content.drawForm(graphics.getXFormObject());
            }
            // Otherwise it is the time.
            document.setDocumentId((long) svg.hashCode());
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            document.save(bytes);
            return bytes.toByteArray();
        }
    }

    private static synchronized void loadFont() throws IOException {
        if (fontLoaded) {
            return;
        }
        // Nothing is shown: Java needs no screen, and on some systems would show an icon.
        System.setProperty("java.awt.headless", "true");
        try (InputStream in =
                PDDocument.class.getResourceAsStream("/org/apache/pdfbox/resources/ttf/LiberationSans-Regular.ttf")) {
            GraphicsEnvironment.getLocalGraphicsEnvironment().registerFont(Font.createFont(Font.TRUETYPE_FONT, in));
            fontLoaded = true;
        } catch (FontFormatException | LinkageError | InternalError | RuntimeException e) {
            // What Java throws without libfontconfig, libfreetype or any font depends on what is missing.
            throw new IOException("no PDF files: Java finds no fonts; install fontconfig and a font (" + e + ")", e);
        }
    }
}
