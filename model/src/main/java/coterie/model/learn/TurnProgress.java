package coterie.model.learn;

import coterie.model.trust.TrustRow;
import coterie.model.utility.UtilityRow;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Intermediate results of a turn, and when in virtual time each is due. The learner reports them, and the user's
 * process reads them. Thread-safe.
 */
public final class TurnProgress {
    private static final long[] NONE = {};
    private final long rowDue;
    private final long[] evaluationsDue;
    private final long end;
    private TrustRow row;
    /** Null if nothing was measured. */
    private UtilityRow utility;
    /** Null until there is one: most turns of a large run have none, and there are millions of turns. */
    private List<TurnOutcome.Evaluation> evaluations;
    /** Null until it is asked for. */
    private CompletableFuture<Void> more;

    /**
     * Creates the progress of a turn that is about to be computed.
     *
     * @param rowDue tick at which the trust row is due; {@link Long#MAX_VALUE} if it is not
     * @param evaluationsDue ticks at which evaluations are due before the turn's end, ascending
     * @param end tick at which the turn ends
     */
    public TurnProgress(long rowDue, long[] evaluationsDue, long end) {
        this.rowDue = rowDue;
        this.evaluationsDue = evaluationsDue.clone();
        this.end = end;
    }

    private TurnProgress(long end) {
        rowDue = Long.MAX_VALUE;
        evaluationsDue = NONE;
        this.end = end;
    }

    /**
     * Creates the progress of a turn of which nothing is due before its end.
     *
     * @param end tick at which it ends
     */
    public static TurnProgress until(long end) {
        return new TurnProgress(end);
    }

    /**
     * Tick at which the next unknown result is due, or at which the turn ends. Turns that are due earlier should be
     * computed first.
     */
    public synchronized long due() {
        int known = evaluations == null ? 0 : evaluations.size();
        long due = known < evaluationsDue.length ? evaluationsDue[known] : end;
        return row == null ? Math.min(rowDue, due) : due;
    }

    /**
     * Reports the row of the mixing with which the turn begins.
     *
     * @param measured of neighbours at the mixing; null for nothing
     */
    public void mixed(TrustRow known, UtilityRow measured) {
        CompletableFuture<Void> told;
        synchronized (this) {
            row = known;
            utility = measured;
            told = takeMore();
        }
        complete(told);
    }

    /** Reports the next evaluation. */
    public void evaluated(TurnOutcome.Evaluation known) {
        CompletableFuture<Void> told;
        synchronized (this) {
            if (evaluations == null) {
                evaluations = new ArrayList<>();
            }
            evaluations.add(known);
            told = takeMore();
        }
        complete(told);
    }

    private CompletableFuture<Void> takeMore() {
        CompletableFuture<Void> told = more;
        more = null;
        return told;
    }

    private static void complete(CompletableFuture<Void> told) {
        if (told != null) {
            told.complete(null);
        }
    }

    /** The trust row; null while unknown. */
    public synchronized TrustRow row() {
        return row;
    }

    /** What was measured of neighbours; null while the row is unknown, and if nothing was measured. */
    public synchronized UtilityRow utility() {
        return utility;
    }

    /** An evaluation by its number, from 0; null while unknown. */
    public synchronized TurnOutcome.Evaluation evaluation(int number) {
        return evaluations != null && number < evaluations.size() ? evaluations.get(number) : null;
    }

    /** Completes when more results are known. Call it before reading results, or one may be missed. */
    public synchronized CompletableFuture<Void> more() {
        if (more == null) {
            more = new CompletableFuture<>();
        }
        return more;
    }
}
