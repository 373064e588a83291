package coterie.scenarios.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The page in one self-contained file: style, script, data, and Apache ECharts, which draws. */
public final class Page {
    static final String OWN = "/coterie/scenarios/report/";
    private static final String ECHARTS_VERSION = "/META-INF/maven/org.webjars/echarts/pom.properties";
    /** In the order of the page: definitions come before their uses. */
    private static final List<String> SCRIPTS = List.of(
            "words",
            "dom",
            "charts",
            "drawing",
            "attackers",
            "metrics",
            "trust",
            "activity",
            "traffic",
            "utility",
            "table",
            "effects",
            "verdicts",
            "comparison",
            "parts",
            "run",
            "live",
            "list",
            "served",
            "main");

    private static final Pattern PLACE = Pattern.compile("\\{\\{([a-z]+)}}");

    private Page() {}

    /** The page of some data, whose {@code kind} names the function that draws it. */
    public static String of(String title, JsonNode data) {
        return filled(title, inScript(data));
    }

    /** The page without data, which it requests from its server repeatedly. */
    public static String live(String title) {
        return filled(title, "{\"kind\": \"live\"}");
    }

    /** In a script element only an end tag, or the beginning of a comment, could end the data. */
    private static String inScript(JsonNode data) {
        return data.toString().replace("<", "\\u003c");
    }

    private static String filled(String title, String data) {
        String escaped = title.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
        String template = Fixed.PARTS.get("template");
        Matcher m = PLACE.matcher(template);
        StringBuilder out = new StringBuilder();
        int at = 0;
        while (m.find()) {
            String part = m.group(1);
            out.append(template, at, m.start())
                    .append(part.equals("title") ? escaped : part.equals("data") ? data : Fixed.PARTS.get(part));
            at = m.end();
        }
        return out.append(template, at, template.length()).toString();
    }

    /** The parts that all pages share, over a megabyte, read once. */
    private static final class Fixed {
        static final Map<String, String> PARTS = Map.of(
                "template",
                resource(OWN + "report.html"),
                "style",
                resource(OWN + "report.css"),
                "echarts",
                echarts(),
                "terms",
                inScript(Glossary.terms()),
                "script",
                script(SCRIPTS));
    }

    /** Scripts in one scope. */
    static String script(List<String> names) {
        StringBuilder out = new StringBuilder("'use strict';\n(() => {\n");
        names.forEach(s -> out.append(resource(OWN + s + ".js")).append('\n'));
        return out.append("})();").toString();
    }

    /** The script of the library. */
    static String echarts() {
        Properties properties = new Properties();
        try {
            properties.load(new StringReader(resource(ECHARTS_VERSION)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return resource("/META-INF/resources/webjars/echarts/" + properties.getProperty("version") + "/echarts.min.js");
    }

    static String resource(String name) {
        try (InputStream in = Page.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
