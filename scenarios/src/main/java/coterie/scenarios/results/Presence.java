package coterie.scenarios.results;

import coterie.actors.calendar.Absences;
import coterie.actors.event.Observation;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The time in which users are present, from their absences. A user's time ends with its last evaluation, and at the
 * latest with the run.
 *
 * <p>Worked example: of two users the first is absent from 10 to 30 s and ends at 40 s, the second is never absent in a
 * run of 60 s: they are present in 80 of 100 s.
 */
final class Presence {
    private final int turns;
    /** Seconds of absences that have ended, by user. */
    private final double[] absent;
    /** The newest absence. */
    private final double[] from;

    private final double[] until;
    /** When a user ended; infinite before. */
    private final double[] ended;

    /** @param turns of a user */
    Presence(int users, int turns) {
        this.turns = turns;
        absent = new double[users];
        from = new double[users];
        until = new double[users];
        ended = new double[users];
        Arrays.fill(ended, Double.POSITIVE_INFINITY);
    }

    void observed(Observation o) {
        if (o instanceof Observation.Absent a) {
            absent(a.user(), a.seconds(), a.until());
        } else if (o instanceof Observation.Slept s && s.until() == Double.POSITIVE_INFINITY) {
            // It may be its turn that never ends.
            absent(s.user(), s.seconds(), s.until());
        } else if (Absences.ends(o, turns)) {
            ended[o.user()] = Math.min(ended[o.user()], o.seconds());
        }
    }

    /** Two absences of a user may overlap, if its device failed in between. */
    private void absent(int user, double begins, double ends) {
        if (begins > until[user]) {
            absent[user] += until[user] - from[user];
            from[user] = begins;
        }
        until[user] = Math.max(until[user], ends);
    }

    /**
     * Share of the users' time in which they are present; NaN if there is no time.
     *
     * @param end of the run in virtual seconds
     */
    double share(double end) {
        return share(IntStream.range(0, ended.length).toArray(), end);
    }

    /** Same as {@link #share(double)}, for some users. */
    double share(int[] users, double end) {
        double all = 0;
        double away = 0;
        for (int u : users) {
            double own = Math.min(ended[u], end);
            all += own;
            away += absent[u] + Math.max(0, Math.min(until[u], own) - from[u]);
        }
        return all > 0 ? 1 - away / all : Double.NaN;
    }
}
