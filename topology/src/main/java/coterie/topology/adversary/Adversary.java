package coterie.topology.adversary;

import coterie.topology.group.Membership;
import coterie.topology.settings.Checks;
import coterie.topology.time.Ticks;

/**
 * Users that attack during a time.
 *
 * @param members the users
 * @param fromSeconds beginning of the attack in virtual seconds
 * @param untilSeconds its end in virtual seconds; infinity for the end of the run
 */
public record Adversary(Membership members, double fromSeconds, double untilSeconds) {
    public Adversary {
        Checks.notNegative("from_seconds", fromSeconds);
        Checks.atMost("from_seconds", fromSeconds, Ticks.LONGEST_SECONDS);
        if (!(untilSeconds > fromSeconds)) {
            throw new IllegalArgumentException(
                    "until_seconds must be later than from_seconds (" + fromSeconds + "), found " + untilSeconds);
        }
    }

    /** Whether two attacks have an instant in common. */
    boolean overlaps(Adversary other) {
        return fromSeconds < other.untilSeconds && other.fromSeconds < untilSeconds;
    }
}
