package coterie.model.learn;

import coterie.model.trust.TrustRow;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * What is known of a turn while it is being computed, and when in virtual time each piece of it is needed. A learner
 * tells it; the user's life reads it. Thread-safe.
 */
public final class TurnProgress {
    private final long rowDue;
    private final long[] evaluationsDue;
    private final long end;
    private final List<TurnOutcome.Evaluation> evaluations = new ArrayList<>();
    private TrustRow row;
    private CompletableFuture<Void> more = new CompletableFuture<>();

    /**
     * Of a turn that is about to be computed.
     *
     * @param rowDue tick at which the trust row is needed; {@link Long#MAX_VALUE} where none is
     * @param evaluationsDue rising ticks at which evaluations are needed before the turn's end
     * @param end tick at which the turn ends
     */
    public TurnProgress(long rowDue, long[] evaluationsDue, long end) {
        this.rowDue = rowDue;
        this.evaluationsDue = evaluationsDue.clone();
        this.end = end;
    }

    /**
     * Of a turn of which nothing is needed before its end.
     *
     * @param end tick at which it ends
     */
    public static TurnProgress until(long end) {
        return new TurnProgress(Long.MAX_VALUE, new long[0], end);
    }

    /**
     * Tick at which the next piece is needed that is not known yet, or at which the turn ends. What is needed earlier
     * had better be computed first.
     */
    public synchronized long due() {
        long due = evaluations.size() < evaluationsDue.length ? evaluationsDue[evaluations.size()] : end;
        return row == null ? Math.min(rowDue, due) : due;
    }

    /** The turn begins from a mixture with this row. */
    public void mixed(TrustRow known) {
        CompletableFuture<Void> told;
        synchronized (this) {
            row = known;
            told = renewed();
        }
        told.complete(null);
    }

    /** The next evaluation. */
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

    /** The trust row; null as long as it is not known. */
    public synchronized TrustRow row() {
        return row;
    }

    /** An evaluation, the first being 0; null as long as it is not known. */
    public synchronized TurnOutcome.Evaluation evaluation(int number) {
        return number < evaluations.size() ? evaluations.get(number) : null;
    }

    /** Completes when anything more is known than now. To be asked for before it is looked at what is known. */
    public synchronized CompletableFuture<Void> more() {
        return more;
    }
}
