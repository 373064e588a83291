package coterie.actors.verify;

import coterie.actors.event.Observation;
import coterie.actors.schedule.OfflineBehaviour;
import coterie.actors.user.SimulationConfig;
import coterie.topology.availability.Sessions;
import coterie.topology.availability.Sessions.Session;
import coterie.topology.time.Ticks;
import java.util.ArrayDeque;

/**
 * Checks that the absences of one user are those of the scenario: between its sessions, or the turns that it sleeps.
 */
final class AbsenceCheck {
    private final SimulationConfig config;
    private final int user;
    private final Verifier.Known known;
    private final Findings findings;
    /** Null if presence does not depend on time. */
    private final Sessions sessions;
    /** End of the last session in virtual seconds. */
    private double present;
    /** The next absence; infinite for none. */
    private double from;

    private double until;
    private boolean ended;
    /** Absences whose turns have not ended. In the files, they stand before turns that end at the same instant. */
    private final ArrayDeque<Observation.Absent> asleep = new ArrayDeque<>(2);

    AbsenceCheck(SimulationConfig config, int user, Verifier.Known known, Findings findings) {
        this.config = config;
        this.user = user;
        this.known = known;
        this.findings = findings;
        sessions =
                known.earlier() ? null : config.collaboration().participation().sessions(user);
        if (sessions != null) {
            next();
        }
    }

    private void next() {
        do {
            from = present;
            Session s = present < Ticks.seconds(config.end()) ? sessions.next() : null;
            until = s == null ? Double.POSITIVE_INFINITY : Ticks.seconds(s.from());
            present = s == null ? Double.POSITIVE_INFINITY : Math.max(present, Ticks.seconds(s.until()));
        } while (until <= from && Double.isFinite(from));
    }

    /** @param turns that the user has done */
    void absent(Observation.Absent a, int turns) {
        boolean train = config.offlineBehaviour() == OfflineBehaviour.TRAIN;
        findings.check(a.trains() == train, a, "trains is %s, and participation.idle makes it %s", a.trains(), train);
        if (sessions == null) {
            findings.check(!train, a, "no user is absent in this run");
            asleep.add(a);
            return;
        }
        findings.check(!ended, a, "the user had ended, or was gone for ever");
        findings.check(a.turn() == turns, a, "turn is %d, and %d turns have ended", a.turn(), turns);
        boolean right = Instants.same(a.seconds(), from) && (a.until() == until || Instants.same(a.until(), until));
        findings.check(
                right, a, "absent until %s; by the scenario the next absence is from %s to %s", a.until(), from, until);
        if (!ended && a.seconds() >= from - Instants.NANOSECONDS) {
            next();
        }
    }

    /** Nothing of the user is missing before an instant. */
    void until(double seconds, Observation o) {
        while (sessions != null && !ended && from < seconds - Instants.NANOSECONDS) {
            String missing = "user " + user + " is absent from " + from + " to " + until
                    + ", and no line of events.jsonl says so";
            if (o == null) {
                findings.check(false, missing);
            } else {
                findings.check(false, o, "%s", missing);
            }
            next();
        }
    }

    /** The user has ended: see {@link coterie.actors.calendar.Absences#ends}. */
    void ended() {
        ended = true;
    }

    /** @param slept whether the user slept instead of training */
    void turnEnded(Observation.TurnEnded t, boolean slept) {
        Observation.Absent a = null;
        while (!asleep.isEmpty() && asleep.peek().seconds() < t.seconds()) {
            a = asleep.poll();
        }
        if (sessions != null || known.earlier()) {
            return;
        }
        findings.check(
                slept == (a != null),
                t,
                slept
                        ? "the user slept, and no line of events.jsonl says that it was absent"
                        : "a line of events.jsonl says that the user was absent, and it was not");
        if (slept && a != null) {
            findings.check(
                    a.turn() == t.turn()
                            && Instants.same(a.seconds(), t.started())
                            && (!known.exact() || Instants.same(a.until(), t.seconds())),
                    t,
                    "the user slept from %s to %s, and events.jsonl says that it was absent in turn %d, from %s to %s",
                    t.started(),
                    t.seconds(),
                    a.turn(),
                    a.seconds(),
                    a.until());
        }
    }

    /** The device has failed: the turn is lost. */
    void crashed() {
        asleep.clear();
    }
}
