package coterie.actors.user;

import coterie.actors.user.EventTrace.Event;
import coterie.actors.user.Payload.Kind;
import coterie.model.learn.Divergence;
import coterie.model.learn.Learner;
import coterie.model.learn.TurnOutcome;
import coterie.model.learn.TurnPlan;
import coterie.model.learn.TurnProgress;
import coterie.topology.availability.Availability;
import coterie.topology.device.Faults.Outage;
import coterie.topology.time.Ticks;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.CompletableFuture;

/**
 * One user from its first turn to its last.
 *
 * <p>A turn begins: its computation is started at once, since all it depends on is known. It ends when its modelled
 * time is over, and only then is the result needed: the user publishes. Two ticks later, when all that was sent in the
 * same nanosecond has arrived, the next turn begins from what the user's {@link Protocol} makes of what it has; a user
 * that has to wait for something begins when that is there. In between a user may be away, or its device fail: then the
 * turn is lost, and it begins again from its last save.
 *
 * <p>Plain code: whoever drives it (an actor, or a loop in a test) hands it messages and asks it to go on to some tick;
 * it never looks at a clock.
 */
public final class UserProcess {
    private static final long MIX_DELAY = 2;

    /** Where in its life a user is. */
    public enum Phase {
        TRAINING,
        WAITING,
        AWAY,
        DOWN,
        SERVING,
        DONE,
        DIVERGED
    }

    /** What a user did between two instants. */
    public record Progress(List<Message> sent, List<Dated> observed) {}

    /**
     * An observation, and where it stands among all others.
     *
     * @param number how many observations the user had made before
     */
    public record Dated(long tick, int user, long number, Observation observation) implements Comparable<Dated> {
        @Override
        public int compareTo(Dated o) {
            int c = Long.compare(tick, o.tick);
            c = c != 0 ? c : Integer.compare(user, o.user);
            return c != 0 ? c : Long.compare(number, o.number);
        }
    }

    /** How far a life has come when it is asked to go on. */
    public enum Advance {
        /** Nothing is left before the tick up to which it was to go on. */
        THERE,
        /** A computation is needed that is not ready. */
        COMPUTES,
        /** It has done as much as it may do at once. */
        PAUSED
    }

    /** What a crash goes back to. */
    public record Save(int turn, int iteration, float[] parameters) {}

    private final int me;
    private final SimulationConfig config;
    private final Learner learner;
    private final EventTrace trace;
    private final Outbox out;
    private final Protocol protocol;
    private final Availability presence;
    private final Iterator<Outage> outages;
    private final boolean quietWhileTraining;
    private final PriorityQueue<Message> coming = new PriorityQueue<>(4);
    private Phase phase = Phase.TRAINING;
    /** The turn under way, or, while waiting, the one that has ended; −1 while the start is asked for. */
    private int turn;

    private int iteration;
    private long next;
    private long started;
    private boolean asleep;
    private boolean takesPart;
    private boolean lost;
    private boolean served;
    /** What the first turn, or the first after a crash, begins from, until it does; null where the protocol says it. */
    private TurnPlan.Beginning beginning;

    private CompletableFuture<TurnOutcome> computation;
    /** What the turn under way tells before it ends; null where it tells everything at its end. */
    private TurnNews news;

    private boolean tellsAtOnce = true;
    private CompletableFuture<?> awaited;
    /** Whether it has to wait for one that is of no use any more. */
    private boolean queued;

    private float[] parameters;
    private float[] start;
    private Save save;
    /** Whether the learner has still to be told that what it has is {@link #save}: with the next turn. */
    private boolean unsaved;

    private Outage outage;
    private int outagesTaken;
    private Outbox.Sums told = new Outbox.Sums(0, 0, 0, 0);
    private long received;
    private long dropped;

