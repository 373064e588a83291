package coterie.scenarios.results;

import java.util.Locale;

/** Lengths of time in the unit that suits them. */
public final class Durations {
    private static final double MINUTES = 120;
    private static final double HOURS = 7200;
    private static final double DAYS = 172_800;

    private Durations() {}

    /**
     * A number and its unit, such as "4.2 s", "45 s", "12 min", "3.4 h" or "2.5 d".
     *
     * @param s seconds
     */
    public static String inWords(double s) {
        if (s < MINUTES) {
            return String.format(Locale.ROOT, s < 10 ? "%.1f s" : "%.0f s", s);
        }
        return s < HOURS
                ? String.format(Locale.ROOT, "%.0f min", s / 60)
                : String.format(Locale.ROOT, s < DAYS ? "%.1f h" : "%.1f d", s / (s < DAYS ? 3600 : 86_400));
    }
}
