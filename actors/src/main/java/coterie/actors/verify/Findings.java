package coterie.actors.verify;

import coterie.actors.event.Observation;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What was found to be impossible, in words; the first of it where there is much. */
final class Findings {
    private static final int MOST = 20;
    private final List<String> violations = new ArrayList<>();
    private long found;
    private String place;

    /** @param p where the observation that is looked at now stands: file and line; null where it stands nowhere */
    void at(String p) {
        place = p;
    }

    /** Notes what is wrong with an observation, where something is. */
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

    /** Notes what is wrong with a sum, where something is. */
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
