package coterie.scenarios.learner;

import coterie.model.attack.Attacks;
import coterie.scenarios.config.Scenario;
import coterie.scenarios.config.UserAttack;
import coterie.topology.adversary.Adversaries;
import java.io.PrintStream;
import java.util.Locale;

/** Users that attack, for people: what they do, and when. */
public final class AttackListing {
    private AttackListing() {}

    /** Prints all attacks, user by user; nothing if there are none. */
    public static void print(Scenario s, PrintStream out) {
        Attacks attacks = UserAttack.of(s);
        if (!attacks.adversaries().any()) {
            return;
        }
        out.println("\nadversaries: users that attack");
        out.printf("%5s %11s %11s  %s%n", "user", "from (s)", "until (s)", "attack");
        for (int u = 0; u < s.users(); u++) {
            for (Adversaries.Attack a : attacks.adversaries().of(u)) {
                out.printf(
                        Locale.ROOT,
                        "%5d %11.1f %11s  %s%n",
                        u,
                        a.fromSeconds(),
                        Double.isInfinite(a.untilSeconds())
                                ? "-"
                                : String.format(Locale.ROOT, "%.1f", a.untilSeconds()),
                        attacks.entries().get(a.entry()).name());
            }
        }
    }
}
