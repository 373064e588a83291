package coterie.model.attack;

import coterie.topology.settings.Checks;
import coterie.topology.settings.Component;
import coterie.topology.settings.Setting;
import coterie.topology.time.Ticks;

/**
 * Holds back what it publishes, and sends it to each receiver so that it arrives just before the receiver mixes: the
 * newest that it has then, and too late for an answer. Users mix when they publish; so the attacker expects the
 * receiver's next mixings from the receiver's own snapshots: from their turns, the instants of sending that they bear,
 * and how long the last one was under way. To a receiver of which it has had no two snapshots, it sends at once. The
 * choice of the instant by which a message arrives is the adversary's in models of asynchrony (Fischer, Lynch,
 * Paterson, "Impossibility of distributed consensus with one faulty process", Journal of the ACM 32(2), 1985).
 *
 * <p>Worked example: snapshots of turns 3 and 5 were sent at 30 s and 50 s, so a turn takes 10 s; the last was under
 * way for 2 s. Mixings are expected at 60 s, 70 s, … With lead_seconds: 1, what is published at 52 s is sent at 57 s,
 * and what is published at 58 s is sent at 67 s.
 *
 * @param leadSeconds virtual seconds by which it is to arrive before the mixing
 * @param attack what is sent; null for honest snapshots
 */
@Component(
        name = "timing",
        about = "sends so that it arrives just before the receiver mixes; attack: what is sent, unset: honest")
public record Timing(
        @Setting("1.0") double leadSeconds, @Setting Attack attack) implements Wrapping {
    /**
     * What an attacker knows of a receiver's mixings. Instants are in virtual seconds.
     *
     * @param sent when its newest snapshot was sent
     * @param period seconds that a turn takes
     * @param underWay seconds that its newest snapshot was under way
     */
    public record Rhythm(double sent, double period, double underWay) {}

    public Timing {
        Checks.notNegative("lead_seconds", leadSeconds);
        Checks.atMost("lead_seconds", leadSeconds, Ticks.LONGEST_SECONDS);
    }

    @Override
    public boolean holdsBack() {
        return true;
    }

    @Override
    public double sendAt(double now, Rhythm rhythm) {
        double first = rhythm.sent - leadSeconds - rhythm.underWay;
        double turns = Math.max(1, StrictMath.ceil((now - first) / rhythm.period));
        return Math.max(now, first + turns * rhythm.period);
    }
}
