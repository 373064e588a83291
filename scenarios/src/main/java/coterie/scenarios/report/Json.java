package coterie.scenarios.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Numbers with as many digits as a page can show. */
final class Json {
    private static final int DIGITS = 5;
    private static final double LARGE = 1e15;

    private Json() {}

    /** The nearest number of five digits. */
    static double rounded(double x) {
        if (x == 0 || Math.abs(x) > LARGE) {
            return x;
        }
        double scale = Math.pow(10, DIGITS - 1 - Math.floor(Math.log10(Math.abs(x))));
        return Math.rint(x * scale) / scale;
    }

    static void add(ArrayNode list, double x) {
        if (Double.isFinite(x)) {
            double r = rounded(x);
            if (r == Math.rint(r) && Math.abs(r) < LARGE) {
                list.add((long) r);
            } else {
                list.add(r);
            }
        } else {
            list.addNull();
        }
    }

    static void put(ObjectNode n, String key, double x) {
        if (Double.isFinite(x)) {
            n.put(key, rounded(x));
        } else {
            n.putNull(key);
        }
    }
}
