package coterie.actors.clock;

import coterie.actors.life.Observation;
import coterie.actors.life.UserLife.Dated;
import coterie.topology.world.Ticks;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.ReceiveBuilder;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * The virtual clock of a run. Opens a window, lets everybody who has something to do in it go on, and when all have answered opens the next; what
 * they send each other goes through its {@link Calendar}.
 */
final class VirtualClock extends RunActor {
    /** Users whose lives are on their way to the recorder at once: each may be many megabytes. */
    private static final int SAVED_AT_ONCE = 8;
    private final Calendar calendar;
    private final ObservationOrder order;
    private final Checkpoints checkpoints;
    private int pending;
    private long turns;
    /** The next user to be saved; beyond the last where no checkpoint is being made. */
    private int nextSaved = Integer.MAX_VALUE;
    private int saved;
    private long checkpoint;
    private boolean stopping;
    private boolean paused;
    /** Whether a window has ended and the next waits for somebody to want time to go on. */
    private boolean held;

    private VirtualClock(ActorContext<Command> context, TimerScheduler<Command> timers, Parts parts) {
        super(context, timers, parts, null);
        calendar = new Calendar(world());
        order = new ObservationOrder(world());
        checkpoints = parts.checkpoints();
        pending = world().users();
        SavedRun from = parts.from();
        if (from != null) {
            ClockState state = crew().carriesSnapshots() ? from.clock() : from.clockWithoutSnapshots();
            calendar.restore(state.calendar());
            order.restore(state.held());
            restore(state);
        }
        UserActor.Command begin = from == null ? UserActor.Begin.INSTANCE : new UserActor.Resume(from);
        for (int u = 0; u < pending; u++) {
            crew().tell(u, begin);
        }
        crew().sendOff();
    }

    static Behavior<Command> create(Parts parts) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> new VirtualClock(context, timers, parts)));
    }

    @Override
    ReceiveBuilder<Command> receive(ReceiveBuilder<Command> builder) {
        return builder.onMessage(Report.Frozen.class, f -> {
            save(f);
            return this;
        }).onMessage(Written.class, w -> written());
    }

    @Override
    void progressed(Report.Progressed p) {
        calendar.progressed(p);
        order.add(p.user(), p.observed(), p.reportedUntil());
        for (Dated d : p.observed()) {
            turns += d.observation() instanceof Observation.TurnEnded ? 1 : 0;
        }
        if (--pending > 0) {
            return;
        }
        calendar.close();
        if (record(false)) {
            end(RunResult.EndedBy.TARGET);
        } else if (stopping || checkpoints.due(turns)) {
            saveAll();
        } else {
            open();
        }
    }

    private void saveAll() {
        saved = 0;
        nextSaved = 0;
        checkpoint++;
        beginSaving();
        freeze();
    }

    /** Saves some more users. */
    private void freeze() {
        int users = world().users();
        boolean any = nextSaved < users && nextSaved - saved < SAVED_AT_ONCE;
        while (nextSaved < users && nextSaved - saved < SAVED_AT_ONCE) {
            crew().tell(nextSaved++, new UserActor.Freeze(checkpoint));
        }
        if (any) {
            crew().sendOff();
        }
    }

    private Behavior<Command> written() {
        saved++;
        if (ended()) {
            return this;
        }
        if (saved < world().users()) {
            freeze();
            return this;
        }
        nextSaved = Integer.MAX_VALUE;
        endSaving(calendar.state(), order.held());
        if (stopping) {
            end(RunResult.EndedBy.STOP);
        } else {
            open();
        }
        return this;
    }

    private void open() {
        held = paused;
        if (held) {
            return;
        }
        pending = calendar.open((user, messages) -> crew().tell(user, new UserActor.Window(calendar.end(), messages)));
        crew().sendOff();
        if (pending == 0) {
            end(calendar.end() == world().until() && world().until() != Ticks.NEVER ? RunResult.EndedBy.TIME : RunResult.EndedBy.TURNS);
        }
    }

    /** Stopped runs are saved first, at the end of the window that is open. */
    @Override
    void stop() {
        if (checkpoints.wanted()) {
            stopping = true;
            if (held) {
                held = false;
                saveAll();
            }
        } else {
            super.stop();
        }
    }

    @Override
    void pause(boolean pause) {
        paused = pause;
        if (held && !paused && !ended()) {
            open();
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
        return held ? List.of() : nextSaved <= world().users() ? IntStream.range(saved, nextSaved).limit(most).boxed().toList() : calendar.running(most);
    }

    @Override
    long reached() {
        return calendar.now();
    }
}
