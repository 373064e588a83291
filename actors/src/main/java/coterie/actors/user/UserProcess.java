package coterie.actors.user;

import coterie.actors.adversary.Attacker;
import coterie.actors.event.Dated;
import coterie.actors.event.EventTrace;
import coterie.actors.message.Door;
import coterie.actors.message.Message;
import coterie.actors.message.Payload.Kind;
import coterie.actors.message.Refusal;
import coterie.actors.protocol.DivergedException;
import coterie.actors.protocol.Outbox;
import coterie.actors.protocol.Participant;
import coterie.actors.protocol.ProtocolContext;
import coterie.actors.user.ProcessState.Phase;
import coterie.model.learn.Divergence;
import coterie.model.learn.Learner;
import coterie.model.learn.TurnOutcome;
import coterie.topology.availability.Availability;
import coterie.topology.time.Ticks;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * One user from its first turn to its last.
 *
 * <p>When a turn begins, its computation is started at once, since all its inputs are known. The turn ends when its
 * modelled time has passed; only then is the result needed, and the user publishes. Two ticks later, when all messages
 * sent in the same nanosecond have arrived, the next turn begins from what the user's {@link Participant} makes of
 * them. If the participant waits for messages, the turn begins when they have arrived. The user may be away between
 * turns. If its device fails, the turn is lost, and the user restarts from its device's last save.
 *
 * <p>Plain code: its caller (an actor, or a loop in a test) hands it messages and lets it advance to a tick. It never
 * reads a clock.
 */
public final class UserProcess {
    /** Why {@link #advance} returned. */
    public enum Advance {
        /** All events before the given tick are processed. */
        REACHED,
        /** It needs the result of a computation: {@link #awaited}. */
        COMPUTING,
        /** It has processed the given number of events. */
        PAUSED
    }

    private final int me;
    private final SimulationConfig config;
    private final Learner learner;
    private final EventTrace trace;
    private final Attacker attacker;
    private final Door door;
    private final Outbox out;
    private final Participant participant;
    private final Availability availability;
    private final TurnComputation computation;
    private final UserRecords records;
    /** Whether the user sends nothing during a turn, whatever it receives. */
    private final boolean quietWhileTraining;

    private final UserEvents turns;
    private ProcessState state = new ProcessState();

    /** Creates a user that has not begun. */
    public UserProcess(int me, SimulationConfig config, Learner learner) {
        this.me = me;
        this.config = config;
        this.learner = learner;
        trace = new EventTrace(me, config.records());
        attacker = new Attacker(me, config.seed(), config.neighbourhoods(), config.attacks(), trace);
        door = new Door(config.door());
        out = new Outbox(me, config.network(), config.collaboration().waits(), attacker, config.publishHook(), trace);
        participant = config.protocol()
                .participant(new ProtocolContext(me, config.collaboration(), config.faults(), out, trace));
        availability = new Availability(config.collaboration().participation().sessions(me));
        computation = new TurnComputation(learner);
        records = new UserRecords(me, trace);
        quietWhileTraining = !participant.sendsOnArrival() && !attacker.holdsBack();
        turns = new UserEvents(me, config, trace, attacker, door, out, participant, computation, availability);
        turns.attach(state);
    }

    /** Begins at tick 0. */
    public void begin() {
        if (attacker.isAdversary()) {
            attacker.started(learner.state().parameters());
        }
        turns.begin();
    }

    /** Whether nothing is being computed, so that {@link #state} can be called; otherwise see {@link #computation}. */
    public boolean settled() {
        return computation.settled();
    }

    /** The state for a checkpoint. Sent messages and observations must have been taken before. */
    public UserState state() {
        boolean underWay = (state.phase == Phase.TRAINING || state.turn < 0) && computation.outcome() != null;
        return new UserState(
                state,
                underWay ? computation.join().withoutEvaluations(computation.reported()) : null,
                trace.state(),
                out.state(),
                participant.state(),
                learner.state(),
                attacker.state(),
                door.state());
    }

