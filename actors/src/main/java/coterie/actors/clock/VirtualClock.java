package coterie.actors.clock;

import coterie.actors.life.LifeState;
import coterie.actors.life.Observation;
import coterie.actors.life.UserLife.Dated;
import coterie.topology.world.Ticks;
import java.util.Arrays;
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
    /** All that a user knows. */
    record Frozen(int user, LifeState state) implements Command {
    }

    private final Calendar calendar;
    private final ObservationOrder order;
    private final Checkpoints checkpoints;
    private final LifeState[] frozen;
    private int pending;
    private long turns;
    private boolean freezing;
    private boolean stopping;

    private VirtualClock(ActorContext<Command> context, TimerScheduler<Command> timers, Parts parts) {
        super(context, timers, parts, null);
        calendar = new Calendar(world());
        order = new ObservationOrder(world());
        checkpoints = parts.checkpoints();
        frozen = new LifeState[world().users()];
        pending = world().users();
        RunState from = parts.from();
        if (from != null) {
            calendar.restore(from.calendar());
            order.restore(from.held());
            restore(from);
        }
        for (int u = 0; u < pending; u++) {
            tell(u, from == null ? UserActor.Begin.INSTANCE : new UserActor.Resume(from.users().get(u)));
        }
    }

    static Behavior<Command> create(Parts parts) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> new VirtualClock(context, timers, parts)));
    }

    @Override
    ReceiveBuilder<Command> receive(ReceiveBuilder<Command> builder) {
        return builder.onMessage(Frozen.class, this::frozen);
    }

    @Override
    void progressed(Progressed p) {
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
            freezing = true;
            pending = world().users();
            for (int u = 0; u < world().users(); u++) {
                tell(u, UserActor.Freeze.INSTANCE);
            }
        } else {
            open();
        }
    }

    private Behavior<Command> frozen(Frozen f) {
        frozen[f.user()] = f.state();
        if (--pending == 0 && !ended()) {
            freezing = false;
            save(calendar.state(), order.held(), List.of(frozen));
            Arrays.fill(frozen, null);
            if (stopping) {
                end(RunResult.EndedBy.STOP);
            } else {
                open();
            }
        }
        return this;
    }

    private void open() {
        pending = calendar.open((user, messages) -> tell(user, new UserActor.Window(calendar.end(), messages)));
        if (pending == 0) {
            end(calendar.end() == world().until() && world().until() != Ticks.NEVER ? RunResult.EndedBy.TIME : RunResult.EndedBy.TURNS);
        }
    }

    /** Stopped runs are saved first, at the end of the window that is open. */
    @Override
    void stop() {
        if (checkpoints.wanted()) {
            stopping = true;
        } else {
            super.stop();
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
        return freezing ? IntStream.range(0, frozen.length).filter(u -> frozen[u] == null).limit(most).boxed().toList() : calendar.running(most);
    }

    @Override
    long reached() {
        return calendar.now();
    }
}