    public UserProcess(int me, SimulationConfig config, Learner learner) {
        this.me = me;
        this.config = config;
        this.learner = learner;
        trace = new EventTrace(me, config.records());
        out = new Outbox(me, config, trace);
        protocol = config.protocol().of(me, config, out, trace);
        presence = new Availability(config.attendance().spells(me));
        outages = config.faults().any() ? config.faults().of(config.seed(), me) : Collections.emptyIterator();
        takeOutage();
        quietWhileTraining = !protocol.answers();
        save = new Save(0, 0, null);
    }

    /** Begins at tick 0. */
    public void begin() {
        if (protocol.needsStart()) {
            turn = -1;
            next = 1;
            compute(new TurnPlan(-1, TurnPlan.Own.INSTANCE, !protocol.serves(), 0, 0, false, false, false));
        } else {
            beginFrom(0, TurnPlan.Own.INSTANCE);
        }
    }

    /**
     * Whether {@link #state} may be asked for: nothing is being computed. Otherwise {@link #computation} has to be
     * waited for.
     */
    public boolean settled() {
        return computation == null || computation.isDone();
    }

    /** Everything that it takes to go on from here, when all of {@link #progress} has been taken. */
    public UserState state() {
        boolean awaited = (phase == Phase.TRAINING || turn < 0) && computation != null;
        TurnOutcome outcome = awaited ? computation.join() : null;
        if (outcome != null && news != null) {
            outcome = outcome.withoutEvaluations(news.told());
        }
        return new UserState(
                phase,
                turn,
                iteration,
                next,
                started,
                asleep,
                takesPart,
                lost,
                served,
                unsaved,
                beginning,
                outcome,
                parameters,
                start,
                save,
                outagesTaken,
                told,
                received,
                dropped,
                new ArrayList<>(coming),
                trace.state(),
                out.state(),
                protocol.state(),
                learner.state());
    }

    /** Goes on from a state, in the place of {@link #begin}. */
    public void resume(UserState s) {
        phase = s.phase();
        turn = s.turn();
        iteration = s.iteration();
        next = s.next();
        started = s.started();
        asleep = s.asleep();
        takesPart = s.takesPart();
        lost = s.lost();
        served = s.served();
        unsaved = s.unsaved();
        beginning = s.beginning();
        computation = s.outcome() == null ? null : CompletableFuture.completedFuture(s.outcome());
        parameters = s.parameters();
        start = s.start();
        save = s.save();
        while (outagesTaken < s.outages()) {
            takeOutage();
        }
        told = s.told();
        received = s.received();
        dropped = s.dropped();
        coming.addAll(s.coming());
        trace.restore(s.trace());
        out.restore(s.outbox());
        protocol.resume(s.protocol());
        learner.restore(s.learner());
        if (s.outcome() != null && tellsEarly() && endsAsMeant()) {
            news = TurnNews.of(s.outcome(), started, next, iteration, iterations(), protocol.awaitsRow());
        }
    }

    /**
     * Everything is told at turns' ends, and nothing before: where time is real, the length of a turn is not known
     * before its end.
     */
    public void tellAtEnds() {
        tellsAtOnce = false;
    }

    /** Whether turns tell what they bring before they end. What a run's end depends on is told at turns' ends. */
    private boolean tellsEarly() {
        return tellsAtOnce && trace.recordsTurns() && config.target() == null;
    }

    /** Whether the turn under way will end: no failure comes before, nor the end of time. */
    private boolean endsAsMeant() {
        return next < config.end() && next < fault();
    }

    /** That the turn under way trains. */
    private int iterations() {
        return turn < 0 || turn == config.schedule().turns() || asleep
                ? 0
                : config.schedule().turn(turn).iterations();
    }

    private void takeOutage() {
        outage = outages.hasNext() ? outages.next() : null;
        outagesTaken++;
    }

    /** Takes messages that arrive later than all that was processed. */
    public void receive(List<Message> messages) {
        coming.addAll(messages);
    }

    /**
     * Goes on until nothing is left before {@code end}, or until a computation is needed that is not ready.
     *
     * @return true when nothing is left before {@code end}; false when {@link #computation} has to be waited for
     */
    public boolean advance(long end) {
        return advance(end, Long.MAX_VALUE) == Advance.THERE;
    }

