package coterie.scenarios.claim;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Some variants of a study: those with these values.
 *
 * @param values values by key; a variant may have others besides
 */
public record Cells(Map<String, String> values) {
    /** Whether a variant is one of them. */
    public boolean has(Map<String, String> variant) {
        return variant.entrySet().containsAll(values.entrySet());
    }

    /** The same variants, restricted further. */
    Cells with(String key, String value) {
        Map<String, String> more = new LinkedHashMap<>(values);
        more.put(key, value);
        return new Cells(more);
    }

    @Override
    public String toString() {
        return values.isEmpty() ? "all" : String.join(", ", values.values());
    }
}
