package coterie.model.adapter;

import com.fasterxml.jackson.databind.JsonNode;
import coterie.model.files.ForeignText;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * A map from patterns of module names to numbers, as PEFT's {@code alpha_pattern}: the first pattern that matches the
 * end of a module's name decides.
 */
final class PeftPatterns {
    /** Characters that a pattern may read to match one name; only catastrophic backtracking reads more. */
    private static final int LONGEST_SEARCH = 1_000_000;

    private final String key;
    private final String file;
    private final Map<String, Double> numbers = new LinkedHashMap<>();

    PeftPatterns(JsonNode json, String key, String file) throws IOException {
        this.key = key;
        this.file = file;
        JsonNode map = json.path(key);
        if (!map.isMissingNode() && !map.isNull() && !map.isObject()) {
            throw new IOException(file + ": " + key + " must be an object of numbers, found " + ForeignText.brief(map));
        }
        for (Map.Entry<String, JsonNode> e : map.properties()) {
            double v = e.getValue().doubleValue();
            if (!e.getValue().isNumber() || !(v > 0) || !Double.isFinite(v)) {
                throw new IOException(file + ": " + key + ": " + e.getKey() + " must be a number greater than 0, found "
                        + ForeignText.brief(e.getValue()));
            }
            numbers.put(e.getKey(), v);
        }
    }

    /**
     * The number of a module.
     *
     * @param standard the number of modules that no pattern matches
     */
    double of(String module, double standard) throws IOException {
        for (Map.Entry<String, Double> e : numbers.entrySet()) {
            if (search("(.*\\.)?(" + e.getKey() + ")$", module, Matcher::lookingAt, key, file)) {
                return e.getValue();
            }
        }
        return standard;
    }

    /**
     * Applies a Python regular expression to a module's name.
     *
     * @param find how to match, and what to return
     * @throws IOException if Java cannot compile the expression, or it takes too long
     */
    static <T> T search(String pattern, String module, Function<Matcher, T> find, String key, String file)
            throws IOException {
        try {
            return find.apply(Pattern.compile(pattern.replace("(?P<", "(?<")).matcher(new Watched(module, new int[1])));
        } catch (PatternSyntaxException e) {
            throw new IOException(
                    file + ": " + key + " is not a regular expression that can be read: " + pattern + ": "
                            + e.getDescription(),
                    e);
        } catch (SearchTooLong | StackOverflowError e) {
            throw new IOException(
                    file + ": " + key + ": the regular expression " + pattern + " takes too long to match " + module,
                    e);
        }
    }

    private static final class SearchTooLong extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    /** A name that counts the characters read. */
    private record Watched(String text, int[] looks) implements CharSequence {
        @Override
        public int length() {
            return text.length();
        }

        @Override
        public char charAt(int index) {
            if (++looks[0] > LONGEST_SEARCH) {
                throw new SearchTooLong();
            }
            return text.charAt(index);
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return text.subSequence(start, end);
        }

        @Override
        public String toString() {
            return text;
        }
    }
}
