package coterie.actors.clock;

import coterie.actors.user.Message;
import coterie.actors.user.Payload;
import coterie.actors.user.SimulationConfig;
import coterie.topology.network.MaxMinFairNetwork;
import coterie.topology.time.Ticks;
import java.util.ArrayList;
import java.util.List;

/**
 * Who may go on to when. Conservative, in windows: nothing that is still to be sent can arrive before the earliest
 * sending of any user, or the earliest end of any transfer under way, plus the shortest time a link takes, so that up
 * to there all may go on at once without asking one another.
 *
 * <p>Who can send nothing before its turn ends need not be called for every message that arrives: small ones wait here
 * until then. Large ones are handed on, since an older snapshot is let go of when a newer one has come; and so are all
 * where their arrival is recorded. A user is also called when it has something to tell before its turn's end; windows
 * are cut as if it were not.
 *
 * <p>Between two windows nothing is under way outside of this calendar. Plain code, driven by {@link VirtualClock}.
 */
public final class Calendar {
    /** What {@link #open} returns for a window in which only transfers take place. */
    static final int ONLY_TRANSFERS = -1;

    private static final List<Message> NOTHING = List.of();
    private static final long LARGE_BYTES = 16_384;
    private final long lookAhead;
    /** The tick at which everything ends. */
    private final long until;

    private final boolean untilSet;
    /** Whether users are called for every message, since its arrival is recorded. */
    private final boolean recordsMessages;

    private final MinHeap next;
    private final MinHeap sending;
    /** Null where bytes take no time. */
    private final MaxMinFairNetwork<Message> network;

    private final boolean[] quiet;
    /** Whether a user has ever been sent anything large. */
    private final boolean[] heavy;
    /** The next thing that happens to a user, be it that a message arrives for which it need not be called. */
    private final long[] happens;

    private final boolean[] running;
    private final boolean[] idle;
    /** Users that are not idle. */
    private int active;
    /** The next tick at which the device of the user that serves fails, or is up again. */
    private long serverFault = Ticks.NEVER;

    private int server = -1;
    private final List<List<Message>> waiting = new ArrayList<>();
    /** What was sent in the window that is not closed yet, and takes a while. */
    private final List<Message> beginning = new ArrayList<>();
    /** The last instant at which something has happened to transfers. */
    private long advanced = -1;

    private long begin;
    private long end;
    private boolean timeUp;

    Calendar(SimulationConfig config) {
        int users = config.users();
        lookAhead = config.lookAhead();
        until = config.end();
        recordsMessages = config.records() == SimulationConfig.Records.MESSAGES;
        untilSet = config.until() != Ticks.NEVER;
        next = new MinHeap(users, 0);
        sending = new MinHeap(users, 0);
        network = config.lines() == null ? null : new MaxMinFairNetwork<>(config.lines(), users);
        quiet = new boolean[users];
        heavy = new boolean[users];
        happens = new long[users];
        running = new boolean[users];
        idle = new boolean[users];
        active = users;
        for (int u = 0; u < users; u++) {
            waiting.add(NOTHING);
        }
    }

    /**
     * Everything that is under way between two windows, or in the middle of one.
     *
     * @param beginning what was sent in it, of which the network does not know yet that it has begun
     */
    public record State(
            List<List<Message>> waiting,
            boolean[] heavy,
            long end,
            MaxMinFairNetwork.State<Message> network,
            List<Message> beginning) {}

    State state() {
        return new State(
                waiting.stream().map(List::copyOf).toList(),
                heavy.clone(),
                end,
                network == null ? null : network.state(),
                beginning.stream().filter(m -> m.payload().sent() > advanced).toList());
    }

    /** Goes on from a state: before any user has answered. */
    void restore(State s) {
        for (int u = 0; u < heavy.length; u++) {
            heavy[u] = s.heavy[u];
            waiting.set(u, s.waiting.get(u).isEmpty() ? NOTHING : new ArrayList<>(s.waiting.get(u)));
        }
        end = s.end;
        if (network != null) {
            network.restore(s.network);
            s.beginning.forEach(this::begin);
        }
    }

    /** Called for each user who has something to do in a window, with the messages that have come for it. */
    interface Calls {
        void call(int user, List<Message> messages);
    }

