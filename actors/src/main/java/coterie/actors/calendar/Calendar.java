package coterie.actors.calendar;

import coterie.actors.event.RecordLevel;
import coterie.actors.message.Message;
import coterie.actors.message.NetworkModel;
import coterie.actors.message.Payload;
import coterie.actors.user.Outlook;
import coterie.actors.user.SimulationConfig;
import coterie.topology.network.MaxMinFairNetwork;
import coterie.topology.time.Ticks;
import java.util.ArrayList;
import java.util.List;

/**
 * Decides which users may advance to which tick: conservative simulation in windows. No message still to be sent can
 * arrive before the earliest sending of any user, or the earliest end of a transfer, plus the shortest latency. Up to
 * that tick all users may advance at once, independently of each other.
 *
 * <p>A user that can send nothing before its turn ends is not called for each message that arrives: small messages wait
 * here until then. Large ones are handed on, since a newer snapshot frees an older one; and so are all messages if
 * arrivals are recorded. A user is also called when it has something to report before its turn ends; this does not
 * change where windows end.
 *
 * <p>Between two windows, nothing is in transit outside of this calendar. Plain code, driven by the virtual clock.
 */
public final class Calendar {
    /** Returned by {@link #open} for a window in which only transfers take place. */
    public static final int ONLY_TRANSFERS = -1;

    private static final long LARGE_BYTES = 16_384;
    private final long lookAhead;
    /** Tick at which the run ends. */
    private final long until;

    private final boolean untilSet;
    /** Whether users are called for every message, because arrivals or refusals are recorded. */
    private final boolean recordsArrivals;

    private final MinHeap nextCalls;
    private final MinHeap nextSendings;
    private final NetworkModel model;
    /** Null if transfers take no time. */
    private final MaxMinFairNetwork<Message> network;

    private final boolean[] quiet;
    /** Whether a user was ever sent a large message. */
    private final boolean[] heavy;
    /** Tick of each user's next event, including arrivals of messages for which it is not called. */
    private final long[] nextEvents;

    private final boolean[] running;
    private final IdleUsers idle;
    /** Tick at which the serving user's device fails next, or is up again. */
    private long serverFault = Ticks.NEVER;

    private int server = -1;
    private final WaitingMessages waiting;
    /** Transfers that began in the current window. */
    private final List<Message> starting = new ArrayList<>();
    /** Last tick at which a transfer began or ended. */
    private long advanced = -1;

    private long windowStart;
    private long end;
    private boolean timeUp;

    public Calendar(SimulationConfig config) {
        int users = config.users();
        lookAhead = config.lookAhead();
        until = config.end();
        recordsArrivals = config.records() == RecordLevel.MESSAGES
                || config.records() == RecordLevel.TURNS && config.door().checks();
        untilSet = config.until() != Ticks.NEVER;
        nextCalls = new MinHeap(users, 0);
        nextSendings = new MinHeap(users, 0);
        model = config.network();
        network = config.lines() == null ? null : new MaxMinFairNetwork<>(config.lines(), users);
        quiet = new boolean[users];
        heavy = new boolean[users];
        nextEvents = new long[users];
        running = new boolean[users];
        idle = new IdleUsers(users);
        waiting = new WaitingMessages(users);
    }

    /**
     * The messages in transit.
     *
     * @param starting transfers that began in the current window and are not in the network's state yet
     */
    public record State(
            List<List<Message>> waiting,
            boolean[] heavy,
            long end,
            MaxMinFairNetwork.State<Message> network,
            List<Message> starting) {}

    /** The state for a checkpoint. */
    public State state() {
        return new State(
                waiting.copy(),
                heavy.clone(),
                end,
                network == null ? null : network.state(),
                starting.stream().filter(m -> m.payload().sent() > advanced).toList());
    }

    /** Continues from a state. Called before any user answers. */
    public void restore(State s) {
        System.arraycopy(s.heavy, 0, heavy, 0, heavy.length);
        waiting.restore(s.waiting);
        end = s.end;
        if (network != null) {
            network.restore(s.network);
            s.starting.forEach(this::startTransfer);
        }
    }

    /** Calls users. */
    public interface Calls {
        /** Calls a user with the messages that have arrived for it. */
        void call(int user, List<Message> messages);
    }

