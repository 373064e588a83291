package coterie.scenarios.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Finds the name that was probably meant by a misspelt one. */
final class NearestName {
    private NearestName() {}

    /**
     * Returns the closest name by edit distance if it is close enough; otherwise a name that begins with the given one.
     */
    static Optional<String> of(String name, Collection<String> names) {
        return close(name, names)
                .or(() -> names.stream()
                        .filter(n -> name.length() > 2 && n.startsWith(name))
                        .findFirst());
    }

    private static Optional<String> close(String name, Collection<String> names) {
        return names.stream()
                .filter(n -> distance(name, n) <= Math.max(2, n.length() / 3))
                .min(Comparator.<String>comparingInt(n -> distance(name, n)).thenComparing(n -> n));
    }

    /** Returns "; did you mean x?" or an empty string. */
    static String hint(String name, Collection<String> names) {
        return of(name, names).map(n -> "; did you mean " + n + "?").orElse("");
    }

    /** The Levenshtein distance. */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int above = row[j];
                int change = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(change, 1 + Math.min(above, row[j - 1]));
                diagonal = above;
            }
        }
        return row[b.length()];
    }
}
