package coterie.actors.verify;

import coterie.topology.time.Ticks;

/** Virtual time as it is recorded. */
final class Instants {
    /**
     * Tolerance: virtual time is kept in nanoseconds and printed in seconds; after some months a nanosecond is less
     * than the last digit.
     */
    static final double NANOSECONDS = 3e-9 + 2 * Math.ulp(Ticks.LONGEST_SECONDS);

    private static final double A_SECOND = 1e9;
    /** 2⁵¹ nanoseconds, 26 days: until then the printed seconds determine the nanosecond. */
    private static final double EXACT = (1L << 51) / A_SECOND;

    private static final int TICK_BITS = 8;

    private Instants() {}

    /** Whether two numbers of seconds are the same instant. */
    static boolean same(double a, double b) {
        return Math.abs(a - b) <= NANOSECONDS;
    }

    /** Whether the nanosecond of an instant is certain. */
    static boolean exact(double seconds) {
        return seconds < EXACT;
    }

    /** The first tick of the nanosecond that was recorded as so many seconds. */
    static long tick(double seconds) {
        return Math.round(seconds * A_SECOND) << TICK_BITS;
    }
}
