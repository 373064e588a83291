package coterie.model.text;

import coterie.topology.random.RandomStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A grammar that generates text. It has one rule {@code name: alternative|alternative} per line; alternatives are
 * equally likely, and generation starts with the rule {@code document}.
 *
 * <p>{@code $name} expands to another rule, {@code $name#1} to the same expansion throughout the document, {@code \n}
 * to a line break. One space on each side of the bar between alternatives is ignored.
 */
final class Grammar {
    private static final Pattern REFERENCE = Pattern.compile("\\$([A-Za-z_]*[A-Za-z][0-9]?)(#\\d)?");
    private static final Pattern RULE = Pattern.compile("([A-Za-z_][A-Za-z_0-9]*): ?(.*)");
    private final Map<String, List<String>> rules = new HashMap<>();

    /** @throws IllegalArgumentException if a line is not a rule or refers to a missing one */
    Grammar(String text) {
        for (String line : text.split("\n")) {
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            Matcher m = RULE.matcher(line);
            if (!m.matches()) {
                throw new IllegalArgumentException("not a grammar rule: " + line);
            }
            List<String> alternatives = new ArrayList<>();
            for (String a : m.group(2).split("\\|")) {
                String trimmed = a.startsWith(" ") && !alternatives.isEmpty() ? a.substring(1) : a;
                trimmed = trimmed.endsWith(" ") ? trimmed.substring(0, trimmed.length() - 1) : trimmed;
                alternatives.add(trimmed.replace("\\n", "\n"));
            }
            rules.put(m.group(1), alternatives);
        }
        rules.values().forEach(list -> list.forEach(this::checkReferences));
    }

    private void checkReferences(String alternative) {
        Matcher m = REFERENCE.matcher(alternative);
        while (m.find()) {
            if (!rules.containsKey(m.group(1))) {
                throw new IllegalArgumentException(
                        "grammar has no rule " + m.group(1) + ", referenced in: " + alternative);
            }
        }
    }

    /** Generates a document; the stream determines every choice. */
    String document(RandomStream stream) {
        return expand("document", stream, new HashMap<>());
    }

    private String expand(String name, RandomStream stream, Map<String, String> fixed) {
        List<String> alternatives = rules.get(name);
        String chosen = alternatives.get(stream.below(alternatives.size()));
        Matcher m = REFERENCE.matcher(chosen);
        StringBuilder out = new StringBuilder();
        int at = 0;
        while (m.find()) {
            out.append(chosen, at, m.start());
            at = m.end();
            if (m.group(2) == null) {
                out.append(expand(m.group(1), stream, fixed));
            } else {
                String key = m.group(1) + m.group(2);
                if (!fixed.containsKey(key)) {
                    fixed.put(key, expand(m.group(1), stream, fixed));
                }
                out.append(fixed.get(key));
            }
        }
        return out.append(chosen, at, chosen.length()).toString();
    }
}
