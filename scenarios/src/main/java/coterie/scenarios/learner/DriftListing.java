package coterie.scenarios.learner;

import coterie.model.trust.UserMixtures;
import coterie.topology.drift.Drifts;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;

/** Changes of users' data for people: when, over which time, and the new mixture. */
public final class DriftListing {
    private DriftListing() {}

    /** Prints all changes, user by user; nothing if there are none. */
    public static void print(UserMixtures mixtures, List<String> categories, PrintStream out) {
        if (!mixtures.drifts().any()) {
            return;
        }
        out.println("\ndrift: users whose data changes; each phase has as much new data as the first");
        out.printf("%5s %6s %11s %9s  %s%n", "user", "phase", "at (s)", "over (s)", "mixture");
        for (int u = 0; u < mixtures.users(); u++) {
            int phase = 0;
            for (Drifts.Change c : mixtures.drifts().of(u)) {
                phase++;
                out.printf(
                        Locale.ROOT,
                        "%5d %6d %11.1f %9.1f  %s%n",
                        u,
                        phase,
                        c.atSeconds(),
                        c.overSeconds(),
                        Mixtures.inWords(categories, mixtures.phases()[u][phase]));
            }
        }
    }
}
