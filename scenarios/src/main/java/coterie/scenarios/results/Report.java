package coterie.scenarios.results;

import coterie.actors.clock.RunObserver;
import coterie.actors.life.Observation;
import coterie.model.trust.TrustRow;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** {@code report.html}: a run as one page that opens from disk; perplexity over virtual time, the trust at the end beside the oracle's, the scenario. */
public final class Report implements RunObserver {
    private static final int WIDTH = 860;
    private static final int HEIGHT = 320;
    private static final int MARGIN = 48;
    private static final int LARGEST_MATRIX = 48;
    private static final int MOST_LINES = 48;
    private static final int GRID = 4;

    private record Point(double seconds, double perplexity) {
    }

    private final Map<Integer, List<Point>> users = new TreeMap<>();

    @Override
    public void observed(Observation o) {
        if (o instanceof Observation.Evaluated e && Double.isFinite(e.perplexity())) {
            users.computeIfAbsent(e.user(), k -> new ArrayList<>()).add(new Point(e.seconds(), e.perplexity()));
        }
    }

    /**
     * The page.
     *
     * @param mixtures of the users, for the oracle's trust
     * @param summary the run's summary, as JSON
     * @param scenario resolved, as YAML
     */
    public String html(String title, List<TrustRow> rows, double[][] mixtures, String summary, String scenario) {
        return template().replace("{{title}}", escaped(title)).replace("{{curves}}", curves()).replace("{{trust}}", trust(rows, mixtures))
                .replace("{{summary}}", escaped(summary)).replace("{{scenario}}", escaped(scenario));
    }

    private String curves() {
        double last = 0;
        double low = Double.MAX_VALUE;
        double high = 0;
        for (List<Point> line : users.values()) {
            for (Point p : line) {
                last = Math.max(last, p.seconds);
                low = Math.min(low, p.perplexity);
                high = Math.max(high, p.perplexity);
            }
        }
        if (users.isEmpty() || last == 0) {
            return "<p>No evaluation yet.</p>";
        }
        StringBuilder svg = new StringBuilder("<svg viewBox=\"0 0 " + WIDTH + " " + HEIGHT + "\" role=\"img\" aria-label=\"perplexity over virtual time\">");
        // A logarithmic axis: perplexity is an exponential.
        double bottom = Math.log(low) - 0.05;
        double top = Math.log(high) + 0.05;
        for (int g = 0; g <= GRID; g++) {
            double value = bottom + (top - bottom) * g / GRID;
            double y = y(Math.exp(value), bottom, top);
            svg.append(String.format(Locale.ROOT, "<line class=\"grid\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/><text x=\"%d\" y=\"%.1f\" class=\"y\">%.1f</text>",
                    MARGIN, WIDTH - 8, y, y, MARGIN - 6, y + 4, Math.exp(value)));
            double seconds = last * g / GRID;
            svg.append(String.format(Locale.ROOT, "<text x=\"%.1f\" y=\"%d\" class=\"x\">%s</text>", x(seconds, last), HEIGHT - 6, Progress.duration(seconds)));
        }
        int lines = 0;
        for (Map.Entry<Integer, List<Point>> user : users.entrySet()) {
            if (lines++ < MOST_LINES) {
                svg.append("<polyline class=\"user\" points=\"").append(points(user.getValue(), last, bottom, top)).append("\"><title>user ")
                        .append(user.getKey()).append("</title></polyline>");
            }
        }
        return svg.append("<polyline class=\"mean\" points=\"").append(points(mean(), last, bottom, top)).append("\"><title>mean</title></polyline></svg>").toString();
    }

    /** Mean over users of the n-th evaluation, at the mean of its instants. */
    private List<Point> mean() {
        int n = users.values().stream().mapToInt(List::size).min().orElse(0);
        List<Point> mean = new ArrayList<>();
        for (int k = 0; k < n; k++) {
            int at = k;
            mean.add(new Point(users.values().stream().mapToDouble(l -> l.get(at).seconds).average().orElse(0),
                    users.values().stream().mapToDouble(l -> l.get(at).perplexity).average().orElse(0)));
        }
        return mean;
    }

    private static String points(List<Point> line, double last, double bottom, double top) {
        StringBuilder out = new StringBuilder();
        for (Point p : line) {
            out.append(String.format(Locale.ROOT, "%.1f,%.1f ", x(p.seconds, last), y(p.perplexity, bottom, top)));
        }
        return out.toString();
    }

    private static double x(double seconds, double last) {
        return MARGIN + (WIDTH - MARGIN - 8) * seconds / last;
    }

    private static double y(double perplexity, double bottom, double top) {
        return HEIGHT - 24 - (HEIGHT - 40) * (Math.log(perplexity) - bottom) / (top - bottom);
    }

    private static String trust(List<TrustRow> rows, double[][] mixtures) {
        int n = Math.min(rows.size(), LARGEST_MATRIX);
        if (rows.stream().allMatch(r -> r == null)) {
            return "<p>Nobody mixed.</p>";
        }
        double[][] used = new double[n][n];
        double[][] oracle = new double[n][n];
        for (int i = 0; i < n; i++) {
            double sum = 0;
            for (int j = 0; j < n; j++) {
                used[i][j] = rows.get(i) == null ? 0 : rows.get(i).weight(j);
                for (int c = 0; c < mixtures[i].length; c++) {
                    oracle[i][j] += mixtures[i][c] * mixtures[j][c];
                }
                sum += oracle[i][j];
            }
            for (int j = 0; j < n; j++) {
                oracle[i][j] /= sum;
            }
        }
        return "<div class=\"pair\">" + matrix("at each user's last mixing", used) + matrix("the oracle's, were everybody a neighbour", oracle) + "</div>"
                + (n < rows.size() ? "<p>The first " + n + " of " + rows.size() + " users.</p>" : "");
    }

    private static String matrix(String caption, double[][] w) {
        StringBuilder out = new StringBuilder("<table class=\"trust\"><caption>").append(caption).append("</caption>");
        for (int i = 0; i < w.length; i++) {
            out.append("<tr><th>").append(i).append("</th>");
            for (int j = 0; j < w.length; j++) {
                out.append(String.format(Locale.ROOT, "<td style=\"--w:%.3f\" title=\"%d trusts %d: %.3f\"></td>", w[i][j], i, j, w[i][j]));
            }
            out.append("</tr>");
        }
        return out.append("</table>").toString();
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    private static String template() {
        try (InputStream in = Report.class.getResourceAsStream("/coterie/scenarios/report.html")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
