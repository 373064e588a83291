package coterie.topology.time;

/**
 * Virtual time as integers: a tick is 1/256 of a nanosecond. The low eight bits order events within one nanosecond, so
 * that a message arrives after it was sent even without latency.
 */
public final class Ticks {
    /** Later than any event. */
    public static final long NEVER = Long.MAX_VALUE;
    /** The longest span of virtual time, about eleven months. */
    public static final double LONGEST_SECONDS = 3e7;

    private static final int MICRO_BITS = 8;
    private static final long NANOS = 1_000_000_000L;
    /** The end of virtual time: no event has this tick or a later one. Later times are clamped to it. */
    public static final long END = ((long) LONGEST_SECONDS) * NANOS << MICRO_BITS;

    private Ticks() {}

    /**
     * Returns the first tick of the nanosecond {@code seconds} after that of {@code from}, but at least {@code from} +
     * 1 and at most {@link #END}.
     *
     * @param from at most {@link #END}
     * @param seconds not negative; may be infinite
     */
    public static long after(long from, double seconds) {
        long ns = (from >> MICRO_BITS) + nanoseconds(seconds);
        return ns >= END >> MICRO_BITS ? END : Math.min(END, Math.max(from + 1, ns << MICRO_BITS));
    }

    /** Returns {@code from} + {@code ticks}, at most {@link #END}. */
    public static long plus(long from, long ticks) {
        return ticks >= END - from ? END : from + ticks;
    }

    /** Returns the minimum number of ticks from sending to arrival for a minimum latency in seconds. */
    public static long lookAhead(double leastSeconds) {
        return Math.max(1, (nanoseconds(leastSeconds) << MICRO_BITS) - (1 << MICRO_BITS) + 1);
    }

    /** Converts a tick to virtual seconds; infinity for {@link #NEVER}. */
    public static double seconds(long tick) {
        return tick == NEVER ? Double.POSITIVE_INFINITY : (tick >> MICRO_BITS) / 1e9;
    }

    /**
     * Converts virtual seconds to the first tick of their nanosecond, at most {@link #END}; {@link #NEVER} for
     * infinity.
     */
    public static long at(double seconds) {
        return seconds == Double.POSITIVE_INFINITY ? NEVER : nanoseconds(seconds) << MICRO_BITS;
    }

    /**
     * Returns the first tick of the nanosecond {@code seconds} after {@code from}, rounded up, at most {@link #END}.
     */
    public static long later(long from, double seconds) {
        double ns = StrictMath.ceil(seconds * NANOS);
        return ns < (END - from >> MICRO_BITS) ? (from >> MICRO_BITS) + (long) ns << MICRO_BITS : END;
    }

    /** The seconds between two ticks. */
    public static double span(long from, long to) {
        return ((to >> MICRO_BITS) - (from >> MICRO_BITS)) / 1e9;
    }

    private static long nanoseconds(double seconds) {
        if (!(seconds >= 0)) {
            throw new ArithmeticException("a duration must not be negative, found " + seconds + " virtual seconds");
        }
        // 2^63 ticks are 3.6e7 seconds: the sum of two spans of 3e7 would overflow, so spans are limited.
        return (long) (Math.min(seconds, LONGEST_SECONDS) * 1e9);
    }
}
