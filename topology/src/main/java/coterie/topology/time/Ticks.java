package coterie.topology.time;

/**
 * Virtual time as whole numbers: a tick is a nanosecond's 256th. The low eight bits order what happens within one
 * nanosecond, so that even a message over a link without latency arrives after it was sent.
 */
public final class Ticks {
    /** Later than anything. */
    public static final long NEVER = Long.MAX_VALUE;
    /** The longest span of virtual time, about eleven months. */
    public static final double LONGEST_SECONDS = 3e7;

    private static final int MICRO_BITS = 8;
    private static final long NANOS = 1_000_000_000L;
    /**
     * The end of virtual time: nothing happens at this tick or later. What would happen later is said to happen here.
     */
    public static final long END = ((long) LONGEST_SECONDS) * NANOS << MICRO_BITS;

    private Ticks() {}

    /**
     * The first tick that lies this many seconds after the nanosecond of {@code from}; {@code from} + 1 where that is
     * not later, and {@link #END} where that is beyond the end of virtual time.
     *
     * @param from before {@link #END}, or {@link #END} itself
     * @param seconds not negative; may be infinite
     */
    public static long after(long from, double seconds) {
        long ns = (from >> MICRO_BITS) + nanoseconds(seconds);
        return ns >= END >> MICRO_BITS ? END : Math.min(END, Math.max(from + 1, ns << MICRO_BITS));
    }

    /** The tick that lies so many ticks after another; {@link #END} where that is beyond the end of virtual time. */
    public static long plus(long from, long ticks) {
        return ticks >= END - from ? END : from + ticks;
    }

    /** How much later than its sending a message arrives at the least, where links take at least so many seconds. */
    public static long lookAhead(double leastSeconds) {
        return Math.max(1, (nanoseconds(leastSeconds) << MICRO_BITS) - (1 << MICRO_BITS) + 1);
    }

    /** Virtual seconds of a tick; infinity for {@link #NEVER}. */
    public static double seconds(long tick) {
        return tick == NEVER ? Double.POSITIVE_INFINITY : (tick >> MICRO_BITS) / 1e9;
    }

    /** The first tick of the nanosecond at these virtual seconds, at most {@link #END}; {@link #NEVER} for infinity. */
    public static long at(double seconds) {
        return seconds == Double.POSITIVE_INFINITY ? NEVER : nanoseconds(seconds) << MICRO_BITS;
    }

    /**
     * The first tick of the nanosecond so many seconds later, rounded up; {@link #END} where that is beyond the end of
     * virtual time.
     */
    public static long later(long from, double seconds) {
        double ns = StrictMath.ceil(seconds * NANOS);
        return ns < (END - from >> MICRO_BITS) ? (from >> MICRO_BITS) + (long) ns << MICRO_BITS : END;
    }

    /** Seconds between two ticks. */
    public static double span(long from, long to) {
        return ((to >> MICRO_BITS) - (from >> MICRO_BITS)) / 1e9;
    }

    private static long nanoseconds(double seconds) {
        if (!(seconds >= 0)) {
            throw new ArithmeticException("a duration of " + seconds + " virtual seconds is none");
        }
        // 2^63 ticks are 3.6e7 seconds: the sum of two spans of at most 3e7 does not fit, and no span may be longer.
        return (long) (Math.min(seconds, LONGEST_SECONDS) * 1e9);
    }
}
