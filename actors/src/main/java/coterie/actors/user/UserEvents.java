package coterie.actors.user;

import coterie.actors.adversary.Attacker;
import coterie.actors.event.EventTrace;
import coterie.actors.message.Door;
import coterie.actors.message.SentTotals;
import coterie.actors.protocol.DivergedException;
import coterie.actors.protocol.Outbox;
import coterie.actors.protocol.Participant;
import coterie.actors.schedule.OfflineBehaviour;
import coterie.actors.schedule.TurnSchedule;
import coterie.actors.user.ProcessState.DeviceSave;
import coterie.actors.user.ProcessState.Phase;
import coterie.model.files.Unsaved;
import coterie.model.learn.Divergence;
import coterie.model.learn.TurnOutcome;
import coterie.model.learn.TurnPlan;
import coterie.topology.availability.Availability;
import coterie.topology.drift.Drifts;
import coterie.topology.time.Ticks;
import java.util.List;

/**
 * The events of one user: a turn begins or ends, the device fails or restarts, training diverges. {@link UserProcess}
 * decides which event is next and calls its method.
 */
final class UserEvents {
    /** Ticks from the end of a turn to its mixing: a message sent at the same tick arrives one tick later or after. */
    private static final long MIX_DELAY = 2;

    private final int me;
    private final SimulationConfig config;
    private final EventTrace trace;
    private final Attacker attacker;
    private final Door door;
    private final Outbox out;
    private final Participant participant;
    private final TurnComputation computation;
    private final UserRecords records;
    private final Availability availability;

    @Unsaved("is the state itself, replaced as a whole")
    private ProcessState state;

    @Unsaved("follows from the number of outages")
    private DeviceFailures failures;

    @Unsaved("set by the user's actor")
    private boolean reportsAtEndsOnly;

    UserEvents(
            int me,
            SimulationConfig config,
            EventTrace trace,
            Attacker attacker,
            Door door,
            Outbox out,
            Participant participant,
            TurnComputation computation,
            Availability availability) {
        this.me = me;
        this.config = config;
        this.trace = trace;
        this.attacker = attacker;
        this.door = door;
        this.out = out;
        this.participant = participant;
        this.computation = computation;
        this.availability = availability;
        records = new UserRecords(me, trace);
    }

    /** Sets the state to work on: a new user's, or one from a checkpoint. */
    void attach(ProcessState s) {
        state = s;
        failures = new DeviceFailures(config.faults(), config.seed(), me, s);
    }

    /** {@link DeviceFailures#nextEvent}. */
    long nextFailure() {
        return failures.nextEvent();
    }

    /**
     * Begins at tick 0. Every user is evaluated then, so that curves begin with untrained parameters: before the first
     * turn if that does not begin at once or is cut off, and so would not report it.
     */
    void begin() {
        if (config.protocol().needsStart() || !firstTurnReportsStart()) {
            state.turn = -1;
            state.next = 1;
            compute(TurnPlan.start(!config.protocol().serves(me)));
        } else {
            beginFrom(0, TurnPlan.Own.INSTANCE);
        }
    }

    /** Whether the first turn begins at tick 0, and will end before a failure and before the end of the run. */
    private boolean firstTurnReportsStart() {
        long present = config.offlineBehaviour() == OfflineBehaviour.TRAIN ? 0 : availability.from(0);
        return present == 0 && ending(0, config.schedule().turn(0)) < Math.min(config.end(), failures.nextEvent());
    }

    /** Continues the current turn with its outcome. */
    void resume(TurnOutcome outcome) {
        boolean early = outcome != null && reportsEarly() && endsAsPlanned();
        computation.restore(
                outcome,
                !early
                        ? null
                        : EarlyReports.of(
                                outcome,
                                state.started,
                                state.next,
                                state.iteration,
                                iterations(),
                                participant.awaitsRow()));
    }

    /** Reports everything at the ends of turns: where time is real, the length of a turn is not known before. */
    void reportAtEndsOnly() {
        reportsAtEndsOnly = true;
    }

    /**
     * Whether turns report before they end. Evaluations that may stop a run early are reported at the ends of turns.
     */
    boolean reportsEarly() {
        return !reportsAtEndsOnly && trace.recordsTurns() && config.target() == null;
    }

    /** Whether the current turn will end, before a failure and before the end of the run. */
    boolean endsAsPlanned() {
        return state.next < config.end() && state.next < failures.nextEvent();
    }

    /** Iterations of the current turn. */
    private int iterations() {
        return state.turn < 0 || isLast(state.turn) || state.asleep || state.idle
                ? 0
                : config.schedule().turn(state.turn).iterations();
    }

