package coterie.actors.verify;

import coterie.actors.event.Observation;
import coterie.actors.protocol.VerifiableMixing;
import coterie.actors.user.SimulationConfig;

/**
 * Checks when one user mixes: once after each turn in which it took part, and after no other turn. Protocols that mix
 * whenever a message arrives are not checked.
 */
final class MixingTimes {

    private final Findings findings;
    private final VerifiableMixing rules;
    /** The turn after which the user may still mix; −1 for none. */
    private int turn = -1;

    private boolean owed;
    private double mixed = Double.NaN;

    MixingTimes(SimulationConfig config, Findings findings) {

        this.findings = findings;
        rules = config.protocol().verifiableMixing();
    }

    /** A turn has ended: the mixing after the turn before must have been recorded. */
    void ended(Observation.TurnEnded t) {
        findings.check(!owed, t, "the user took part in turn %d, and no line of trust.jsonl says that it mixed", turn);
        findings.check(
                Double.isNaN(mixed) || Instants.same(mixed, t.started()),
                t,
                "began at %s, and the user mixed at %s: a turn begins when the user has mixed",
                t.started(),
                mixed);
        turn = t.tookPart() ? t.turn() : -1;
        owed = turn >= 0 && rules.mustMix(turn);
        mixed = Double.NaN;
    }

    void mixed(Observation.Mixed m) {
        if (rules.trigger() != VerifiableMixing.Trigger.AFTER_TURN) {
            return;
        }
        findings.check(
                m.turn() == turn,
                m,
                "turn is %d, and %s",
                m.turn(),
                turn < 0 ? "no turn waits to be mixed" : "the turn that has ended is " + turn);
        findings.check(rules.mayMix(m.turn()), m, "mixed after turn %d, against mix_every", m.turn());
        turn = -1;
        owed = false;
        mixed = m.seconds();
    }

    /** The device has failed: the user restarts from a save, without mixing. */
    void crashed() {
        turn = -1;
        owed = false;
        mixed = Double.NaN;
    }

    /** When the user mixed after its last turn; NaN if it did not. */
    double last() {
        return mixed;
    }

    /**
     * A run has ended and was not stopped.
     *
     * @param last evaluation of the user, after its last turn
     */
    void finished(Observation.Evaluated last) {
        findings.check(
                !owed, last, "the user took part in turn %d, and no line of trust.jsonl says that it mixed", turn);
    }
}
