package coterie.actors.verify;

import coterie.actors.event.Observation;
import coterie.actors.user.SimulationConfig;
import coterie.topology.device.Faults.Outage;
import coterie.topology.time.Ticks;
import java.util.Collections;
import java.util.Iterator;

/** Checks that one user's device fails exactly when the configuration says, and restarts from its last save. */
final class Outages {
    private final SimulationConfig config;
    private final Findings findings;
    private final Iterator<Outage> all;
    /** The current outage, or the next; null for none. */
    private Outage next;

    private boolean down;
    private int savedIteration;

    Outages(SimulationConfig config, int user, Findings findings) {
        this.config = config;
        this.findings = findings;
        all = config.faults().any() ? config.faults().of(config.seed(), user) : Collections.emptyIterator();
        take();
    }

    private void take() {
        next = all.hasNext() ? all.next() : null;
    }

    void ended(Observation.TurnEnded t) {
        findings.check(!down, t, "the device has failed, and no line of events.jsonl says that it is up again");
        while (!down && next != null && t.seconds() > Ticks.seconds(next.from()) + Instants.NANOSECONDS) {
            findings.check(
                    false,
                    t,
                    "the device fails at %s, and no line of events.jsonl says so",
                    Ticks.seconds(next.from()));
            take();
        }
        if ((t.turn() + 1) % config.faults().saveEvery() == 0) {
            savedIteration = t.iteration();
        }
    }

    /** @param turns that have ended, without those that were lost */
    void crashed(Observation.Crashed c, int turns, boolean between) {
        findings.check(!down, c, "the device was down already");
        boolean known = next != null && Instants.same(c.seconds(), Ticks.seconds(next.from()));
        findings.check(
                known,
                c,
                "the scenario lets the device fail %s",
                next == null ? "no more" : "at " + Ticks.seconds(next.from()));
        if (known) {
            double until = Ticks.seconds(next.until());
            findings.check(
                    c.until() == until || Instants.same(c.until(), until),
                    c,
                    "down until %s, the scenario says %s",
                    c.until(),
                    until);
        }
        int saved = turns / config.faults().saveEvery() * config.faults().saveEvery();
        findings.check(
                c.savedTurn() == saved,
                c,
                "its save is of turn %d; of %d turns that have ended the last save" + " is of turn %d",
                c.savedTurn(),
                turns,
                saved);
        findings.check(
                c.turn() == turns || c.turn() == turns - 1 && between,
                c,
                "turn is %d, and %d turns have ended",
                c.turn(),
                turns);
        down = true;
    }

    void restarted(Observation.Restarted r) {
        findings.check(down, r, "the device was not down");
        findings.check(
                r.iteration() == savedIteration,
                r,
                "iteration is %d, and it was saved at %d",
                r.iteration(),
                savedIteration);
        down = false;
        take();
    }
}