    /** Whether a turn is the extra one at the end, which only mixes and evaluates. */
    private boolean isLast(int turn) {
        return turn == config.schedule().turns();
    }

    /**
     * Ends the training of a user that has diverged. It keeps its last finite parameters. Other users treat it like one
     * whose device never restarts.
     */
    void diverge(long tick, Divergence d) {
        state.phase = Phase.DIVERGED;
        state.next = Ticks.NEVER;
        state.lost = true;
        state.beginning = null;
        computation.clear();
        records.diverged(tick, state.currentTurn(), d);
        participant.left(tick, state.currentTurn());
        participant.dropReceived();
        attacker.dropHeld();
    }

    /** Takes the user's initial parameters, and their evaluation, which its first computation returns. */
    void start(long tick) {
        TurnOutcome outcome = computation.join();
        record(outcome, tick);
        computation.stopReports();
        if (outcome.divergence() != null) {
            diverge(tick, outcome.divergence());
            return;
        }
        state.evaluated = true;
        if (config.protocol().needsStart()) {
            state.save = new DeviceSave(0, 0, outcome.parameters());
            participant.started(outcome.parameters());
        }
        state.turn = 0;
        if (config.protocol().serves(me)) {
            state.phase = Phase.SERVING;
            state.next = Ticks.NEVER;
            computation.clear();
        } else {
            beginFrom(tick, TurnPlan.Own.INSTANCE);
        }
    }

    /** Begins the next turn, now or when the user is available again. */
    void goOn(long tick) {
        boolean first = state.beginning != null;
        boolean last = isLast(first ? state.turn : state.turn + 1);
        long present = last || config.offlineBehaviour() == OfflineBehaviour.TRAIN ? tick : availability.from(tick);
        if (present > tick) {
            state.phase = Phase.AWAY;
            state.next = present;
            if (present == Ticks.NEVER) {
                leave(tick);
            } else {
                records.slept(tick, state.turn, present);
            }
            return;
        }
        TurnPlan.Beginning from = state.beginning;
        state.beginning = null;
        if (!first) {
            try {
                from = participant.beginTurn(tick, state.turn);
            } catch (DivergedException e) {
                diverge(tick, new Divergence(state.iteration, Divergence.Symptom.MIXTURE));
                return;
            }
            state.turn++;
        }
        beginTurn(tick, from);
    }

    /** Begins a turn that does not continue the one before. */
    private void beginFrom(long tick, TurnPlan.Beginning from) {
        state.beginning = from;
        goOn(tick);
    }

    private void beginTurn(long tick, TurnPlan.Beginning from) {
        state.phase = Phase.TRAINING;
        state.started = tick;
        drift(tick);
        attacker.turnBegan(tick, state.turn);
        state.idle = !attacker.trains();
        boolean last = isLast(state.turn);
        boolean due = (state.iteration % config.evaluateEvery() == 0 || last) && !evaluatedAtStart(from);
        TurnPlan.Builder plan = TurnPlan.turn(state.turn, from, state.iteration)
                .evaluateFirst(due)
                .data(config.drifts().shares(me, Ticks.seconds(tick)))
                .utility(measuresUtility(from))
                .flipsLabels(attacker.flipsLabels())
                .baits(attacker.baits())
                .replacedTokens(attacker.replacedTokens())
                .backdoored(attacker.backdoored())
                .save(state.unsaved);
        if (last) {
            state.next = tick + 1;
            compute(plan.build());
            return;
        }
        TurnSchedule.Turn t = config.schedule().turn(state.turn);
        state.next = ending(tick, t);
        boolean joins = config.collaborates(me, state.turn);
        if (config.offlineBehaviour() == OfflineBehaviour.SLEEP) {
            state.takesPart = joins;
            state.asleep = config.communicates() && t.collaborates() && !joins;
        } else {
            state.takesPart = joins && availability.will(state.next);
            state.asleep = false;
        }
        if (state.next == Ticks.NEVER) {
            state.phase = Phase.AWAY;
            leave(tick);
            return;
        }
        if (state.asleep && availability.isUnlimited()) {
            // Absences between sessions do not depend on turns: the clock records them.
            records.absent(tick, state.turn, state.next);
        }
        compute(plan.train(iterations())
                .fineTune(t.fineTune())
                .publish(state.takesPart)
                .build());
    }

    /** Whether what a turn begins from was evaluated before the first turn. */
    private boolean evaluatedAtStart(TurnPlan.Beginning from) {
        // A free-rider mixes before its first iteration.
        boolean changed =
                from instanceof TurnPlan.LastSave || attacker.isAdversary() && !(from instanceof TurnPlan.Own);
        return state.iteration == 0 && state.evaluated && !changed;
    }

