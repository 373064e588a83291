package coterie.scenarios.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Every setting of a scenario as {@code defaults.yaml} has it: where it stands, its default, and the comment beside it.
 */
public final class Settings {
    /**
     * A setting.
     *
     * @param path key by key, parted by dots
     * @param standard its default; a map for a block of settings
     * @param about what it does; empty where that needs no word
     */
    public record Setting(String path, JsonNode standard, String about) {
        public boolean block() {
            return standard instanceof ObjectNode;
        }
    }

    private Settings() {}

    /** All, in the order of the file, each block before what is in it. */
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

    /** The comment that begins on a line, with the lines of nothing but comment after it. */
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