    /** Continues from a state. Called instead of {@link #begin}. */
    public void resume(UserState s) {
        state = s.process();
        turns.attach(state);
        trace.restore(s.trace());
        out.restore(s.outbox());
        participant.restore(s.participant());
        learner.restore(s.learner());
        attacker.restore(s.attacker());
        door.restore(s.door());
        turns.resume(s.outcome());
    }

    /** Reports everything at the ends of turns: where time is real, the length of a turn is not known before. */
    public void reportAtEndsOnly() {
        turns.reportAtEndsOnly();
    }

    /** Takes messages. They must arrive later than every event processed so far. */
    public void receive(List<Message> messages) {
        state.coming.addAll(messages);
    }

    /**
     * Processes all events before {@code end}.
     *
     * @return false if it needs the result of a computation first: {@link #awaited}
     */
    public boolean advance(long end) {
        return advance(end, Long.MAX_VALUE) == Advance.REACHED;
    }

    /** Processes the events before {@code end}, at most {@code events} of them. */
    public Advance advance(long end, long events) {
        for (long done = 0; done < events; done++) {
            long message =
                    state.coming.isEmpty() ? Ticks.NEVER : state.coming.peek().arrival();
            long fault = turns.nextFailure();
            long report = computation.nextReport();
            long released = attacker.nextRelease();
            if (released < Math.min(end, Math.min(Math.min(message, report), Math.min(state.next, fault)))) {
                release(released);
                continue;
            }
            if (Math.min(Math.min(message, report), Math.min(state.next, fault)) >= end) {
                return Advance.REACHED;
            }
            if (fault <= message && fault <= state.next) {
                if (state.phase != Phase.DOWN) {
                    turns.crash(fault);
                } else if (computation.queued() && !settled()) {
                    // The lost turn is still being computed: wait, or a device that fails often would queue many.
                    computation.awaitOutcome();
                    return Advance.COMPUTING;
                } else {
                    turns.restart(fault);
                }
            } else if (message <= state.next && message <= report) {
                arrived(state.coming.poll());
            } else if (report <= state.next) {
                if (!computation.report(me, state.turn, participant, trace)) {
                    return Advance.COMPUTING;
                }
            } else if (!nextEvent()) {
                computation.awaitOutcome();
                return Advance.COMPUTING;
            }
        }
        return Advance.PAUSED;
    }

    /** @return false if it needs the result of the computation */
    private boolean nextEvent() {
        if (state.phase == Phase.WAITING) {
            turns.goOn(state.next);
        } else if (state.phase == Phase.AWAY) {
            trace.event(state.next, EventTrace.Event.WOKE, state.turn, 0);
            turns.goOn(state.next);
        } else if (!settled()) {
            return false;
        } else if (state.turn < 0) {
            turns.start(state.next);
        } else {
            turns.endTurn(state.next);
        }
        return true;
    }

    private void arrived(Message m) {
        long tick = m.arrival();
        boolean taken = state.phase != Phase.DOWN && (availability.at(tick) || waitsWhileAway(m));
        records.arrived(m, taken);
        if (!m.payload().isNotice()) {
            state.received += taken ? 1 : 0;
            state.dropped += taken ? 0 : 1;
        }
        if (taken) {
            attacker.received(m);
        }
        boolean useless = state.over() || state.lost && m.snapshot() != null;
        if (useless && m.payload().kind() != Kind.REQUEST) {
            return;
        }
        try {
            deliver(m, taken && !state.over());
        } catch (DivergedException e) {
            turns.diverge(tick, new Divergence(state.iteration, Divergence.Symptom.MIXTURE));
        }
        if (state.phase == Phase.WAITING && state.next == Ticks.NEVER && participant.ready()) {
            state.next = tick + 1;
        }
    }

    /** A refused request is answered as by a user that is away; anything else that is refused counts as lost. */
    private void deliver(Message m, boolean available) {
        Refusal refusal = available ? door.check(m) : null;
        if (refusal == null) {
            participant.arrived(m, available);
            return;
        }
        records.refused(m, refusal);
        boolean asks = m.payload().kind() == Kind.REQUEST;
        participant.arrived(asks ? m : new Message(m.payload().returned(), me, m.number(), m.arrival()), !asks);
    }

