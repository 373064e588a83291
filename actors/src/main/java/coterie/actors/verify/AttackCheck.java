package coterie.actors.verify;

import coterie.actors.event.Observation;
import coterie.model.attack.Attacks;
import coterie.topology.adversary.Adversaries;
import java.util.ArrayList;
import java.util.List;

/** Checks that one user attacks when the configuration says, and that begin and end of each attack are recorded. */
final class AttackCheck {
    private final Attacks attacks;
    private final int user;
    private final Findings findings;
    /** Entry of the attack in the last turn that has ended or was cut off. */
    private int entry = Adversaries.HONEST;
    /**
     * Observations whose turn has not ended yet. In the files, they stand before turns that end at the same instant.
     */
    private final List<Observation.Attacked> open = new ArrayList<>(0);

    AttackCheck(Attacks attacks, int user, Findings findings) {
        this.attacks = attacks;
        this.user = user;
        this.findings = findings;
    }

    void attacked(Observation.Attacked a) {
        boolean exists = a.entry() >= 0 && a.entry() < attacks.entries().size();
        findings.check(
                exists, a, "there are only %d adversaries", attacks.entries().size());
        if (exists) {
            String name = attacks.entries().get(a.entry()).name();
            findings.check(a.attack().equals(name), a, "attack %s, and the scenario says %s", a.attack(), name);
            open.add(a);
        }
    }

    /** A turn has ended. */
    void ended(Observation.TurnEnded t) {
        int now = attacks.adversaries().entry(user, t.started());
        if (now != entry) {
            expect(t, entry, false);
            expect(t, now, true);
        }
        entry = now;
        for (Observation.Attacked a : List.copyOf(open)) {
            if (a.turn() <= t.turn()) {
                findings.check(false, a, "by the scenario no attack of the user begins or ends with turn %d", a.turn());
                open.remove(a);
            }
        }
    }

    private void expect(Observation.TurnEnded t, int expected, boolean begins) {
        if (expected == Adversaries.HONEST) {
            return;
        }
        boolean found = open.removeIf(a ->
                a.entry() == expected && a.begins() == begins && a.turn() == t.turn() && a.seconds() == t.started());
        findings.check(
                found,
                t,
                "no line of events.jsonl says that attack %d of the user had %s when this turn began",
                expected,
                begins ? "begun" : "ended");
    }

    /** The turn under way is lost; an attack has begun or ended with it all the same. */
    void crashed() {
        for (Observation.Attacked a : open) {
            entry = a.begins() ? a.entry() : Adversaries.HONEST;
        }
        open.clear();
    }
}
