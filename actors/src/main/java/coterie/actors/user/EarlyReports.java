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
 * What a turn reports before it ends: its evaluations and the row with which it was mixed, each at its instant.
 * Otherwise the user with the longest turn would delay the observations of all others.
 */
final class EarlyReports {
    private final long began;
    private final TurnProgress progress;
    /** Iterations before which it evaluates. */
    private final int[] iterations;

    private final long[] instants;
    private boolean row;
    private int next;
    /** Number of evaluations that were reported. */
    private int reported;

    private EarlyReports(long began, TurnProgress progress, int[] iterations, long[] instants, boolean row) {
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
     * Creates the reports of a turn that is about to be computed.
     *
     * @param every iterations between evaluations
     * @param row whether its row is reported
     */
    static EarlyReports of(TurnPlan plan, long began, long ends, int every, boolean row) {
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
        return new EarlyReports(began, new TurnProgress(row ? began : Ticks.NEVER, instants, ends), at, instants, row);
    }

    /**
     * Creates the reports of a turn that has been computed.
     *
     * @param first iterations before the turn
     * @param iterations of the turn
     * @param row whether its row is reported
     */
    static EarlyReports of(TurnOutcome outcome, long began, long ends, int first, int iterations, boolean row) {
        int[] at = outcome.evaluations().stream()
                .mapToInt(TurnOutcome.Evaluation::iteration)
                .toArray();
        long[] instants = Arrays.stream(at)
                .mapToLong(i -> instant(began, ends, i - first, iterations))
                .toArray();
        return new EarlyReports(began, TurnProgress.until(ends), at, instants, row);
    }

    /** Receives the learner's intermediate results. */
    TurnProgress progress() {
        return progress;
    }

    /** Tick of the next report; {@link Ticks#NEVER} for none. */
    long next() {
        long evaluation = next < instants.length ? instants[next] : Ticks.NEVER;
        return row ? Math.min(began, evaluation) : evaluation;
    }

    /** Number of evaluations that were reported. */
    int reported() {
        return reported;
    }

    private boolean rowFirst() {
        return row && (next == instants.length || began < instants[next]);
    }

    /** Whether the next report is known, or known not to exist. */
    boolean known(CompletableFuture<TurnOutcome> computation) {
        return computation.isDone() || (rowFirst() ? progress.row() != null : progress.evaluation(reported) != null);
    }

    /** Completes when more is known. Must be called before {@link #known}. */
    CompletableFuture<?> more(CompletableFuture<TurnOutcome> computation) {
        return CompletableFuture.anyOf(progress.more(), computation);
    }

    /** Records the next report, if it exists. */
    void report(
            int user, int turn, CompletableFuture<TurnOutcome> computation, Participant participant, EventTrace trace) {
        if (rowFirst()) {
            row = false;
            TrustRow known = progress.row();
            if (known != null) {
                participant.rowKnown(known, progress.utility());
            } else if (computation.join().row() != null) {
                participant.rowKnown(
                        computation.join().row(), computation.join().utility());
            }
            return;
        }
        TurnOutcome.Evaluation e = progress.evaluation(reported);
        if (e == null) {
            var all = computation.join().evaluations();
            e = reported < all.size() ? all.get(reported) : null;
        }
        // An evaluation is missing if the turn has diverged before, or its learner does not evaluate there.
        if (e != null && e.iteration() == iterations[next]) {
            trace.observe(
                    instants[next],
                    new Observation.Evaluated(
                            Ticks.seconds(instants[next]), user, e.iteration(), Math.max(0, turn), e.values()));
            reported++;
        }
        next++;
    }
}
