package coterie.actors.clock;

import coterie.actors.calendar.Calendar;
import coterie.actors.calendar.ObservationOrder;
import coterie.actors.checkpoint.CheckpointTimes;
import coterie.actors.checkpoint.Checkpoints;
import coterie.actors.checkpoint.ClockState;
import coterie.actors.checkpoint.RunCheckpoint;
import coterie.actors.event.Dated;
import coterie.actors.event.Observation;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.ReceiveBuilder;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * The virtual clock of a run. Opens a window, lets all users with events in it advance, and opens the next when they
 * have answered. Their messages pass through its {@link Calendar}.
 */
final class VirtualClock extends RunActor {
    /** Continues with the current window, after other messages. */
    private record GoOn() implements ClockCommand {}

    /** Stops waiting for users of a run that is being stopped. */
    private record GiveUp() implements ClockCommand {}

    /** Users being saved at once: each may be many megabytes. */
    private static final int SAVED_AT_ONCE = 8;
    /** Number of windows, or of instants of transfers, after which the clock processes other messages. */
    private static final int SLICE = 1000;

    private final Calendar calendar;
    private final ObservationOrder order;
    private final Checkpoints checkpoints;
    private final CheckpointTimes times;
    private int pending;
    private long turns;
    /** The next user to save; beyond the last if no checkpoint is being written. */
    private int nextSaved = Integer.MAX_VALUE;

    private int saved;
    /** The same when progress of stopping was last checked. */
    private int savedBefore = -1;

    private long checkpoint;
    /** Whether the current checkpoint has failed: no more users are saved. */
    private boolean inVain;

    private boolean stopping;
    private boolean paused;
    /** Whether time is paused between two windows. */
    private boolean held;

    private VirtualClock(ActorContext<ClockCommand> context, TimerScheduler<ClockCommand> timers, Parts parts) {
        super(context, timers, parts, null);
        calendar = new Calendar(config());
        order = new ObservationOrder(config());
        checkpoints = parts.checkpoints();
        times = new CheckpointTimes(checkpoints, System::nanoTime);
        pending = config().users();
        RunCheckpoint from = parts.from();
        if (from != null) {
            ClockState state = router().carriesSnapshots() ? from.clock() : from.clockWithoutSnapshots();
            calendar.restore(state.calendar());
            order.restore(state.held());
            restore(state);
        }
        UserActor.Command begin = from == null ? UserActor.Begin.INSTANCE : new UserActor.Resume(from);
        for (int u = 0; u < pending; u++) {
            router().tell(u, begin);
        }
        router().sendOff();
    }

    static Behavior<ClockCommand> create(Parts parts) {
        return Behaviors.setup(context ->
                Behaviors.withTimers(timers -> guarded(parts, () -> new VirtualClock(context, timers, parts))));
    }

    @Override
    ReceiveBuilder<ClockCommand> receive(ReceiveBuilder<ClockCommand> builder) {
        return builder.onMessage(Report.Checkpointed.class, c -> {
                    save(c.checkpoint());
                    return this;
                })
                .onMessage(ClockCommand.Written.class, w -> guarded(this::written))
                .onMessage(ClockCommand.CheckpointWritten.class, s -> guarded(() -> outcome(s)))
                .onMessage(GoOn.class, g -> guarded(this::goOn))
                .onMessage(GiveUp.class, g -> guarded(this::giveUp));
    }

    @Override
    void progressed(Report.Progressed p) {
        calendar.progressed(p.user(), p.outlook(), p.sent());
        order.add(p.user(), p.observed(), p.outlook().reportedUntil());
        for (Dated d : p.observed()) {
            turns += d.observation() instanceof Observation.TurnEnded ? 1 : 0;
        }
        if (--pending == 0) {
            step();
        } else {
            // Others may compute for long; observations that they cannot precede are released now.
            record(false);
        }
    }

    /**
     * All users have answered. If one has paused in the middle of the window, the window is opened again. Conditions on
     * all users are checked at the end of a window only, since where users pause depends on wall-clock time.
     */
    private void step() {
        boolean whole = calendar.whole();
        boolean closed = whole && calendar.close(SLICE);
        boolean reached = record(false);
        if (closed && reached) {
            end(RunResult.EndedBy.TARGET);
        } else if (closed && endsWithDivergence()) {
            end(RunResult.EndedBy.DIVERGENCE);
        } else if (stopping) {
            saveOrEnd();
        } else if (closed && times.due(turns)) {
            saveAll();
        } else if (whole && !closed) {
            getContext().getSelf().tell(new GoOn());
        } else {
            open();
        }
    }

    private void goOn() {
        if (paused && !stopping) {
            held = true;
        } else if (!ended()) {
            step();
        }
    }

