package coterie.topology.device;

import coterie.topology.settings.Checks;

/**
 * How often a device fails at random.
 *
 * @param perHour crashes per hour of virtual time (a Poisson process while the device is up)
 * @param downSeconds mean duration of an outage in virtual seconds, exponentially distributed
 */
public record CrashRate(double perHour, double downSeconds) {
    /** More than one crash per second leaves no time for progress. */
    private static final double MOST_PER_HOUR = 3600;

    public CrashRate {
        Checks.notNegative("crashes_per_hour", perHour);
        Checks.atMost("crashes_per_hour", perHour, MOST_PER_HOUR);
        Checks.seconds("down_seconds", downSeconds);
    }
}
