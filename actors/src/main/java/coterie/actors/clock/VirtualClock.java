package coterie.actors.clock;

import coterie.actors.life.Observation;
import coterie.topology.world.Ticks;
import java.util.List;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * The virtual clock of a run. Opens a window, lets everybody who has something to do in it go on, and when all have answered opens the next; what
 * they send each other goes through its {@link Calendar}.
 */
final class VirtualClock extends RunActor {
    private final Calendar calendar;
    private final ObservationOrder order;
    private int pending;

    private VirtualClock(ActorContext<Command> context, TimerScheduler<Command> timers, Parts parts) {
        super(context, timers, parts, null);
        calendar = new Calendar(world());
        order = new ObservationOrder(world());
        pending = world().users();
        for (int u = 0; u < pending; u++) {
            tell(u, UserActor.Begin.INSTANCE);
        }
    }

    static Behavior<Command> create(Parts parts) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> new VirtualClock(context, timers, parts)));
    }

    @Override
    void progressed(Progressed p) {
        calendar.progressed(p);
        order.add(p.user(), p.observed(), p.reportedUntil());
        if (--pending > 0) {
            return;
        }
        calendar.close();
        if (record(false)) {
            end(RunResult.EndedBy.TARGET);
            return;
        }
        pending = calendar.open((user, messages) -> tell(user, new UserActor.Window(calendar.end(), messages)));
        if (pending == 0) {
            end(calendar.end() == world().until() && world().until() != Ticks.NEVER ? RunResult.EndedBy.TIME : RunResult.EndedBy.TURNS);
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
        return calendar.running(most);
    }

    @Override
    long reached() {
        return calendar.now();
    }
}