    /** The same, but at most so many events: the caller may have other messages to handle in between. */
    public Advance advance(long end, long events) {
        for (long done = 0; done < events; done++) {
            long message = coming.isEmpty() ? Ticks.NEVER : coming.peek().arrival();
            long fault = fault();
            long telling = news == null ? Ticks.NEVER : news.next();
            if (Math.min(Math.min(message, telling), Math.min(next, fault)) >= end) {
                return Advance.THERE;
            }
            if (fault <= message && fault <= next) {
                if (phase == Phase.DOWN) {
                    if (queued && !settled()) {
                        // A device that fails faster than it computes must not pile up turns that it has lost.
                        awaited = computation;
                        return Advance.COMPUTES;
                    }
                    restart(fault);
                } else {
                    crash(fault);
                }
            } else if (message <= next && message <= telling) {
                arrived(coming.poll());
            } else if (telling <= next) {
                CompletableFuture<?> more = news.more(computation);
                if (!news.known(computation)) {
                    awaited = more;
                    return Advance.COMPUTES;
                }
                news.tell(me, turn, computation, protocol, trace);
            } else if (phase == Phase.WAITING) {
                goOn(next);
            } else if (phase == Phase.AWAY) {
                trace.event(next, Event.WOKE, turn, 0);
                goOn(next);
            } else if (!computation.isDone()) {
                awaited = computation;
                return Advance.COMPUTES;
            } else if (turn < 0) {
                knowStart(next);
            } else {
                endTurn(next);
            }
        }
        return Advance.PAUSED;
    }

    /**
     * Tick of the next crash, or, while the device is down, of its end. Who is done, or away for ever, has nothing more
     * to lose.
     */
    private long fault() {
        if (outage == null || over() || lost) {
            return Ticks.NEVER;
        }
        return phase == Phase.DOWN ? outage.until() : outage.from();
    }

