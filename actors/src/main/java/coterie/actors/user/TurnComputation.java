package coterie.actors.user;

import coterie.actors.event.EventTrace;
import coterie.actors.protocol.Participant;
import coterie.model.files.Unsaved;
import coterie.model.learn.Learner;
import coterie.model.learn.TurnOutcome;
import coterie.model.learn.TurnPlan;
import coterie.model.learn.TurnProgress;
import coterie.topology.time.Ticks;
import java.util.concurrent.CompletableFuture;

/** The computation of one user's current turn, and what it reports before the turn ends. */
final class TurnComputation {
    private static final String IN_STATE = "UserState.outcome holds what it has computed";

    private final Learner learner;

    @Unsaved(IN_STATE)
    private CompletableFuture<TurnOutcome> outcome;
    /** What the turn reports before it ends; null if it reports everything at its end. */
    @Unsaved(IN_STATE)
    private EarlyReports reports;

    @Unsaved("set again by the next advance")
    private CompletableFuture<?> awaited;
    /** Whether the turn waits for the computation of one that a crash has cut off. */
    @Unsaved("a checkpoint waits for the computation")
    private boolean queued;

    TurnComputation(Learner learner) {
        this.learner = learner;
    }

    /**
     * Starts a turn. A learner computes one turn at a time, so that a turn that a crash has cut off is computed to its
     * end first.
     *
     * @param reported what the turn reports before it ends; null for nothing
     * @param ends tick at which the turn ends
     */
    void start(TurnPlan plan, EarlyReports reported, long ends) {
        reports = reported;
        TurnProgress progress = reports == null ? TurnProgress.until(ends) : reports.progress();
        queued = !settled();
        if (!queued) {
            outcome = learner.turn(plan, progress);
        } else {
            outcome = outcome.handle((o, failure) -> null).thenCompose(o -> learner.turn(plan, progress));
        }
    }

    /** Continues with an outcome from a checkpoint. */
    void restore(TurnOutcome computed, EarlyReports reported) {
        outcome = computed == null ? null : CompletableFuture.completedFuture(computed);
        reports = reported;
    }

    /** Whether nothing is being computed. */
    boolean settled() {
        return outcome == null || outcome.isDone();
    }

    boolean queued() {
        return queued;
    }

    /** Waits for the outcome. */
    TurnOutcome join() {
        return outcome.join();
    }

    CompletableFuture<TurnOutcome> outcome() {
        return outcome;
    }

    /** What must complete before the user can go on. */
    CompletableFuture<?> awaited() {
        return awaited;
    }

    /** Makes the outcome what is awaited. */
    void awaitOutcome() {
        awaited = outcome;
    }

    /** Tick of the next report before the end of the turn; {@link Ticks#NEVER} for none. */
    long nextReport() {
        return reports == null ? Ticks.NEVER : reports.next();
    }

    boolean reportsEarly() {
        return reports != null;
    }

    /** Number of the outcome's evaluations that were reported before the end of the turn. */
    int reported() {
        return reports == null ? 0 : reports.reported();
    }

    /**
     * Reports the next thing.
     *
     * @return false if it is not known yet: see {@link #awaited}
     */
    boolean report(int user, int turn, Participant participant, EventTrace trace) {
        CompletableFuture<?> more = reports.more(outcome);
        if (!reports.known(outcome)) {
            awaited = more;
            return false;
        }
        reports.report(user, turn, outcome, participant, trace);
        return true;
    }

    /** Reports nothing more before the end of the turn. */
    void stopReports() {
        reports = null;
    }

    /** Forgets the outcome. */
    void clear() {
        outcome = null;
        reports = null;
    }
}
