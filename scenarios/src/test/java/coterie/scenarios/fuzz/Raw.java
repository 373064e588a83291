package coterie.scenarios.fuzz;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Text that no writer of trees would write: a key that stands twice, an octal number, an alias. A tree holds a
 * placeholder for it, and the placeholder is replaced when the tree has become text.
 */
final class Raw {
    private static final Pattern PLACEHOLDER = Pattern.compile("\"?RAW(\\d+)WAR\"?");
    private final List<String> texts = new ArrayList<>();

    /**
     * Keeps a text.
     *
     * @return its placeholder, for a key or a value
     */
    String put(String text) {
        texts.add(text);
        return "RAW" + (texts.size() - 1) + "WAR";
    }

    /** A written tree with every placeholder replaced, quotes and all. */
    String fill(String written) {
        Matcher m = PLACEHOLDER.matcher(written);
        StringBuilder out = new StringBuilder();
        while (m.find()) {
            m.appendReplacement(out, Matcher.quoteReplacement(texts.get(Integer.parseInt(m.group(1)))));
        }
        return m.appendTail(out).toString();
    }
}
