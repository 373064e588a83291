package coterie.model.learn;

import coterie.model.trust.TrustRow;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Intermediate results of a turn, and when in virtual time each is due. The learner reports them, and the user's
 * process reads them. Thread-safe.
 */
public final class TurnProgress {
    private final long rowDue;
    private final long[] evaluationsDue;
    private final long end;
    private final List<TurnOutcome.Evaluation> evaluations = new ArrayList<>();
    private TrustRow row;
    private CompletableFuture<Void> more = new CompletableFuture<>();

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

    /**
     * Creates the progress of a turn of which nothing is due before its end.
     *
     * @param end tick at which it ends
     */
    public static TurnProgress until(long end) {
        return new TurnProgress(Long.MAX_VALUE, new long[0], end);
    }

    /**
     * Tick at which the next unknown result is due, or at which the turn ends. Turns that are due earlier should be
     * computed first.
     */
    public synchronized long due() {
        long due = evaluations.size() < evaluationsDue.length ? evaluationsDue[evaluations.size()] : end;
        return row == null ? Math.min(rowDue, due) : due;
    }

    /** Reports the row of the mixing with which the turn begins. */
    public void mixed(TrustRow known) {
        CompletableFuture<Void> told;
        synchronized (this) {
            row = known;
            told = renewed();
        }
        told.complete(null);
    }

    /** Reports the next evaluation. */
    public void evaluated(TurnOutcome.Evaluation known) {
        CompletableFuture<Void> told;
        synchronized (this) {
            evaluations.add(known);
            told = renewed();
        }
        told.complete(null);
    }

    private CompletableFuture<Void> renewed() {
        CompletableFuture<Void> told = more;
        more = new CompletableFuture<>();
        return told;
    }

    /** The trust row; null while unknown. */
    public synchronized TrustRow row() {
        return row;
    }

    /** An evaluation by its number, from 0; null while unknown. */
    public synchronized TurnOutcome.Evaluation evaluation(int number) {
        return number < evaluations.size() ? evaluations.get(number) : null;
    }

    /** Completes when more results are known. Call it before reading results, or one may be missed. */
    public synchronized CompletableFuture<Void> more() {
        return more;
    }
}