    /**
     * Opens the next window, or reopens one that a user has not finished.
     *
     * @return number of users called; {@link #ONLY_TRANSFERS} if the window can be closed at once; 0 if nothing can
     *     happen any more
     */
    public int open(Calls calls) {
        if (whole()) {
            boolean over = over();
            long first =
                    over ? Ticks.NEVER : network == null ? nextCalls.min() : Math.min(nextCalls.min(), network.next());
            if (first >= until) {
                end = until;
                timeUp = untilSet || first != Ticks.NEVER;
                return over ? 0 : flush(calls);
            }
            windowStart = first;
            // The next transfer to end is in the network already, or begins with the earliest sending.
            long earliest = network == null ? nextSendings.min() : Math.min(nextSendings.min(), network.next());
            end = Math.min(until, earliest > Ticks.NEVER - lookAhead ? Ticks.NEVER : earliest + lookAhead);
            // When the server's device fails, it must be known whether a user still needs the server.
            end = Math.min(end, Math.max(windowStart + 1, serverFault));
        }
        int called = 0;
        while (nextCalls.min() < end) {
            call(nextCalls.first(), calls);
            called++;
        }
        return called > 0 ? called : ONLY_TRANSFERS;
    }

    /** Whether nothing is left to happen, except failures of the serving user's device. */
    private boolean over() {
        return idle.all() && waiting.isEmpty() && (network == null || network.next() == Ticks.NEVER);
    }

    /** Whether all users have finished the window. */
    public boolean whole() {
        return nextCalls.min() >= end;
    }

    /** Whether the run ended because its time was up, before users had done all their turns. */
    public boolean timeUp() {
        return timeUp;
    }

    private void call(int user, Calls calls) {
        List<Message> messages = waiting.take(user);
        running[user] = true;
        nextCalls.set(user, Ticks.NEVER);
        nextEvents[user] = Ticks.NEVER;
        calls.call(user, messages);
    }

    /** Calls users for messages that arrive before the end of time, when all users are idle. */
    private int flush(Calls calls) {
        int called = 0;
        for (int u = 0; u < nextEvents.length; u++) {
            if (nextEvents[u] < until) {
                call(u, calls);
                called++;
            }
        }
        return called;
    }

    /** End of the current window: users may process all events before it. */
    public long end() {
        return end;
    }

    /** Beginning of the current window: all events before it have been processed. */
    public long now() {
        return windowStart;
    }

    /** Users that were called and have not answered yet, at most {@code most} of them. */
    public List<Integer> running(int most) {
        List<Integer> out = new ArrayList<>();
        for (int u = 0; u < running.length && out.size() < most; u++) {
            if (running[u]) {
                out.add(u);
            }
        }
        return out;
    }

    /**
     * Takes the answer of a user that was called.
     *
     * @param sent messages sent since it was called
     * @throws IllegalStateException if a message was sent into the past: a fault of the simulator
     */
    public void progressed(int user, Outlook outlook, List<Message> sent) {
        running[user] = false;
        quiet[user] = outlook.quiet();
        idle.set(user, outlook.idle());
        if (outlook.serverFault() != Ticks.NEVER || server == user) {
            server = user;
            serverFault = outlook.serverFault();
        }
        nextEvents[user] = outlook.next();
        for (Message m : waiting.of(user)) {
            nextEvents[user] = Math.min(nextEvents[user], m.arrival());
        }
        boolean waits = outlook.quiet() && !heavy[user] && !recordsArrivals;
        nextCalls.set(user, Math.min(outlook.nextReport(), waits ? outlook.earliestSending() : nextEvents[user]));
        nextSendings.set(user, outlook.quiet() ? outlook.earliestSending() : nextEvents[user]);
        for (Message m : sent) {
            if (model.transfers(m)) {
                startTransfer(m);
            } else {
                deliver(m);
            }
        }
    }

    private void startTransfer(Message m) {
        network.send(m.payload().sent(), m.from(), m.to(), m.payload().bytes(), m);
        starting.add(m);
    }

    /**
     * Advances transfers to the end of the window, when all users have answered and it is {@link #whole}.
     *
     * @param most number of ticks at which transfers begin or end
     * @return false if it must be called again
     */
    public boolean close(int most) {
        if (network == null) {
            return true;
        }
        for (int k = 0; k < most; k++) {
            long tick = network.next();
            if (tick >= end) {
                starting.clear();
                return true;
            }
            advanced = tick;
            network.advance(tick + 1, (m, through) -> {
                if (m.payload().kind() != Payload.Kind.LOST) {
                    deliver(m.through(through));
                }
            });
        }
        return false;
    }

    private void deliver(Message m) {
        if (m.arrival() < end) {
            throw new IllegalStateException("a message of user " + m.from() + " to " + m.to() + " arrives at tick "
                    + m.arrival() + ", before the end " + end + " of its window");
        }
        waiting.add(m);
        int to = m.to();
        heavy[to] |= m.payload().bytes() > LARGE_BYTES;
        if (!running[to] && m.arrival() < nextEvents[to]) {
            nextEvents[to] = m.arrival();
            if (!quiet[to]) {
                nextSendings.set(to, m.arrival());
            }
            if (!quiet[to] || heavy[to] || recordsArrivals) {
                nextCalls.set(to, Math.min(nextCalls.get(to), m.arrival()));
            }
        }
    }
}