    private void arrived(Message m) {
        long tick = m.arrival();
        boolean here = phase != Phase.DOWN
                && (presence.at(tick)
                        || m.payload().kind() != Kind.REQUEST
                                && (config.keepsMail()
                                        || m.payload().kind() == Kind.REPLY
                                        || m.payload().isNotice()));
        trace.event(
                tick,
                here ? Event.ARRIVED : Event.DROPPED,
                m.from(),
                m.snapshot() == null ? 0 : m.snapshot().hash());
        if (!m.payload().isNotice()) {
            received += here ? 1 : 0;
            dropped += here ? 0 : 1;
            if (trace.recordsMessages()) {
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
                                here));
            }
        }
        boolean ofNoUse = over() || lost && m.snapshot() != null;
        if (ofNoUse && m.payload().kind() != Kind.REQUEST) {
            return;
        }
        try {
            protocol.arrived(m, here && !over());
        } catch (DivergedException e) {
            diverge(tick, new Divergence(iteration, Divergence.Symptom.MIXTURE));
        }
        if (phase == Phase.WAITING && next == Ticks.NEVER && protocol.ready()) {
            next = tick + 1;
        }
    }

    /** Whether its life is over: it only answers requests, and with notices. */
    private boolean over() {
        return phase == Phase.DONE || phase == Phase.DIVERGED;
    }

    /**
     * Its training ends here, and it keeps its last finite parameters. Users that wait for it treat it like one whose
     * device is down for ever.
     */
    private void diverge(long tick, Divergence d) {
        phase = Phase.DIVERGED;
        next = Ticks.NEVER;
        lost = true;
        computation = null;
        news = null;
        beginning = null;
        trace.event(tick, Event.DIVERGED, Math.max(0, turn), d.iteration());
        if (trace.recordsTurns()) {
            trace.observe(
                    tick,
                    new Observation.Diverged(Ticks.seconds(tick), me, Math.max(0, turn), d.iteration(), d.symptom()));
        }
        protocol.left(tick, Math.max(0, turn));
        protocol.forget();
    }

    private void knowStart(long tick) {
        TurnOutcome outcome = computation.join();
        report(outcome, tick);
        news = null;
        if (outcome.divergence() != null) {
            diverge(tick, outcome.divergence());
            return;
        }
        start = outcome.parameters();
        save = new Save(0, 0, start);
        protocol.started(start);
        turn = 0;
        if (protocol.serves()) {
            phase = Phase.SERVING;
            next = Ticks.NEVER;
            computation = null;
        } else {
            beginFrom(tick, TurnPlan.Own.INSTANCE);
        }
    }

    /** Begins the next turn, now or when the user is back. */
    private void goOn(long tick) {
        boolean first = beginning != null;
        boolean last = (first ? turn : turn + 1) == config.schedule().turns();
        long present = last || config.idle() == OfflineBehaviour.TRAIN ? tick : presence.from(tick);
        if (present > tick) {
            phase = Phase.AWAY;
            next = present;
            if (present == Ticks.NEVER) {
                leave(tick);
            } else if (trace.recordsTurns()) {
                trace.observe(tick, new Observation.Slept(Ticks.seconds(tick), me, turn, Ticks.seconds(present)));
            }
            return;
        }
        TurnPlan.Beginning from = beginning;
        beginning = null;
        if (!first) {
            try {
                from = protocol.begin(tick, turn);
            } catch (DivergedException e) {
                diverge(tick, new Divergence(iteration, Divergence.Symptom.MIXTURE));
                return;
            }
            turn++;
        }
        beginTurn(tick, from);
    }

    /** Begins a turn from something else than what the one before has left. */
    private void beginFrom(long tick, TurnPlan.Beginning from) {
        beginning = from;
        goOn(tick);
    }

    private void beginTurn(long tick, TurnPlan.Beginning from) {
        boolean last = turn == config.schedule().turns();
        phase = Phase.TRAINING;
        started = tick;
        boolean due = (iteration % config.evaluateEvery() == 0 || last)
                && !(iteration == 0 && start != null && !(from instanceof TurnPlan.Saved));
        if (last) {
            next = tick + 1;
            compute(new TurnPlan(turn, from, due, iteration, 0, false, false, unsaved));
            return;
        }
        TurnSchedule.Turn t = config.schedule().turn(turn);
        long length = Ticks.after(tick, t.length() * config.pace().seconds(me, turn)) - tick;
        boolean joins = config.collaborates(me, turn);
        if (config.idle() == OfflineBehaviour.SLEEP) {
            next = presence.after(tick, length);
            takesPart = joins;
            asleep = config.communicates() && t.collaborates() && !joins;
        } else {
            next = tick + length;
            takesPart = joins && presence.will(next);
            asleep = false;
        }
        if (next == Ticks.NEVER) {
            phase = Phase.AWAY;
            leave(tick);
            return;
        }
        compute(new TurnPlan(
                turn, from, due, iteration, asleep ? 0 : t.iterations(), t.fineTune(), takesPart, unsaved));
    }

    /**
     * A learner does one turn at a time: what a crash has made useless is let run out first. It is computed to its end
     * and may not have been saved by then: so what a turn has left is saved when the next one begins.
     */
    private void compute(TurnPlan plan) {
        unsaved = false;
        news = !tellsEarly() || !endsAsMeant()
                ? null
                : TurnNews.of(plan, started, next, config.evaluateEvery(), protocol.awaitsRow());
        TurnProgress progress = news == null ? TurnProgress.until(next) : news.progress();
        queued = !settled();
        if (!queued) {
            computation = learner.turn(plan, progress);
        } else {
            computation = computation.handle((outcome, failure) -> null).thenCompose(x -> learner.turn(plan, progress));
        }
    }

    /** It will not be back. */
    private void leave(long tick) {
        next = Ticks.NEVER;
        lost = true;
        protocol.left(tick, turn);
        if (trace.recordsTurns()) {
            trace.observe(tick, new Observation.Slept(Ticks.seconds(tick), me, turn, Double.POSITIVE_INFINITY));
        }
    }

    private void endTurn(long tick) {
        TurnOutcome outcome = computation.join();
        report(outcome, tick);
        protocol.report(outcome);
        news = null;
        if (outcome.divergence() != null) {
            diverge(tick, outcome.divergence());
            return;
        }
        boolean last = turn == config.schedule().turns();
        parameters = outcome.parameters();
        trace.event(tick, Event.TURN_ENDED, turn, outcome.hash());
        if (last) {
            phase = Phase.DONE;
            next = Ticks.NEVER;
            computation = null;
            protocol.forget();
            return;
        }
        TurnSchedule.Turn t = config.schedule().turn(turn);
        iteration += asleep ? 0 : t.iterations();
        if (config.faults().any() && (turn + 1) % config.faults().saveEvery() == 0) {
            save = new Save(turn + 1, iteration, parameters);
            unsaved = true;
            protocol.saved();
        }
        try {
            protocol.ended(tick, started, turn, outcome, takesPart);
        } catch (DivergedException e) {
            diverge(tick, new Divergence(iteration, Divergence.Symptom.MIXTURE));
            return;
        }
        if (trace.recordsTurns()) {
            Outbox.Sums since = out.sums().minus(told);
            told = out.sums();
            trace.observe(
                    tick,
                    new Observation.TurnEnded(
                            Ticks.seconds(tick),
                            me,
                            turn,
                            Ticks.seconds(started),
                            iteration,
                            outcome.trainingLoss(),
                            outcome.tokens(),
                            config.communicates() && t.collaborates(),
                            takesPart,
                            since,
                            outcome.hash()));
        }
        phase = Phase.WAITING;
        next = protocol.ready() ? tick + MIX_DELAY : Ticks.NEVER;
    }

    private void crash(long tick) {
        trace.event(tick, Event.CRASHED, turn, 0);
        if (trace.recordsTurns()) {
            trace.observe(
                    tick,
                    new Observation.Crashed(Ticks.seconds(tick), me, turn, save.turn, Ticks.seconds(outage.until())));
        }
        protocol.left(tick, Math.max(0, turn));
        served = phase == Phase.SERVING;
        phase = Phase.DOWN;
        news = null;
        next = Ticks.NEVER;
        beginning = null;
        if (!config.faults().keepInbox()) {
            protocol.forget();
        }
    }

    private void restart(long tick) {
        trace.event(tick, Event.RESTARTED, save.turn, 0);
        if (trace.recordsTurns()) {
            trace.observe(tick, new Observation.Restarted(Ticks.seconds(tick), me, save.turn, save.iteration));
        }
        takeOutage();
        if (turn < 0) {
            // It had not even begun: the answer to the first question is still to come.
            phase = Phase.TRAINING;
            started = tick;
            next = tick + 1;
            return;
        }
        turn = save.turn;
        iteration = save.iteration;
        protocol.restored(tick, turn, save.parameters);
        if (served) {
            phase = Phase.SERVING;
            next = Ticks.NEVER;
        } else {
            beginFrom(tick, new TurnPlan.Saved());
        }
    }

    /** Everything a computation brought, each with the instant it belongs to. */
    private void report(TurnOutcome outcome, long tick) {
        if (outcome.mixedHash() != 0) {
            trace.event(started, Event.MIXED, turn, outcome.mixedHash());
        }
        if (!trace.recordsTurns()) {
            return;
        }
        List<TurnOutcome.Evaluation> evaluations = outcome.evaluations();
        for (TurnOutcome.Evaluation e : evaluations.subList(news == null ? 0 : news.told(), evaluations.size())) {
            long at = TurnNews.instant(started, tick, e.iteration() - iteration, iterations());
            trace.observe(
                    at, new Observation.Evaluated(Ticks.seconds(at), me, e.iteration(), Math.max(0, turn), e.values()));
        }
    }

    /** What was done since this was last asked. */
    public Progress progress() {
        return new Progress(out.take(), trace.take());
    }

    /**
     * Tick of the next thing that is certain to happen; {@link Ticks#NEVER} where only a message can make one happen,
     * or the life is over.
     */
    public long next() {
        return Math.min(
                Math.min(next, fault()),
                coming.isEmpty() ? Ticks.NEVER : coming.peek().arrival());
    }

    /**
     * Whether the user can send nothing, and tell nothing earlier than {@link #reportedUntil}, before
     * {@link #earliestSending}, whatever it receives.
     */
    public boolean quiet() {
        return quietWhileTraining && (phase == Phase.TRAINING || over() && !trace.recordsMessages());
    }

    /**
     * Whether it has nothing left to do of its own, and nothing is coming for it. Where this is so of all users, and
     * nothing is under way, a run is over, even if the device of one that serves could still fail.
     */
    public boolean idle() {
        return coming.isEmpty() && (over() || gone() || serves());
    }

    private boolean serves() {
        return phase == Phase.SERVING || phase == Phase.DOWN && served;
    }

    /** Of a user that serves the tick at which its device fails, or is up again; {@link Ticks#NEVER} of others. */
    public long serverFault() {
        return serves() ? fault() : Ticks.NEVER;
    }

    /**
     * The earliest tick at which this user can send anything; {@link Ticks#NEVER} where only an event can make it send.
     */
    public long earliestSending() {
        return quiet() ? Math.min(next, fault()) : next();
    }

    /**
     * Tick of the next thing that a turn under way tells before it ends; {@link Ticks#NEVER} where there is none. The
     * user is to be called for it.
     */
    public long telling() {
        return news == null ? Ticks.NEVER : news.next();
    }

    /** No observation earlier than this is still to come, but of messages that have not been handed in yet. */
    public long reportedUntil() {
        // Of a turn that will not end nothing is told.
        boolean atEnd = phase == Phase.TRAINING && news == null && !(tellsEarly() && !endsAsMeant());
        return atEnd ? started : Math.min(telling(), next());
    }

    /**
     * Where the clock is real: what was to be done by now is done now.
     *
     * @param now not before anything that was done
     */
    public void postpone(long now) {
        if (next != Ticks.NEVER && next < now) {
            next = now;
        }
    }

    /** Whether it has lived to its end: through all turns, or as one who serves. */
    public boolean done() {
        return phase == Phase.DONE || serves();
    }

    /** Whether it will not be back: its device is down, or itself away, for ever. */
    public boolean gone() {
        return lost && phase == Phase.AWAY || phase == Phase.DOWN && outage.until() == Ticks.NEVER || diverged();
    }

    /** Whether its training has diverged, and so ended. */
    public boolean diverged() {
        return phase == Phase.DIVERGED;
    }

    /** Of whom it waits to hear; null where it does not. */
    public String waitsFor() {
        return phase == Phase.WAITING && next == Ticks.NEVER ? protocol.waitsFor() : null;
    }

    /** The result of the turn under way. */
    public CompletableFuture<TurnOutcome> computation() {
        return computation;
    }

    /**
     * What is waited for, where {@link #advance} says so: the result of the turn under way, or what it tells before.
     */
    public CompletableFuture<?> awaited() {
        return awaited;
    }

    /** Parameters at the end of the last turn that ended, or what it serves; null before. */
    public float[] parameters() {
        return protocol.result() != null ? protocol.result() : parameters;
    }

    /** Events processed. */
    public long events() {
        return trace.events();
    }

    /** A hash of every event so far: its tick, kind, other user or turn, and parameters. */
    public long trace() {
        return trace.trace();
    }

    public int turn() {
        return Math.max(0, turn);
    }

    /**
     * What has become of a user's messages.
     *
     * @param dropped arrived while the user was down or away
     */
    public record Post(long sent, long lost, long parameterBytes, long predictionBytes, long received, long dropped) {}

    public Post post() {
        Outbox.Sums s = out.sums();
        return new Post(s.messages(), s.lost(), s.parameterBytes(), s.predictionBytes(), received, dropped);
    }
}
