package coterie.scenarios.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The settings of a scenario as listed in {@code defaults.yaml}, with key path, default and comment. */
public final class Settings {
    /**
     * A setting.
     *
     * @param path keys joined by dots
     * @param standard default value; a map for a block of settings
     * @param about description; may be empty
     */
    public record Setting(String path, JsonNode standard, String about) {
        public boolean block() {
            return standard instanceof ObjectNode;
        }
    }

    private Settings() {}

    /** Returns all settings in the order of the file, each block before its content. */
    public static List<Setting> all() {
        String text = Defaults.text();
        LocatedTree tree = LocatedTree.parse("defaults.yaml", text);
        List<Setting> all = new ArrayList<>();
        add("", tree.root(), text.lines().toList(), tree.lines(), all);
        return all;
    }

    private static void add(
            String path, ObjectNode block, List<String> lines, Map<String, Integer> at, List<Setting> to) {
        for (Map.Entry<String, JsonNode> e : block.properties()) {
            String key = path.isEmpty() ? e.getKey() : path + "." + e.getKey();
            to.add(new Setting(key, e.getValue(), about(lines, at.get(key) - 1)));
            if (e.getValue() instanceof ObjectNode inner) {
                add(key, inner, lines, at, to);
            }
        }
    }

    /** Returns the comment that begins on a line, including the comment lines that follow. */
    private static String about(List<String> lines, int line) {
        StringBuilder about = new StringBuilder();
        for (int k = line; k < lines.size(); k++) {
            String l = lines.get(k);
            int hash = l.startsWith("#") ? 0 : l.indexOf(" #");
            if (hash < 0 || k > line && !l.strip().startsWith("#")) {
                break;
            }
            about.append(about.length() == 0 ? "" : " ")
                    .append(l.substring(hash).strip().substring(1).strip());
        }
        return about.toString();
    }
}
