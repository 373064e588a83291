package coterie.actors.verify;

import coterie.actors.event.Observation;
import coterie.actors.message.DoorRules;
import coterie.actors.message.Refusal;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * Checks which messages one user refuses. That a refused message had arrived is an observation before the refusal; in
 * the files, where each kind of observation has a file, the refusal stands before all arrivals of its instant.
 */
final class DoorCheck {
    /**
     * A message that was taken.
     *
     * @param flight null if it was never sent
     */
    record Arrival(Observation.Received received, Mail.Flight flight) {}

    private final DoorRules rules;
    private final Findings findings;
    /** Turns that were let in, by sender. */
    private final Map<Integer, BitSet> turns = new HashMap<>();
    /** Refusals of messages whose arrival has not been seen yet. */
    private final List<Observation.Refused> early = new ArrayList<>(0);
    /** The last message that was taken: the next observation shows whether it was refused. Null for none. */
    private Arrival open;

    DoorCheck(DoorRules rules, Findings findings) {
        this.rules = rules;
        this.findings = findings;
    }

    /**
     * Looks at the user's next observation.
     *
     * @param seen whether messages were recorded
     * @return a message that was taken before and not refused; null if there is none, or that is not known yet
     */
    Arrival next(Observation o, boolean seen) {
        early.removeIf(r -> {
            boolean late = r.seconds() < o.seconds();
            findings.check(!late || !seen, r, "no such message of user %d had arrived", r.from());
            return late;
        });
        if (o instanceof Observation.Refused r) {
            possible(r);
            if (open != null && same(r, open.received)) {
                repeated(r);
                open = null;
                return null;
            }
            early.add(r);
        }
        Arrival before = open;
        open = null;
        return before;
    }

    /**
     * A message was taken.
     *
     * @return false if nothing is refused in this run; otherwise {@link #next} returns it if it was not refused
     */
    boolean taken(Arrival a) {
        if (!rules.checks()) {
            return false;
        }
        for (Iterator<Observation.Refused> i = early.iterator(); i.hasNext(); ) {
            Observation.Refused r = i.next();
            if (same(r, a.received)) {
                i.remove();
                repeated(r);
                return true;
            }
        }
        open = a;
        return true;
    }

    private static boolean same(Observation.Refused r, Observation.Received m) {
        return r.from() == m.from()
                && r.number() == m.number()
                && r.copy() == m.copy()
                && r.turn() == m.turn()
                && r.kind() == m.kind()
                && r.seconds() == m.seconds();
    }

    private void possible(Observation.Refused r) {
        findings.check(rules.checks(), r, "no message is refused in this run");
        if (rules.checks() && r.reason() == Refusal.AGE) {
            findings.check(
                    !rules.possible(r.kind(), r.turn(), r.seconds()), r, "turn %d can have ended by then", r.turn());
        }
    }

    private void repeated(Observation.Refused r) {
        if (r.reason() == Refusal.REPEATED) {
            BitSet before = turns.get(r.from());
            findings.check(
                    rules.once(r.kind()) && before != null && r.turn() >= 0 && before.get(r.turn()),
                    r,
                    "turn %d of user %d was not let in before",
                    r.turn(),
                    r.from());
        }
    }

    /**
     * A message was not refused.
     *
     * @param useless whether its receiver had ended, so that it was perhaps not looked at
     */
    void letIn(Observation.Received m, boolean useless) {
        findings.check(
                useless || rules.possible(m.kind(), m.turn(), m.seconds()),
                m,
                "let in, and turn %d of user %d cannot have ended by then",
                m.turn(),
                m.from());
        if (rules.once(m.kind()) && m.turn() >= 0) {
            BitSet before = turns.computeIfAbsent(m.from(), k -> new BitSet());
            findings.check(
                    useless || !before.get(m.turn()),
                    m,
                    "let in, and turn %d of user %d was before",
                    m.turn(),
                    m.from());
            before.set(m.turn());
        }
    }

    /** The device has failed. */
    void crashed() {
        turns.clear();
    }
}