    /** Whether the utility of neighbours is measured: a measurement of the simulator, which takes no virtual time. */
    private boolean measuresUtility(TurnPlan.Beginning from) {
        return trace.recordsTurns()
                && from instanceof TurnPlan.Mix mix
                && config.measuresUtility(mix.input().turn());
    }

    /** Records the changes of the user's data since its last turn began. */
    private void drift(long tick) {
        List<Drifts.Change> changes = config.drifts().of(me);
        while (state.changes < changes.size() && changes.get(state.changes).atSeconds() <= Ticks.seconds(tick)) {
            Drifts.Change change = changes.get(state.changes);
            state.changes++;
            records.drifted(tick, state.turn, state.changes, change);
        }
    }

    /** The tick at which the current turn ends if it begins at a tick; {@link Ticks#NEVER} if it never ends. */
    private long ending(long tick, TurnSchedule.Turn t) {
        long length = Ticks.after(tick, t.length() * config.pace().seconds(me, state.turn)) - tick;
        return config.offlineBehaviour() == OfflineBehaviour.SLEEP ? availability.after(tick, length) : tick + length;
    }

    private void compute(TurnPlan plan) {
        state.unsaved = false;
        boolean early = reportsEarly() && endsAsPlanned();
        EarlyReports reports = early
                ? EarlyReports.of(plan, state.started, state.next, config.evaluateEvery(), participant.awaitsRow())
                : null;
        computation.start(plan, reports, state.next);
    }

    /** The user goes away and never returns. */
    private void leave(long tick) {
        state.next = Ticks.NEVER;
        state.lost = true;
        participant.left(tick, state.turn);
        records.slept(tick, state.turn, Ticks.NEVER);
    }

    void endTurn(long tick) {
        TurnOutcome outcome = computation.join();
        record(outcome, tick);
        participant.computed(outcome);
        computation.stopReports();
        if (outcome.divergence() != null) {
            diverge(tick, outcome.divergence());
            return;
        }
        state.parameters = outcome.parameters();
        door.own(outcome.snapshot());
        trace.event(tick, EventTrace.Event.TURN_ENDED, state.turn, outcome.hash());
        if (isLast(state.turn)) {
            state.phase = Phase.DONE;
            state.next = Ticks.NEVER;
            computation.clear();
            participant.dropReceived();
            return;
        }
        state.iteration += iterations();
        if (config.faults().any() && (state.turn + 1) % config.faults().saveEvery() == 0) {
            state.save = new DeviceSave(state.turn + 1, state.iteration, state.parameters);
            state.unsaved = true;
            participant.deviceSaved();
        }
        try {
            participant.turnEnded(new Participant.TurnEnd(tick, state.started, state.turn, outcome, state.takesPart));
        } catch (DivergedException e) {
            diverge(tick, new Divergence(state.iteration, Divergence.Symptom.MIXTURE));
            return;
        }
        if (trace.recordsTurns()) {
            boolean occasion =
                    config.communicates() && config.schedule().turn(state.turn).collaborates();
            SentTotals sent = out.totals();
            records.turnEnded(tick, state, outcome, occasion, sent.minus(state.told));
            state.told = sent;
        }
        state.phase = Phase.WAITING;
        state.next = participant.ready() ? tick + MIX_DELAY : Ticks.NEVER;
    }

    void crash(long tick) {
        records.crashed(tick, state.turn, state.save.turn(), failures.until());
        participant.left(tick, state.currentTurn());
        state.served = state.phase == Phase.SERVING;
        state.phase = Phase.DOWN;
        state.next = Ticks.NEVER;
        state.beginning = null;
        computation.stopReports();
        door.forget();
        attacker.dropHeld();
        if (!config.faults().keepInbox()) {
            participant.dropReceived();
        }
    }

    void restart(long tick) {
        records.restarted(tick, state.save.turn(), state.save.iteration());
        failures.next();
        if (state.turn < 0) {
            // The initial parameters are still being computed.
            state.phase = Phase.TRAINING;
            state.started = tick;
            state.next = tick + 1;
            return;
        }
        state.turn = state.save.turn();
        state.iteration = state.save.iteration();
        participant.deviceRestarted(tick, state.turn, state.save.parameters());
        if (state.served) {
            state.phase = Phase.SERVING;
            state.next = Ticks.NEVER;
        } else {
            beginFrom(tick, new TurnPlan.LastSave());
        }
    }

    private void record(TurnOutcome outcome, long tick) {
        records.computed(outcome, state, tick, iterations(), computation.reported());
    }
}
