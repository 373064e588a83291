package coterie.scenarios.results;

import coterie.actors.clock.RunResult;
import coterie.actors.clock.RunResult.EndedBy;
import coterie.actors.event.Observation;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** How a run ended, as {@code summary.json} says it. */
public enum Status {
    /** The run has reached its end. */
    COMPLETED,
    /** The run was stopped, and can be resumed. */
    INTERRUPTED,
    /** The training of a user has diverged: the run has ended with it, or has gone on without that user. */
    DIVERGED,
    /** All users are down or away for ever. */
    GONE;

    private static final int NAMED = 5;

    /** The status of a run that has ended. */
    public static Status of(RunResult r) {
        return of(r.endedBy(), r.diverged());
    }

    /**
     * The status of a run that has ended.
     *
     * @param diverged whether the training of any user has diverged
     */
    static Status of(EndedBy by, boolean diverged) {
        if (by == EndedBy.STOP) {
            return INTERRUPTED;
        }
        return diverged ? DIVERGED : by == EndedBy.GONE ? GONE : COMPLETED;
    }

    /** The name in result files. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Users whose training has diverged, with iterations and symptoms, in one line.
     *
     * @param all at least one
     */
    public static String inWords(List<Observation.Diverged> all) {
        String some = all.stream()
                .limit(NAMED)
                .map(d -> String.format(
                        Locale.ROOT,
                        "user %d at iteration %d (%s)",
                        d.user(),
                        d.iteration(),
                        d.symptom().label()))
                .collect(Collectors.joining(", "));
        return some + (all.size() > NAMED ? String.format(Locale.ROOT, " and %d more", all.size() - NAMED) : "");
    }
}
