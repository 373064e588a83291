package coterie.actors.clock;

import coterie.actors.life.Message;
import coterie.actors.life.Ticks;
import coterie.actors.life.UserLife.Dated;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.Consumer;

/**
 * Who may go on to when. Conservative, in windows: nothing that is still to be sent can arrive before the earliest sending of any user plus the
 * shortest time a link takes, so that up to there all may go on at once without asking one another.
 *
 * <p>Between two windows nothing is under way outside of this calendar. Plain code, driven by {@link ClockActor}.
 */
final class Calendar {
    private final long lookAhead;
    private final MinHeap next;
    private final MinHeap sending;
    private final MinHeap reported;
    private final boolean[] training;
    private final boolean[] running;
    private final List<List<Message>> waiting = new ArrayList<>();
    private final PriorityQueue<Dated> observed = new PriorityQueue<>();
    private long end;

    Calendar(int users, long lookAhead) {
        this.lookAhead = lookAhead;
        next = new MinHeap(users, 0);
        sending = new MinHeap(users, 0);
        reported = new MinHeap(users, 0);
        training = new boolean[users];
        running = new boolean[users];
        for (int u = 0; u < users; u++) {
            waiting.add(new ArrayList<>());
        }
    }

    /** A user who has something to do in a window, and the messages that have come for it. */
    record Call(int user, List<Message> messages) {
    }

    /** Opens the next window. @return whom to call; nobody when nothing is left that could happen */
    List<Call> open() {
        List<Call> calls = new ArrayList<>();
        if (next.min() == Ticks.NEVER) {
            return calls;
        }
        end = sending.min() > Ticks.NEVER - lookAhead ? Ticks.NEVER : sending.min() + lookAhead;
        while (next.min() < end) {
            int u = next.first();
            calls.add(new Call(u, waiting.get(u)));
            waiting.set(u, new ArrayList<>());
            running[u] = true;
            next.set(u, Ticks.NEVER);
        }
        return calls;
    }

    /** Where the window ends: everything before it may be processed. */
    long end() {
        return end;
    }

    /**
     * A user has done what it could before the window's end.
     *
     * @param nextTick of its next certain event
     * @param sendingTick of its earliest sending if it is training; {@link Ticks#NEVER} where only an event can make it send
     * @throws IllegalStateException where something was sent into the past: a fault in the simulator
     */
    void progressed(int user, long nextTick, boolean isTraining, long sendingTick, long reportedUntil, List<Message> sent, List<Dated> observations) {
        running[user] = false;
        training[user] = isTraining;
        long n = nextTick;
        for (Message m : waiting.get(user)) {
            n = Math.min(n, m.arrival());
        }
        next.set(user, n);
        sending.set(user, isTraining ? sendingTick : n);
        reported.set(user, reportedUntil);
        observed.addAll(observations);
        for (Message m : sent) {
            if (m.arrival() < end) {
                throw new IllegalStateException("a message of user " + m.from() + " to " + m.to() + " arrives at tick " + m.arrival() + ", before the end "
                        + end + " of its window");
            }
            deliver(m);
        }
    }

    private void deliver(Message m) {
        int to = m.to();
        waiting.get(to).add(m);
        if (!running[to] && m.arrival() < next.get(to)) {
            next.set(to, m.arrival());
            if (!training[to]) {
                sending.set(to, m.arrival());
            }
        }
    }

    /** Hands on, in order, the observations before which none can come any more. */
    void release(Consumer<Dated> to) {
        long safe = Math.min(end, reported.min());
        while (!observed.isEmpty() && observed.peek().tick() < safe) {
            to.accept(observed.poll());
        }
    }

    /** Hands on all that is left. */
    void releaseAll(Consumer<Dated> to) {
        while (!observed.isEmpty()) {
            to.accept(observed.poll());
        }
    }
}
