package coterie.actors.user;

import coterie.actors.event.EventTrace;
import coterie.actors.event.Observation;
import coterie.actors.message.Message;
import coterie.actors.message.Refusal;
import coterie.actors.message.SentTotals;
import coterie.model.learn.Divergence;
import coterie.model.learn.TurnOutcome;
import coterie.topology.drift.Drifts;
import coterie.topology.time.Ticks;
import java.util.List;

/** Records what happens to one user. */
final class UserRecords {
    private final int me;
    private final EventTrace trace;

    UserRecords(int me, EventTrace trace) {
        this.me = me;
        this.trace = trace;
    }

    /** @param until tick at which the user is back; {@link Ticks#NEVER} for never */
    void slept(long tick, int turn, long until) {
        if (trace.recordsTurns()) {
            trace.observe(tick, new Observation.Slept(Ticks.seconds(tick), me, turn, Ticks.seconds(until)));
        }
    }

    /** @param until tick at which the turn ends that the user sleeps */
    void absent(long tick, int turn, long until) {
        if (trace.recordsTurns()) {
            trace.observe(tick, new Observation.Absent(Ticks.seconds(tick), me, turn, Ticks.seconds(until), false));
        }
    }

    /**
     * Records a change of the user's data.
     *
     * @param turn the first that begins since
     * @param phase that begins, from 1
     */
    void drifted(long tick, int turn, int phase, Drifts.Change change) {
        if (trace.recordsTurns()) {
            trace.observe(
                    tick,
                    new Observation.Drifted(
                            Ticks.seconds(tick), me, turn, phase, change.atSeconds(), change.overSeconds()));
        }
    }

    /** @param taken whether the user was there to take the message */
    void arrived(Message m, boolean taken) {
        long tick = m.arrival();
        trace.event(
                tick,
                taken ? EventTrace.Event.ARRIVED : EventTrace.Event.DROPPED,
                m.from(),
                m.snapshot() == null ? 0 : m.snapshot().hash());
        if (!m.payload().isNotice() && trace.recordsMessages()) {
            trace.observe(
                    tick,
                    new Observation.Received(
                            Ticks.seconds(tick),
                            me,
                            m.from(),
                            m.number() >> 1,
                            (m.number() & 1) == 1,
                            m.payload().kind(),
                            m.turn(),
                            Ticks.seconds(m.payload().sent()),
                            taken));
        }
    }

    void refused(Message m, Refusal reason) {
        long tick = m.arrival();
        trace.event(tick, EventTrace.Event.REFUSED, m.from(), reason.ordinal());
        if (trace.recordsTurns()) {
            trace.observe(
                    tick,
                    new Observation.Refused(
                            Ticks.seconds(tick),
                            me,
                            m.from(),
                            m.number() >> 1,
                            (m.number() & 1) == 1,
                            m.payload().kind(),
                            m.turn(),
                            reason));
        }
    }

    void crashed(long tick, int turn, int savedTurn, long until) {
        trace.event(tick, EventTrace.Event.CRASHED, turn, 0);
        if (trace.recordsTurns()) {
            trace.observe(
                    tick, new Observation.Crashed(Ticks.seconds(tick), me, turn, savedTurn, Ticks.seconds(until)));
        }
    }

    void restarted(long tick, int turn, int iteration) {
        trace.event(tick, EventTrace.Event.RESTARTED, turn, 0);
        if (trace.recordsTurns()) {
            trace.observe(tick, new Observation.Restarted(Ticks.seconds(tick), me, turn, iteration));
        }
    }

    void diverged(long tick, int turn, Divergence d) {
        trace.event(tick, EventTrace.Event.DIVERGED, turn, d.iteration());
        if (trace.recordsTurns()) {
            trace.observe(tick, new Observation.Diverged(Ticks.seconds(tick), me, turn, d.iteration(), d.symptom()));
        }
    }

    /**
     * Records a turn's mixing and evaluations, each at its instant.
     *
     * @param ends tick at which the turn ends
     * @param iterations of the turn
     * @param reported number of evaluations that were recorded before
     */
    void computed(TurnOutcome outcome, ProcessState s, long ends, int iterations, int reported) {
        if (outcome.mixedHash() != 0) {
            trace.event(s.started, EventTrace.Event.MIXED, s.turn, outcome.mixedHash());
        }
        if (!trace.recordsTurns()) {
            return;
        }
        List<TurnOutcome.Evaluation> evaluations = outcome.evaluations();
        for (TurnOutcome.Evaluation e : evaluations.subList(reported, evaluations.size())) {
            long at = EarlyReports.instant(s.started, ends, e.iteration() - s.iteration, iterations);
            trace.observe(
                    at,
                    new Observation.Evaluated(Ticks.seconds(at), me, e.iteration(), Math.max(0, s.turn), e.values()));
        }
    }

    /**
     * Records the end of a turn.
     *
     * @param collaborative whether its end was an occasion to publish and mix
     * @param sent since the turn before
     */
    void turnEnded(long tick, ProcessState s, TurnOutcome outcome, boolean collaborative, SentTotals sent) {
        trace.observe(
                tick,
                new Observation.TurnEnded(
                        Ticks.seconds(tick),
                        me,
                        s.turn,
                        Ticks.seconds(s.started),
                        s.iteration,
                        outcome.trainingLoss(),
                        outcome.tokens(),
                        collaborative,
                        s.takesPart,
                        sent,
                        outcome.hash()));
    }
}
