package coterie.actors.verify;

import coterie.actors.event.Observation;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Contradictions found, in words; only the first ones if there are many. */
final class Findings {
    private static final int MOST = 20;
    private final List<String> violations = new ArrayList<>();
    private long found;
    private String place;

    /** @param p file and line of the current observation; null for none */
    void at(String p) {
        place = p;
    }

    /** Adds a finding about an observation, unless a condition holds. */
    void check(boolean holds, Observation o, String otherwise, Object... arguments) {
        if (!holds) {
            add((place == null ? "" : place + ": ")
                    + String.format(
                            Locale.ROOT,
                            "at %s s, user %d, %s: ",
                            o.seconds(),
                            o.user(),
                            o.getClass().getSimpleName())
                    + String.format(Locale.ROOT, otherwise, arguments));
        }
    }

    /** Adds a finding about a sum, unless a condition holds. */
    void check(boolean holds, String otherwise) {
        if (!holds) {
            add(otherwise);
        }
    }

    void add(String what) {
        found++;
        if (violations.size() < MOST) {
            violations.add(what);
        }
    }

    List<String> violations() {
        return violations;
    }

    long found() {
        return found;
    }
}
