package coterie.actors.life;

/**
 * Virtual time as whole numbers: a tick is a nanosecond's 256th. The low eight bits order what happens within one nanosecond, so that even a
 * message over a link without latency arrives after it was sent.
 */
public final class Ticks {
    /** Later than anything. */
    public static final long NEVER = Long.MAX_VALUE;
    private static final int MICRO_BITS = 8;

    private Ticks() {
    }

    /** The first tick that lies this many seconds after the nanosecond of {@code from}; {@code from} + 1 where that is not later. */
    public static long after(long from, double seconds) {
        return Math.max(from + 1, (from >> MICRO_BITS) + nanoseconds(seconds) << MICRO_BITS);
    }

    /** How much later than its sending a message arrives at the least, where links take at least so many seconds. */
    public static long lookAhead(double leastSeconds) {
        return Math.max(1, (nanoseconds(leastSeconds) << MICRO_BITS) - (1 << MICRO_BITS) + 1);
    }

    public static double seconds(long tick) {
        return (tick >> MICRO_BITS) / 1e9;
    }

    private static long nanoseconds(double seconds) {
        // A hundred years are 3.2e18 ns / 256: far more would not fit.
        if (!(seconds >= 0 && seconds < 3e7)) {
            throw new ArithmeticException("a duration of " + seconds + " virtual seconds is out of range (0 to 30 million)");
        }
        return (long) (seconds * 1e9);
    }
}
