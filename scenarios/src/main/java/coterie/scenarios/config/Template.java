package coterie.scenarios.config;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A template for scenario files: every setting with its default and description. */
public final class Template {
    private Template() {}

    /**
     * Returns all settings with their descriptions as a scenario file.
     *
     * @param settings {@code key.path=value} settings that replace defaults
     * @param file the file, for messages
     * @throws InputException for the first invalid setting
     */
    public static String text(List<String> settings, Path file) {
        String text = Defaults.text();
        // All at once, since settings may depend on one another, and errors are reported as for a file.
        ScenarioReader.read(file, "{}", settings);
        for (String s : settings) {
            int equals = s.indexOf('=');
            text = withAll(text, s.substring(0, equals), s.substring(equals + 1));
        }
        return text;
    }

    /** A map replaces only the keys it contains, as an override of a file does. */
    private static String withAll(String text, String key, String value) {
        JsonNode parsed = YamlNodes.read("--set " + key, key, value);
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
            String assignment = old.substring(0, old.indexOf(name)) + name + ": " + value;
            lines.set(
                    line - 1,
                    comment < 0
                            ? assignment
                            : assignment
                                    + " ".repeat(Math.max(1, comment - assignment.length()))
                                    + old.substring(comment));
        } else if (at.containsKey(key.substring(0, Math.max(0, dot)))) {
            // A setting of one component: insert it after the first line of the block.
            int parent = at.get(key.substring(0, dot));
            lines.add(parent + 1, lines.get(parent).replaceFirst("\\S.*$", "") + name + ": " + value);
        } else {
            throw new InputException("--set " + key + ": set it in the file");
        }
        return String.join("\n", lines) + "\n";
    }
}
