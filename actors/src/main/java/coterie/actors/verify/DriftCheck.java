package coterie.actors.verify;

import coterie.actors.event.Observation;
import coterie.topology.drift.Drifts;
import java.util.ArrayList;
import java.util.List;

/** Checks that one user's data changes when the configuration says, and that every change is recorded. */
final class DriftCheck {
    private final List<Drifts.Change> changes;
    private final Findings findings;
    /** Number of changes recorded. */
    private int seen;
    /** Those whose turn has not ended yet. */
    private final List<Observation.Drifted> open = new ArrayList<>(0);

    DriftCheck(Drifts drifts, int user, Findings findings) {
        changes = drifts.of(user);
        this.findings = findings;
    }

    void drifted(Observation.Drifted d) {
        seen++;
        findings.check(d.phase() == seen, d, "phase %d begins, and expected was %d", d.phase(), seen);
        if (seen > changes.size()) {
            findings.check(false, d, "the user's data changes %d times in this run", changes.size());
            return;
        }
        Drifts.Change change = changes.get(seen - 1);
        findings.check(
                d.since() == change.atSeconds() && d.over() == change.overSeconds(),
                d,
                "since %s over %s s, and the scenario says since %s over %s s",
                d.since(),
                d.over(),
                change.atSeconds(),
                change.overSeconds());
        findings.check(d.seconds() >= change.atSeconds(), d, "before the change, at %s", change.atSeconds());
        open.add(d);
    }

    /** A turn has ended. */
    void ended(Observation.TurnEnded t) {
        // In the files, a change stands before turns that end at the same instant.
        for (Observation.Drifted d : List.copyOf(open)) {
            if (d.turn() <= t.turn()) {
                findings.check(
                        d.turn() == t.turn() && d.seconds() == t.started(),
                        d,
                        "in turn %d, and turn %d began at %s",
                        d.turn(),
                        t.turn(),
                        t.started());
                open.remove(d);
            }
        }
        int begun = seen - open.size();
        if (begun < changes.size()) {
            findings.check(
                    t.started() < changes.get(begun).atSeconds(),
                    t,
                    "no line of events.jsonl says that the user's data changed at %s, before this turn began",
                    changes.get(begun).atSeconds());
        }
    }

    /** The turn under way is lost. */
    void crashed() {
        open.clear();
    }
}
