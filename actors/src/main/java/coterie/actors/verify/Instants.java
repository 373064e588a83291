package coterie.actors.verify;

import coterie.topology.world.Ticks;

/** Virtual time as it is recorded. */
final class Instants {
    /**
     * Virtual time is kept in nanoseconds; seconds are printed from them, and after some months a nanosecond is less
     * than their last digit.
     */
    static final double NANOSECONDS = 3e-9 + 2 * Math.ulp(Ticks.LONGEST_SECONDS);
    private static final double A_SECOND = 1e9;
    private static final int TICK_BITS = 8;

    private Instants() {
    }

    /** Whether two numbers of seconds are the same instant. */
    static boolean same(double a, double b) {
        return Math.abs(a - b) <= NANOSECONDS;
    }

    /** The first tick of the nanosecond that was recorded as so many seconds. */
    static long tick(double seconds) {
        return Math.round(seconds * A_SECOND) << TICK_BITS;
    }
}
