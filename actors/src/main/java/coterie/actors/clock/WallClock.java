package coterie.actors.clock;

import coterie.actors.calendar.IdleUsers;
import coterie.actors.calendar.MinHeap;
import coterie.actors.calendar.ObservationOrder;
import coterie.actors.calendar.WaitingMessages;
import coterie.actors.event.Observation;
import coterie.actors.message.Message;
import coterie.actors.message.Payload;
import coterie.topology.network.MaxMinFairNetwork;
import coterie.topology.time.Ticks;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.ReceiveBuilder;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * Real time. The same users as under the virtual clock; events happen when Pekko's timer fires, messages arrive in real
 * time, and a computation that takes longer than modelled ends later. Users do not wait for the computations of others.
 * Runs are not repeatable.
 */
final class WallClock extends RunActor {
    private record Due() implements ClockCommand {}

    private final TimerScheduler<ClockCommand> timers;
    private final double speed;
    private final Time time;
    private final ObservationOrder order;
    private final MaxMinFairNetwork<Message> network;
    private final PriorityQueue<Message> underWay = new PriorityQueue<>();
    private final MinHeap next;
    private final WaitingMessages waiting;
    private final boolean[] busy;
    private final IdleUsers idle;

    private int running;
    private long timer = Ticks.NEVER;
    /** Tick up to which the network has been advanced. */
    private long reachedByNetwork;

    /** The current tick. */
    private record Time(long startNanos, double speed) {
        long now() {
            return Ticks.at((System.nanoTime() - startNanos) / 1e9 * speed);
        }
    }

    private WallClock(
            ActorContext<ClockCommand> context,
            TimerScheduler<ClockCommand> timers,
            Parts parts,
            double speed,
            Time time) {
        super(context, timers, parts, time::now);
        this.timers = timers;
        this.speed = speed;
        this.time = time;
        int users = config().users();
        order = new ObservationOrder(config());
        network = config().lines() == null ? null : new MaxMinFairNetwork<>(config().lines(), users);
        next = new MinHeap(users, Ticks.NEVER);
        busy = new boolean[users];
        idle = new IdleUsers(users);
        waiting = new WaitingMessages(users);
        running = users;
        for (int u = 0; u < users; u++) {
            busy[u] = true;
            router().tell(u, UserActor.Begin.INSTANCE);
        }
        router().sendOff();
    }

    static Behavior<ClockCommand> create(Parts parts, double speed) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> guarded(
                parts, () -> new WallClock(context, timers, parts, speed, new Time(System.nanoTime(), speed)))));
    }

    @Override
    ReceiveBuilder<ClockCommand> receive(ReceiveBuilder<ClockCommand> builder) {
        return builder.onMessage(
                Due.class,
                d -> guarded(() -> {
                    timer = Ticks.NEVER;
                    goOn();
                }));
    }

    @Override
    void progressed(Report.Progressed p) {
        busy[p.user()] = false;
        running--;
        idle.set(p.user(), p.outlook().idle());
        // Messages that arrived since are due at once.
        next.set(p.user(), waiting.of(p.user()).isEmpty() ? p.outlook().next() : 0);
        // Their arrivals will be observed at the instants at which they arrived, while the user was computing.
        long until = p.outlook().reportedUntil();
        for (Message m : waiting.of(p.user())) {
            until = Math.min(until, m.arrival());
        }
        order.add(p.user(), p.observed(), until);
        for (Message m : p.sent()) {
            if (config().network().transfers(m)) {
                network.send(
                        Math.max(m.payload().sent(), reachedByNetwork),
                        m.from(),
                        m.to(),
                        m.payload().bytes(),
                        m);
            } else {
                underWay.add(m);
            }
        }
        if (record(false)) {
            end(RunResult.EndedBy.TARGET);
        } else if (endsWithDivergence()) {
            end(RunResult.EndedBy.DIVERGENCE);
        } else {
            goOn();
        }
    }

    private void goOn() {
        long now = time.now();
        if (now >= config().end()) {
            end(RunResult.EndedBy.TIME);
            return;
        }
        if (network != null) {
            network.advance(now + 1, (m, tick) -> {
                if (m.payload().kind() != Payload.Kind.LOST) {
                    underWay.add(m.through(tick));
                }
            });
            reachedByNetwork = now + 1;
        }
        while (!underWay.isEmpty() && underWay.peek().arrival() <= now) {
            Message m = underWay.poll();
            // It arrives now, however late the timer was.
            waiting.add(new Message(m.payload(), m.to(), m.number(), now));
            if (!busy[m.to()]) {
                next.set(m.to(), now);
            }
        }
        while (next.min() <= now) {
            call(next.first(), now);
        }
        router().sendOff();
        schedule(now);
    }

    private void call(int user, long now) {
        List<Message> messages = waiting.take(user);
        busy[user] = true;
        running++;
        next.set(user, Ticks.NEVER);
        order.called(user, now);
        router().tell(user, new UserActor.Window(now + 1, messages));
    }

    /** Whether nothing is left to happen, except that the device of a user that serves could fail. */
    private boolean over() {
        return idle.all()
                && underWay.isEmpty()
                && waiting.isEmpty()
                && (network == null || network.next() == Ticks.NEVER);
    }

    private void schedule(long now) {
        long due = Math.min(
                next.min(), underWay.isEmpty() ? Ticks.NEVER : underWay.peek().arrival());
        due = network == null ? due : Math.min(due, network.next());
        if (running == 0 && (due == Ticks.NEVER || over())) {
            end(RunResult.EndedBy.TURNS);
            return;
        }
        due = config().until() == Ticks.NEVER ? due : Math.min(due, config().until());
        if (due != Ticks.NEVER && due < timer) {
            timer = due;
            timers.startSingleTimer(new Due(), Duration.ofNanos((long)
                    Math.max(0, Ticks.span(now, due) * 1e9 / speed)));
        }
    }

    @Override
    void release(boolean all, List<Observation> to) {
        if (all) {
            order.releaseAll(to);
        } else {
            order.release(time.now(), to);
        }
    }

    @Override
    List<Integer> awaited(int most) {
        List<Integer> out = new ArrayList<>();
        for (int u = 0; u < busy.length && out.size() < most; u++) {
            if (busy[u]) {
                out.add(u);
            }
        }
        return out;
    }

    @Override
    long reached() {
        return time.now();
    }
}