    /**
     * Opens the next window, or reopens one that a user has not finished.
     *
     * @return how many users were called; {@link #ONLY_TRANSFERS} where the window can be closed at once; 0 when
     *     nothing can happen any more
     */
    int open(Calls calls) {
        if (whole()) {
            boolean over = over();
            long first = over ? Ticks.NEVER : network == null ? next.min() : Math.min(next.min(), network.next());
            if (first >= until) {
                end = until;
                timeUp = untilSet || first != Ticks.NEVER;
                return over ? 0 : flush(calls);
            }
            begin = first;
            // Before anybody sends, or a transfer is known to end, none can end: what is under way goes on as it does.
            long earliest = network == null ? sending.min() : Math.min(sending.min(), network.next());
            end = Math.min(until, earliest > Ticks.NEVER - lookAhead ? Ticks.NEVER : earliest + lookAhead);
            // Before a server's device fails it must be known whether anything still needs it.
            end = Math.min(end, Math.max(begin + 1, serverFault));
        }
        int called = 0;
        while (next.min() < end) {
            call(next.first(), calls);
            called++;
        }
        return called > 0 ? called : ONLY_TRANSFERS;
    }

    /** Whether nothing is left to happen, but that the device of a user that serves could fail. */
    private boolean over() {
        return active == 0
                && waiting.stream().allMatch(List::isEmpty)
                && (network == null || network.next() == Ticks.NEVER);
    }

    /** Whether all users have finished the window: none has yielded in the middle of it. */
    boolean whole() {
        return next.min() >= end;
    }

    /** Whether it is time that has ended, and not what users have to do. */
    boolean timeUp() {
        return timeUp;
    }

    private void call(int user, Calls calls) {
        List<Message> messages = waiting.get(user);
        waiting.set(user, NOTHING);
        running[user] = true;
        next.set(user, Ticks.NEVER);
        happens[user] = Ticks.NEVER;
        calls.call(user, messages);
    }

    /** Nobody does anything any more: what is still to arrive arrives. */
    private int flush(Calls calls) {
        int called = 0;
        for (int u = 0; u < happens.length; u++) {
            if (happens[u] < until) {
                call(u, calls);
                called++;
            }
        }
        return called;
    }

    /** Where the window ends: everything before it may be processed. */
    long end() {
        return end;
    }

    /** The tick before which everything has happened: where the window begins. */
    long now() {
        return begin;
    }

    /** Users that were called and have not answered yet, at most so many. */
    List<Integer> running(int most) {
        List<Integer> out = new ArrayList<>();
        for (int u = 0; u < running.length && out.size() < most; u++) {
            if (running[u]) {
                out.add(u);
            }
        }
        return out;
    }

    /**
     * A user has done what it could before the window's end.
     *
     * @throws IllegalStateException where something was sent into the past: a fault in the simulator
     */
    void progressed(Report.Progressed p) {
        int user = p.user();
        running[user] = false;
        quiet[user] = p.quiet();
        active += idle[user] == p.idle() ? 0 : p.idle() ? -1 : 1;
        idle[user] = p.idle();
        if (p.serverFault() != Ticks.NEVER || server == user) {
            server = user;
            serverFault = p.serverFault();
        }
        happens[user] = p.next();
        for (Message m : waiting.get(user)) {
            happens[user] = Math.min(happens[user], m.arrival());
        }
        boolean waits = p.quiet() && !heavy[user] && !recordsMessages;
        next.set(user, Math.min(p.telling(), waits ? p.earliestSending() : happens[user]));
        sending.set(user, p.quiet() ? p.earliestSending() : happens[user]);
        for (Message m : p.sent()) {
            if (network != null && m.payload().bytes() > 0) {
                begin(m);
            } else {
                deliver(m);
            }
        }
    }

    private void begin(Message m) {
        network.send(m.payload().sent(), m.from(), m.to(), m.payload().bytes(), m);
        beginning.add(m);
    }

    /**
     * All have answered, the window is {@link #whole}: what was under way goes on to its end.
     *
     * @param most instants at which something happens to transfers
     * @return whether that is done; otherwise it is to be closed again
     */
    boolean close(int most) {
        if (network == null) {
            return true;
        }
        for (int k = 0; k < most; k++) {
            long tick = network.next();
            if (tick >= end) {
                beginning.clear();
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
        int to = m.to();
        List<Message> list = waiting.get(to);
        if (list == NOTHING) {
            list = new ArrayList<>(4);
            waiting.set(to, list);
        }
        list.add(m);
        heavy[to] |= m.payload().bytes() > LARGE_BYTES;
        if (!running[to] && m.arrival() < happens[to]) {
            happens[to] = m.arrival();
            if (!quiet[to]) {
                sending.set(to, m.arrival());
            }
            if (!quiet[to] || heavy[to] || recordsMessages) {
                next.set(to, Math.min(next.get(to), m.arrival()));
            }
        }
    }
}
