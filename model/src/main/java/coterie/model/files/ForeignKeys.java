package coterie.model.files;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.Map;
import java.util.Set;

/**
 * Keys of a JSON file from other programs. Each is understood, known to have no effect, or refused: keys of later
 * versions must not be ignored silently.
 *
 * @param honoured keys that the reader acts on or checks itself
 * @param inert keys that change neither what the model computes nor how an adapter is trained here
 * @param refused keys that would change it and are not supported, each with its effect
 */
public record ForeignKeys(Set<String> honoured, Set<String> inert, Map<String, String> refused) {
    /**
     * Checks every key of an object. An unknown key is accepted if its value is null, false, 0 or empty, since it then
     * requests nothing.
     *
     * @throws IOException with the first key that is refused
     */
    public void check(JsonNode object, String origin) throws IOException {
        for (Map.Entry<String, JsonNode> e : object.properties()) {
            String key = e.getKey();
            if (honoured.contains(key) || inert.contains(key) || nothing(e.getValue())) {
                continue;
            }
            String found = ", found " + ForeignText.brief(e.getValue());
            if (refused.containsKey(key)) {
                throw new IOException(origin + ": " + key + " is not supported (" + refused.get(key) + ")" + found);
            }
            throw new IOException(origin + ": " + key + " is not a known key and may change what the model computes"
                    + found
                    + "; remove it if it does not");
        }
    }

    /** Whether a value requests nothing. */
    public static boolean nothing(JsonNode v) {
        return v.isNull()
                || v.isMissingNode()
                || v.isBoolean() && !v.booleanValue()
                || v.isContainerNode() && v.isEmpty()
                || v.isTextual() && v.textValue().isEmpty()
                || v.isNumber() && v.doubleValue() == 0;
    }

    /**
     * A truth value.
     *
     * @throws IOException where another value stands there
     */
    public static boolean flag(JsonNode object, String key, boolean standard, String origin) throws IOException {
        JsonNode v = object.path(key);
        if (v.isMissingNode() || v.isNull()) {
            return standard;
        }
        if (!v.isBoolean()) {
            throw new IOException(origin + ": " + key + " must be true or false, found " + ForeignText.brief(v));
        }
        return v.booleanValue();
    }

    /**
     * A text.
     *
     * @throws IOException where another value stands there
     */
    public static String text(JsonNode object, String key, String standard, String origin) throws IOException {
        JsonNode v = object.path(key);
        if (v.isMissingNode() || v.isNull()) {
            return standard;
        }
        if (!v.isTextual()) {
            throw new IOException(origin + ": " + key + " must be a text, found " + ForeignText.brief(v));
        }
        return v.textValue();
    }

    /**
     * A finite number.
     *
     * @throws IOException where another value stands there
     */
    public static double number(JsonNode object, String key, double standard, String origin) throws IOException {
        JsonNode v = object.path(key);
        if (v.isMissingNode() || v.isNull()) {
            return standard;
        }
        if (!v.isNumber() || !Double.isFinite(v.doubleValue())) {
            throw new IOException(origin + ": " + key + " must be a number, found " + ForeignText.brief(v));
        }
        return v.doubleValue();
    }

    /**
     * A whole number of at least 1.
     *
     * @throws IOException where another value stands there
     */
    public static int count(JsonNode v, String key, String origin) throws IOException {
        if (!v.isIntegralNumber() || !v.canConvertToInt() || v.intValue() < 1) {
            throw new IOException(origin + ": " + key + " must be a whole number from 1 to " + Integer.MAX_VALUE
                    + ", found " + ForeignText.brief(v));
        }
        return v.intValue();
    }
}
