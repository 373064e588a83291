package coterie.scenarios.listing;

import java.util.Comparator;
import java.util.function.Function;

/**
 * A column of a list of runs.
 *
 * @param key its name in CSV and JSON; of a setting, the key path
 * @param head its name in a table
 * @param plain the value of a run in full; empty for none
 * @param shown the value as a table shows it
 * @param numeric whether all values are numbers
 */
record Column(
        String key, String head, Function<FoundRun, String> plain, Function<FoundRun, String> shown, boolean numeric) {
    static Column text(String key, Function<FoundRun, String> value) {
        return new Column(key, key, value, value, false);
    }

    /** Numbers in their order, then other values by the alphabet, then runs without a value. */
    Comparator<FoundRun> order(boolean descending) {
        return (a, b) -> {
            String x = plain.apply(a);
            String y = plain.apply(b);
            if (x.isEmpty() || y.isEmpty()) {
                return Boolean.compare(x.isEmpty(), y.isEmpty());
            }
            return descending ? compare(y, x) : compare(x, y);
        };
    }

    private static int compare(String x, String y) {
        Double a = number(x);
        Double b = number(y);
        if (a != null && b != null) {
            return a.compareTo(b);
        }
        return a != null ? -1 : b != null ? 1 : x.compareTo(y);
    }

    /** Whether two values are the same text or the same number. */
    static boolean same(String x, String y) {
        Double a = number(x);
        return x.equalsIgnoreCase(y) || a != null && a.equals(number(y));
    }

    private static Double number(String text) {
        try {
            return text.matches("[-+.0-9eE]+") ? Double.valueOf(text) : null;
        } catch (NumberFormatException e) {
            return null;
        }
    }
}
