package coterie.model.text;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The order of columns in AG News.
 *
 * @param at indices of class, title and description
 */
record AgNewsHeader(int[] at) {
    static final AgNewsHeader NONE = new AgNewsHeader(new int[] {0, 1, 2});
    private static final List<Set<String>> KNOWN = List.of(
            Set.of("class index", "class", "label", "category", "class id", "label index", "classindex", "topic"),
            Set.of("title", "headline"),
            Set.of("description", "text", "content", "body", "article"));

    private static final List<String> KNOWN_AS = List.of("the class", "the title", "the description");

    /**
     * Determines the order from three column names: by name if all are known, otherwise class, title, description.
     *
     * @throws IllegalArgumentException if a known name is at an unusual position and not all names are known
     */
    static AgNewsHeader of(List<String> names) {
        int[] at = {-1, -1, -1};
        boolean elsewhere = false;
        for (int k = 0; k < names.size(); k++) {
            String name = names.get(k).strip().toLowerCase(Locale.ROOT).replaceAll("[_ -]+", " ");
            for (int c = 0; c < at.length; c++) {
                if (KNOWN.get(c).contains(name)) {
                    if (at[c] >= 0) {
                        throw new IllegalArgumentException("two columns of the header are " + KNOWN_AS.get(c));
                    }
                    at[c] = k;
                    elsewhere |= c != k;
                }
            }
        }
        if (Arrays.stream(at).allMatch(k -> k >= 0)) {
            return new AgNewsHeader(at);
        }
        if (elsewhere) {
            throw new IllegalArgumentException("the header names columns in another order, and not all of them");
        }
        return NONE;
    }

    /** Whether the order is class, title, description. */
    boolean usual() {
        return Arrays.equals(at, NONE.at);
    }

    /** Returns the fields of a record as class, title, description; unchanged if there are not three. */
    List<String> ordered(List<String> fields) {
        return fields.size() != at.length ? fields : List.of(fields.get(at[0]), fields.get(at[1]), fields.get(at[2]));
    }
}
