package coterie.actors.user;

import coterie.actors.event.EventTrace;
import coterie.actors.event.Observation;
import coterie.actors.protocol.Participant;
import coterie.model.learn.TurnOutcome;
import coterie.model.learn.TurnPlan;
import coterie.model.learn.TurnProgress;
import coterie.model.trust.TrustRow;
import coterie.topology.time.Ticks;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

/**
 * What a turn under way tells before it ends: its evaluations and the row it was mixed with, each at the instant to
 * which it belongs. Otherwise the user with the longest turn would hold up what all others have to tell.
 */
final class TurnNews {
    private final long began;
    private final TurnProgress progress;
    /** Iterations before which it evaluates, and the instants of that. */
    private final int[] iterations;

    private final long[] instants;
    private boolean row;
    private int next;
    /** Of the evaluations of its outcome. */
    private int told;

    private TurnNews(long began, TurnProgress progress, int[] iterations, long[] instants, boolean row) {
        this.began = began;
        this.progress = progress;
        this.iterations = iterations;
        this.instants = instants;
        this.row = row;
    }

    /**
     * The instant of an evaluation in a turn.
     *
     * @param done iterations of the turn before it
     * @param iterations of the turn
     */
    static long instant(long began, long ends, int done, int iterations) {
        return began + (long) ((iterations == 0 ? 0 : (double) done / iterations) * (ends - began));
    }

    /**
     * Of a turn that is about to be computed.
     *
     * @param every iterations between evaluations
     * @param row whether it tells its row
     */
    static TurnNews of(TurnPlan plan, long began, long ends, int every, boolean row) {
        int first = plan.firstIteration();
        long last = (long) first + plan.iterations();
        long second = ((long) first / every + 1) * every;
        IntStream later = second >= last
                ? IntStream.empty()
                : IntStream.rangeClosed(0, (int) ((last - 1 - second) / every))
                        .map(k -> (int) (second + (long) k * every));
        int[] at = plan.evaluateFirst()
                ? IntStream.concat(IntStream.of(first), later).toArray()
                : later.toArray();
        long[] instants = Arrays.stream(at)
                .mapToLong(i -> instant(began, ends, i - first, plan.iterations()))
                .toArray();
        return new TurnNews(began, new TurnProgress(row ? began : Ticks.NEVER, instants, ends), at, instants, row);
    }

    /**
     * Of a turn that is computed already.
     *
     * @param first iterations before the turn
     * @param iterations of the turn
     * @param row whether it tells its row
     */
    static TurnNews of(TurnOutcome outcome, long began, long ends, int first, int iterations, boolean row) {
        int[] at = outcome.evaluations().stream()
                .mapToInt(TurnOutcome.Evaluation::iteration)
                .toArray();
        long[] instants = Arrays.stream(at)
                .mapToLong(i -> instant(began, ends, i - first, iterations))
                .toArray();
        return new TurnNews(began, TurnProgress.until(ends), at, instants, row);
    }

    /** Where its learner tells it. */
    TurnProgress progress() {
        return progress;
    }

    /** Tick of the next thing that it tells; {@link Ticks#NEVER} where it has told everything. */
    long next() {
        long evaluation = next < instants.length ? instants[next] : Ticks.NEVER;
        return row ? Math.min(began, evaluation) : evaluation;
    }

    /** Evaluations of its outcome that it has told. */
    int told() {
        return told;
    }

    private boolean rowFirst() {
        return row && (next == instants.length || began < instants[next]);
    }

    /** Whether the next thing that it tells is known, or that it does not come. */
    boolean known(CompletableFuture<TurnOutcome> computation) {
        return computation.isDone() || (rowFirst() ? progress.row() != null : progress.evaluation(told) != null);
    }

    /** Completes when more is known. To be asked for before {@link #known}. */
    CompletableFuture<?> more(CompletableFuture<TurnOutcome> computation) {
        return CompletableFuture.anyOf(progress.more(), computation);
    }

    /** Tells the next thing, where it comes. */
    void tell(
            int user, int turn, CompletableFuture<TurnOutcome> computation, Participant participant, EventTrace trace) {
        if (rowFirst()) {
            row = false;
            TrustRow known =
                    progress.row() != null ? progress.row() : computation.join().row();
            if (known != null) {
                participant.rowKnown(known);
            }
            return;
        }
        TurnOutcome.Evaluation e = progress.evaluation(told);
        if (e == null) {
            var all = computation.join().evaluations();
            e = told < all.size() ? all.get(told) : null;
        }
        // An evaluation that does not come: the turn has diverged before, or its learner does not evaluate there.
        if (e != null && e.iteration() == iterations[next]) {
            trace.observe(
                    instants[next],
                    new Observation.Evaluated(
                            Ticks.seconds(instants[next]), user, e.iteration(), Math.max(0, turn), e.values()));
            told++;
        }
        next++;
    }
}
