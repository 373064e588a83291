package coterie.actors.verify;

import coterie.actors.event.Observation;
import coterie.actors.user.SimulationConfig;
import coterie.model.utility.Evidence;
import java.util.Arrays;
import java.util.TreeSet;

/**
 * Checks what one user has measured of its neighbours: each other candidate of a mixing that was due, once, at the same
 * instant and of the same snapshot; and nothing else. The values themselves cannot be checked, but their ranges.
 */
final class UtilityCheck {
    private final SimulationConfig config;
    private final int user;
    private final Findings findings;
    /** The newest mixing; null before. */
    private Observation.Mixed mixing;
    /** Candidates of it whose measurement is due and was not seen yet. */
    private final TreeSet<Integer> open = new TreeSet<>();
    /** Which evidence the user's first measurement has; null before. */
    private boolean[] measures;

    UtilityCheck(SimulationConfig config, int user, Findings findings) {
        this.config = config;
        this.user = user;
        this.findings = findings;
    }

    /** @param m a mixing whose row is sound */
    void mixed(Observation.Mixed m) {
        findings.check(open.isEmpty(), m, "%s", missing());
        open.clear();
        mixing = m;
        if (config.measuresUtility(m.turn())) {
            Arrays.stream(m.row().users()).filter(u -> u != user).forEach(open::add);
        }
    }

    void measured(Observation.Utility m) {
        boolean due = mixing != null && open.remove(m.neighbour());
        findings.check(
                due,
                m,
                "user %d, and no measurement of it is due: after every %d turns each other candidate of the mixing"
                        + " is measured once",
                m.neighbour(),
                config.utilityEvery());
        if (due) {
            int k = Arrays.binarySearch(mixing.row().users(), m.neighbour());
            findings.check(
                    m.turn() == mixing.turn() && m.seconds() == mixing.seconds(),
                    m,
                    "after turn %d, and the user mixed at %s after turn %d",
                    m.turn(),
                    mixing.seconds(),
                    mixing.turn());
            findings.check(
                    m.version() == mixing.versions()[k]
                            && m.age() == mixing.row().ages()[k]
                            && m.ageSeconds() == mixing.secondsOld()[k],
                    m,
                    "turn %d of user %d, %d versions and %s seconds old; mixed was turn %d, %d versions and %s seconds"
                            + " old",
                    m.version(),
                    m.neighbour(),
                    m.age(),
                    m.ageSeconds(),
                    mixing.versions()[k],
                    mixing.row().ages()[k],
                    mixing.secondsOld()[k]);
        }
        values(m);
    }

    private void values(Observation.Utility m) {
        boolean[] has = new boolean[m.evidence().length];
        for (Evidence e : Evidence.values()) {
            double value = m.evidence(e);
            has[e.ordinal()] = !Double.isNaN(value);
            findings.check(Double.isNaN(value) || e.allows(value), m, "%s is %s, which it cannot be", e.label(), value);
        }
        measures = measures == null ? has : measures;
        findings.check(Arrays.equals(measures, has), m, "it has other evidence than the user's first measurement");
    }

    private String missing() {
        return mixing == null
                ? ""
                : "user " + user + " mixed after turn " + mixing.turn()
                        + ", and no line of utility.jsonl says what it measured of users " + open;
    }

    /** A run has ended and was not stopped. */
    void finished() {
        findings.check(open.isEmpty(), missing());
    }
}
