package coterie.scenarios.config;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A scenario file to begin with: every setting, its default and what it does. */
public final class Template {
    private Template() {}

    /**
     * All settings with what they do, as a scenario file.
     *
     * @param settings {@code key.path=value} that replace defaults
     * @param file for messages
     * @throws InputException for the first setting that is wrong
     */
    public static String text(List<String> settings, Path file) {
        String text = Defaults.text();
        // All at once, since one may need another; and so that a mistake is reported as in a file.
        ScenarioReader.read(file, "{}", settings);
        for (String s : settings) {
            int equals = s.indexOf('=');
            text = withAll(text, s.substring(0, equals), s.substring(equals + 1));
        }
        return text;
    }

    /** A map replaces the keys that it names, as it does where it is laid over a file. */
    private static String withAll(String text, String key, String value) {
        JsonNode parsed = YamlNodes.read("--set " + key, key, value, new HashMap<>());
        if (!parsed.isObject() || parsed.isEmpty()) {
            return withOne(text, key, value);
        }
        String out = text;
        for (Map.Entry<String, JsonNode> e : parsed.properties()) {
            out = withAll(out, Trees.join(key, e.getKey()), e.getValue().toString());
        }
        return out;
    }

    private static String withOne(String text, String key, String value) {
        List<String> lines = new ArrayList<>(text.lines().toList());
        Map<String, Integer> at = LocatedTree.parse(Defaults.FILE, text).lines();
        int dot = key.lastIndexOf('.');
        String name = key.substring(dot + 1);
        Integer line = at.get(key);
        if (line != null) {
            String old = lines.get(line - 1);
            int comment = old.indexOf('#');
            String said = old.substring(0, old.indexOf(name)) + name + ": " + value;
            lines.set(
                    line - 1,
                    comment < 0
                            ? said
                            : said + " ".repeat(Math.max(1, comment - said.length())) + old.substring(comment));
        } else if (at.containsKey(key.substring(0, Math.max(0, dot)))) {
            // A setting of one component only: it stands behind the block's first line.
            int parent = at.get(key.substring(0, dot));
            lines.add(parent + 1, lines.get(parent).replaceFirst("\\S.*$", "") + name + ": " + value);
        } else {
            throw new InputException("--set " + key + ": set it in the file");
        }
        return String.join("\n", lines) + "\n";
    }
}
