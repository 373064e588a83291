package coterie.topology.settings;

import coterie.topology.time.Ticks;

/** Checks of settings. Messages use the keys of scenario files. */
public final class Checks {
    /** The longest span of virtual time in milliseconds. */
    public static final double MOST_MS = Ticks.LONGEST_SECONDS * 1000;

    private static final double MOST_SIGMA = 10;

    private Checks() {}

    /** Checks a mean, median or constant time in seconds: positive and at most {@link Ticks#LONGEST_SECONDS}. */
    public static void seconds(String name, double value) {
        positive(name, value);
        atMost(name, value, Ticks.LONGEST_SECONDS);
    }

    /** Checks a delay in milliseconds: not negative and at most {@link #MOST_MS}. */
    public static void milliseconds(String name, double value) {
        notNegative(name, value);
        atMost(name, value, MOST_MS);
    }

    /**
     * Checks the standard deviation of a logarithm: from 0 to 10, where one draw in a thousand is already e³⁰ times the
     * median.
     */
    public static void sigma(String name, double value) {
        notNegative(name, value);
        atMost(name, value, MOST_SIGMA);
    }

    public static void atLeast(String name, double value, double least) {
        if (!(value >= least)) {
            throw new IllegalArgumentException(name + " must be at least " + plain(least) + ", found " + value);
        }
    }

    public static void atMost(String name, double value, double most) {
        if (!(value <= most)) {
            throw new IllegalArgumentException(name + " must be at most " + plain(most) + ", found " + value);
        }
    }

    private static String plain(double x) {
        return x == Math.rint(x) && Math.abs(x) < 1e12 ? String.valueOf((long) x) : String.valueOf(x);
    }

    public static void positive(String name, double value) {
        if (!(value > 0) || Double.isInfinite(value)) {
            throw new IllegalArgumentException(name + " must be greater than 0, found " + value);
        }
    }

    public static void notNegative(String name, double value) {
        if (!(value >= 0) || Double.isInfinite(value)) {
            throw new IllegalArgumentException(name + " must not be negative, found " + value);
        }
    }

    public static void probability(String name, double value) {
        if (!(value >= 0 && value < 1)) {
            throw new IllegalArgumentException(name + " must lie in [0, 1), found " + value);
        }
    }

    public static void share(String name, double value) {
        if (!(value > 0 && value <= 1)) {
            throw new IllegalArgumentException(name + " must lie in (0, 1], found " + value);
        }
    }

    public static void path(String name, String value) {
        if (value == null || value.isBlank()) {
            throw new IllegalArgumentException(name + " must name a file");
        }
    }
}