    /** What an attack has held back is sent, unless the user is away. */
    private void release(long tick) {
        if (availability.at(tick)) {
            out.release(tick);
        } else {
            attacker.release(tick);
        }
    }

    private boolean waitsWhileAway(Message m) {
        Kind kind = m.payload().kind();
        return kind != Kind.REQUEST
                && (config.network().keepsMail()
                        || kind == Kind.REPLY
                        || m.payload().isNotice());
    }

    /** Takes the messages sent since the last call. */
    public List<Message> takeSent() {
        return out.take();
    }

    /** Takes the observations made since the last call. */
    public List<Dated> takeObserved() {
        return trace.take();
    }

    /** What the clock needs to know about the user's next events. */
    public Outlook outlook() {
        long next = next();
        boolean quiet = quiet();
        long earliestSending = quiet ? Math.min(state.next, turns.nextFailure()) : next;
        return new Outlook(
                next, quiet, earliestSending, reportedUntil(next), computation.nextReport(), idle(), serverFault());
    }

    /**
     * Tick of the next event that is certain to happen; {@link Ticks#NEVER} if only a message can cause one, or the
     * user has ended.
     */
    public long next() {
        return Math.min(
                Math.min(state.next, Math.min(turns.nextFailure(), attacker.nextRelease())),
                state.coming.isEmpty() ? Ticks.NEVER : state.coming.peek().arrival());
    }

    private boolean quiet() {
        return quietWhileTraining && (state.phase == Phase.TRAINING || state.over() && !trace.recordsMessages());
    }

    private long reportedUntil(long next) {
        // A turn that a failure or the end of the run cuts off records nothing.
        boolean cutOff = turns.reportsEarly() && !turns.endsAsPlanned();
        boolean recordsAtEnd = state.phase == Phase.TRAINING && !computation.reportsEarly() && !cutOff;
        return recordsAtEnd ? state.started : Math.min(computation.nextReport(), next);
    }

    /** {@link Outlook#idle}. */
    public boolean idle() {
        return state.coming.isEmpty()
                && attacker.nextRelease() == Ticks.NEVER
                && (state.over() || gone() || state.serving());
    }

    private long serverFault() {
        return state.serving() ? turns.nextFailure() : Ticks.NEVER;
    }

    /**
     * Under the wall clock, moves an overdue event to now.
     *
     * @param now not earlier than the last processed event
     */
    public void postpone(long now) {
        if (state.next != Ticks.NEVER && state.next < now) {
            state.next = now;
        }
        attacker.postpone(now);
    }

    /** Whether the user has done all its turns, or serves. */
    public boolean done() {
        return state.phase == Phase.DONE || state.serving();
    }

    /** Whether the user never trains again: it is away or its device is down for ever, or its training has diverged. */
    public boolean gone() {
        return state.lost && state.phase == Phase.AWAY
                || state.phase == Phase.DOWN && turns.nextFailure() == Ticks.NEVER
                || diverged();
    }

    public boolean diverged() {
        return state.phase == Phase.DIVERGED;
    }

    /** Describes the users that this one waits for; null if it does not wait. */
    public String waitsFor() {
        return state.phase == Phase.WAITING && state.next == Ticks.NEVER ? participant.waitsFor() : null;
    }

    /** The outcome of the current turn. */
    public CompletableFuture<TurnOutcome> computation() {
        return computation.outcome();
    }

    /** What must complete before the user can go on, after {@link Advance#COMPUTING}. */
    public CompletableFuture<?> awaited() {
        return computation.awaited();
    }

    /** Parameters at the end of the last turn, or those that the user serves [P]; null before the first. */
    public float[] parameters() {
        return participant.finalParameters() != null ? participant.finalParameters() : state.parameters;
    }

    /** Number of events processed. */
    public long events() {
        return trace.events();
    }

    /** Hash of all events so far: of their ticks, kinds, users or turns, and parameters. */
    public long traceHash() {
        return trace.hash();
    }

    /** Number of the current turn, or of the last one. */
    public int turn() {
        return state.currentTurn();
    }

    public MessageCounts messages() {
        return new MessageCounts(out.totals(), state.received, state.dropped);
    }
}
