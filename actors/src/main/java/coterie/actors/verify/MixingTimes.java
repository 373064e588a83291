package coterie.actors.verify;

import coterie.actors.event.Observation;
import coterie.actors.protocol.MixingRules;
import coterie.actors.user.SimulationConfig;

/**
 * Whether one user mixes when it has to: after each turn in which it took part, once, and after no other turn.
 * Protocols that mix whenever a message arrives are left out.
 */
final class MixingTimes {

    private final Findings findings;
    private final MixingRules rules;
    /** The turn that has ended, and was not mixed yet; −1 where nothing may be mixed. */
    private int turn = -1;

    private boolean owed;
    private double mixed = Double.NaN;

    MixingTimes(SimulationConfig config, Findings findings) {

        this.findings = findings;
        rules = config.protocol().mixingRules();
    }

    /** A turn has ended. What was owed of the turn before had to be mixed before this one began. */
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
        if (rules.occasion() != MixingRules.Occasion.AFTER_TURN) {
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

    /** The device has failed: the user begins again from a save, without mixing. */
    void crashed() {
        turn = -1;
        owed = false;
        mixed = Double.NaN;
    }

    /** When the user mixed after its last turn; NaN where it did not. */
    double last() {
        return mixed;
    }

    /**
     * A run is over that was not stopped.
     *
     * @param last of the user, after its last turn
     */
    void finished(Observation.Evaluated last) {
        findings.check(
                !owed, last, "the user took part in turn %d, and no line of trust.jsonl says that it mixed", turn);
    }
}
