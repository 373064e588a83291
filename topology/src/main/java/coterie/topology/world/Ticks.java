package coterie.topology.world;

/**
 * Virtual time as whole numbers: a tick is a nanosecond's 256th. The low eight bits order what happens within one nanosecond, so that even a
 * message over a link without latency arrives after it was sent.
 */
public final class Ticks {
    /** Later than anything. */
    public static final long NEVER = Long.MAX_VALUE;
    /** The longest span of virtual time, about eleven months. */
    public static final double LONGEST_SECONDS = 3e7;
    private static final int MICRO_BITS = 8;

    private Ticks() {
    }

    /** The first tick that lies this many seconds after the nanosecond of {@code from}; {@code from} + 1 where that is not later. */
    public static long after(long from, double seconds) {
        long ns = (from >> MICRO_BITS) + nanoseconds(seconds);
        if (ns > NEVER >> MICRO_BITS) {
            throw new ArithmeticException("virtual time ends at about eleven months; " + seconds + " s after " + seconds(from) + " s lies beyond");
        }
        return Math.max(from + 1, ns << MICRO_BITS);
    }

    /** How much later than its sending a message arrives at the least, where links take at least so many seconds. */
    public static long lookAhead(double leastSeconds) {
        return Math.max(1, (nanoseconds(leastSeconds) << MICRO_BITS) - (1 << MICRO_BITS) + 1);
    }

    /** Virtual seconds of a tick; infinity for {@link #NEVER}. */
    public static double seconds(long tick) {
        return tick == NEVER ? Double.POSITIVE_INFINITY : (tick >> MICRO_BITS) / 1e9;
    }

    /** The first tick of the nanosecond at these virtual seconds; {@link #NEVER} for infinity. */
    public static long at(double seconds) {
        return seconds == Double.POSITIVE_INFINITY ? NEVER : nanoseconds(seconds) << MICRO_BITS;
    }

    /** The first tick of the nanosecond so many seconds later, rounded up; {@link #NEVER} where that is beyond all time. */
    public static long later(long from, double seconds) {
        double ns = StrictMath.ceil(seconds * 1e9);
        return ns < LONGEST_SECONDS * 1e9 && (from >> MICRO_BITS) + (long) ns <= NEVER >> MICRO_BITS ? (from >> MICRO_BITS) + (long) ns << MICRO_BITS : NEVER;
    }

    /** Seconds between two ticks. */
    public static double span(long from, long to) {
        return ((to >> MICRO_BITS) - (from >> MICRO_BITS)) / 1e9;
    }

    private static long nanoseconds(double seconds) {
        // 2^63 ticks are 3.6e7 seconds.
        if (!(seconds >= 0 && seconds <= LONGEST_SECONDS)) {
            throw new ArithmeticException("a duration of " + seconds + " virtual seconds is out of range (0 to 30 million)");
        }
        return (long) (seconds * 1e9);
    }
}
