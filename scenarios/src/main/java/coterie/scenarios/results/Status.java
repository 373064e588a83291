package coterie.scenarios.results;

import coterie.actors.clock.RunResult;
import coterie.actors.clock.RunResult.EndedBy;
import coterie.actors.event.Observation;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** What has become of a run in the end, as {@code summary.json} says it. */
public enum Status {
    /** It has come to its end. */
    COMPLETED,
    /** It was stopped, and can be resumed. */
    INTERRUPTED,
    /** The training of a user has diverged: the run has ended with it, or has gone on without that user. */
    DIVERGED,
    /** Every device is down, or every user away, for ever. */
    GONE;

    private static final int NAMED = 5;

    /** That of a run. */
    public static Status of(RunResult r) {
        return of(r.endedBy(), r.diverged());
    }

    /**
     * The same.
     *
     * @param diverged whether the training of any user has
     */
    static Status of(EndedBy by, boolean diverged) {
        if (by == EndedBy.STOP) {
            return INTERRUPTED;
        }
        return diverged ? DIVERGED : by == EndedBy.GONE ? GONE : COMPLETED;
    }

    /** As result files name it. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The users whose training has diverged, with iterations and symptoms, in one line.
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
