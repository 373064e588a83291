package coterie.scenarios.results;

/**
 * From which instant on a curve stays at or above a bound.
 *
 * <p>Worked example: 0.95 at 10 s, 0.8 at 20 s, 0.9 at 30 s and 1 at 40 s stay at or above 0.9 from 30 s on.
 */
public final class StaysAbove {
    /** Running sums round differently from the bound. */
    private static final double ROUNDING = 1e-9;

    private final double bound;
    private double since = Double.POSITIVE_INFINITY;

    public StaysAbove(double bound) {
        this.bound = bound;
    }

    /** Adds the value from an instant on, not earlier than those before. NaN changes nothing. */
    public void at(double seconds, double value) {
        if (value < bound - ROUNDING) {
            since = Double.POSITIVE_INFINITY;
        } else if (value >= bound - ROUNDING) {
            since = Math.min(since, seconds);
        }
    }

    /** Virtual seconds; infinite if the newest value is below the bound, or there is none. */
    public double since() {
        return since;
    }
}
