package coterie.actors.verify;

import coterie.actors.event.Observation;
import coterie.actors.user.SimulationConfig;
import java.util.HashMap;
import java.util.Map;

/** Checks when one user is evaluated. */
final class Evaluations {
    private final SimulationConfig config;
    private final int user;
    private final Verifier.Known known;
    /** Whether the learner makes every evaluation that is due. */
    private final boolean complete;

    private final Findings findings;
    /** The newest evaluation at each iteration. */
    private final Map<Integer, Observation.Evaluated> evaluations = new HashMap<>();
    /** When the last turn began and ended. */
    private double started;

    private double ended;
    private boolean restarted;
    /** The first evaluation; null before. */
    private Observation.Evaluated first;
    /** The evaluation after the last turn; null before. */
    private Observation.Evaluated last;

    Evaluations(SimulationConfig config, int user, Verifier.Known known, Findings findings) {
        this.config = config;
        this.user = user;
        this.known = known;
        complete = known.tokensAnIteration() > 0;
        this.findings = findings;
    }

    void ended(Observation.TurnEnded t) {
        started = t.started();
        ended = t.seconds();
    }

    void restarted(Observation.Restarted r) {
        ended = r.seconds();
        restarted = true;
    }

    /** A run has ended, and no user's training has diverged: each user that trains was evaluated when it began. */
    void finished() {
        findings.check(
                first != null
                        || !complete
                        || known.earlier()
                        || config.protocol().serves(user),
                "evaluations.jsonl: user " + user + " was never evaluated, and every user is when the run begins");
    }

    /** The evaluation after the last turn; null if there is none. */
    Observation.Evaluated last() {
        return last;
    }

    /**
     * Checks that each evaluation due in a turn was made, including one due at its beginning.
     *
     * @param before iterations before the turn
     * @param iterations of the turn
     */
    void training(Observation.TurnEnded t, int before, int iterations) {
        if (!complete) {
            return;
        }
        int every = config.evaluateEvery();
        // A user that sleeps through a turn is evaluated at its beginning too.
        int end = before + Math.max(1, iterations);
        for (long due = (before + every - 1L) / every * every; due < end; due += every) {
            Observation.Evaluated e = evaluations.get((int) due);
            findings.check(e != null, t, "no evaluation at iteration %d, and every %d are evaluated", due, every);
            // The first is made when the run begins, even if the user begins later, and is checked when it is seen. By
            // the wall clock that may be after a restart: a device may have failed before.
            boolean again = restarted && (known.exact() || e != first);
            boolean ofTurn = e != null
                    && e.turn() == t.turn()
                    && (due > 0
                            || again && !config.protocol().needsStart()
                            || known.earlier() && !config.protocol().needsStart());
            double at = !ofTurn ? 0 : instant(t, (int) due - before, iterations);
            findings.check(
                    !ofTurn || Instants.same(e.seconds(), at),
                    t,
                    "came to iteration %d at %s, and was evaluated there at %s",
                    due,
                    at,
                    ofTurn ? e.seconds() : 0);
        }
    }

    /** The instant after some iterations of a turn: all take equally long. */
    private static double instant(Observation.TurnEnded t, int done, int iterations) {
        return t.started() + (iterations == 0 ? 0 : (double) done / iterations * (t.seconds() - t.started()));
    }

    /** @param turn number of the user's next turn end */
    void evaluated(Observation.Evaluated e, int turn) {
        findings.check(
                Double.isNaN(e.loss()) || e.loss() >= 0 || !Double.isFinite(e.loss()), e, "a loss of %s", e.loss());
        findings.check(e.turn() == turn || atTheEnd(e, turn), e, "turn is %d, in turn %d", e.turn(), turn);
        findings.check(
                e.iteration() % config.evaluateEvery() == 0
                        || e.turn() == config.schedule().turns(),
                e,
                "at iteration %d, and every %d are evaluated",
                e.iteration(),
                config.evaluateEvery());
        if (first == null) {
            first = e;
            findings.check(
                    known.earlier() || e.iteration() == 0 && (e.seconds() == 0 || restarted && !known.exact()),
                    e,
                    "the user's first evaluation, after %d iterations; every user is evaluated at 0 s, before any",
                    e.iteration());
        }
        evaluations.put(e.iteration(), e);
        last = e.turn() == config.schedule().turns() ? e : last;
    }

    /** Whether an evaluation may belong to the turn that has ended, since iterations take less than a nanosecond. */
    private boolean atTheEnd(Observation.Evaluated e, int turn) {
        return turn > 0
                && e.turn() == turn - 1
                && Instants.same(e.seconds(), ended)
                && ended - started <= config.schedule().turn(e.turn()).iterations() * Instants.NANOSECONDS;
    }
}