    /** Ends a run that is being stopped, even in the middle of a window. */
    private void saveOrEnd() {
        if (checkpoints.wanted()) {
            saveAll();
        } else {
            end(RunResult.EndedBy.STOP);
        }
    }

    private void saveAll() {
        saved = 0;
        nextSaved = 0;
        inVain = false;
        checkpoint++;
        times.begun();
        beginSaving(checkpoint);
        saveMore();
    }

    /** Asks more users for their part of the checkpoint. */
    private void saveMore() {
        int users = inVain ? nextSaved : config().users();
        boolean any = nextSaved < users && nextSaved - saved < SAVED_AT_ONCE;
        while (nextSaved < users && nextSaved - saved < SAVED_AT_ONCE) {
            router().tell(nextSaved++, new UserActor.TakeCheckpoint(checkpoint));
        }
        if (any) {
            router().sendOff();
        }
    }

    private void written() {
        saved++;
        if (ended()) {
            return;
        }
        if (saved < (inVain ? nextSaved : config().users())) {
            saveMore();
            return;
        }
        nextSaved = Integer.MAX_VALUE;
        if (!inVain) {
            endSaving(calendar.state(), order.held());
        }
        if (stopping) {
            end(RunResult.EndedBy.STOP);
        } else {
            open();
        }
    }

    /** The outcome of a checkpoint: the current one, or one that ended while the run went on. */
    private void outcome(ClockCommand.CheckpointWritten s) {
        if (s.failure() == null) {
            int before = times.succeeded();
            if (before > 0) {
                LOG.warn(
                        "the run is saved again, after {}",
                        before == 1 ? "one failed attempt" : before + " failed attempts");
            }
            return;
        }
        // Users that were asked must answer before the next window opens.
        inVain |= s.checkpoint() == checkpoint;
        Duration pause = times.failed();
        String why = RunFailedException.inWords(s.failure());
        if (stopping || ended()) {
            LOG.warn("the run could not be saved: {}", why);
        } else {
            LOG.warn(
                    "the run goes on, but could not be saved: {}; it is tried again {}",
                    why,
                    pause.isZero() ? "at the end of the next window" : "in " + pause.toSeconds() + " s");
        }
    }

    private void open() {
        held = paused;
        if (held) {
            return;
        }
        for (int k = 0; k < SLICE; k++) {
            pending = calendar.open((user, messages) -> {
                order.called(user, messages);
                router().tell(user, new UserActor.Window(calendar.end(), messages));
            });
            if (pending == 0) {
                end(calendar.timeUp() ? RunResult.EndedBy.TIME : RunResult.EndedBy.TURNS);
                return;
            }
            if (pending != Calendar.ONLY_TRANSFERS) {
                router().sendOff();
                return;
            }
            pending = 0;
            if (!calendar.close(SLICE)) {
                break;
            }
        }
        // Many instants of transfers, and no other event.
        getContext().getSelf().tell(new GoOn());
    }

    /** Saves the run first, unless users do not finish computing in time. */
    @Override
    void stop() {
        if (stopping || ended()) {
            return;
        }
        stopping = true;
        timers().startSingleTimer(new GiveUp(), stopPatience());
        if (held) {
            held = false;
            saveOrEnd();
        } else {
            yieldAll();
        }
    }

    /** Asks all users that have not answered to report at once. */
    private void yieldAll() {
        if (pending > 0) {
            for (int u : calendar.running(Integer.MAX_VALUE)) {
                router().tell(u, new UserActor.Yield());
            }
            router().sendOff();
        }
    }

    private void giveUp() {
        if (ended()) {
            return;
        }
        if (pending == 0 && saved != savedBefore && saved > 0) {
            savedBefore = saved;
            timers().startSingleTimer(new GiveUp(), stopPatience());
            return;
        }
        List<Integer> late = awaited(5);
        LOG.warn("the run ends without a last checkpoint: users {} are still computing", late);
        abandonSaving();
        nextSaved = Integer.MAX_VALUE;
        end(RunResult.EndedBy.STOP);
    }

    @Override
    void pause(boolean pause) {
        paused = pause;
        if (ended()) {
            return;
        }
        if (paused) {
            yieldAll();
        } else if (held) {
            held = false;
            step();
        }
    }

    @Override
    void release(boolean all, List<Observation> to) {
        if (all) {
            order.releaseAll(to);
        } else {
            order.release(calendar.end(), to);
        }
    }

    @Override
    List<Integer> awaited(int most) {
        return held
                ? List.of()
                : nextSaved <= config().users()
                        ? IntStream.range(saved, nextSaved).limit(most).boxed().toList()
                        : calendar.running(most);
    }

    @Override
    long reached() {
        return calendar.now();
    }
}
