package coterie.topology.drift;

import coterie.topology.group.Membership;
import coterie.topology.settings.Checks;
import coterie.topology.time.Ticks;

/**
 * A change of the data of some users. Each of them changes at one instant: the given one, or one of its own that is
 * drawn uniformly from an interval.
 *
 * @param members the users; null for all
 * @param fromSeconds beginning of the interval in virtual seconds; equal to its end for a given instant
 * @param untilSeconds end of the interval in virtual seconds, greater than 0
 * @param overSeconds virtual seconds in which the new data replaces the old; 0 for an abrupt change
 */
public record Drift(Membership members, double fromSeconds, double untilSeconds, double overSeconds) {
    public Drift {
        Checks.notNegative("from_seconds", fromSeconds);
        Checks.seconds("until_seconds", untilSeconds);
        if (fromSeconds > untilSeconds) {
            throw new IllegalArgumentException(
                    "until_seconds must be later than from_seconds (" + fromSeconds + "), found " + untilSeconds);
        }
        Checks.notNegative("over_seconds", overSeconds);
        Checks.atMost("over_seconds", overSeconds, Ticks.LONGEST_SECONDS);
    }

    /** A change at a given instant. */
    public static Drift at(Membership members, double seconds, double overSeconds) {
        return new Drift(members, seconds, seconds, overSeconds);
    }
}
