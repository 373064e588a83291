package coterie.actors.adversary;

import coterie.actors.message.Message;
import coterie.actors.message.Payload;
import coterie.model.attack.Attack;
import coterie.model.attack.Timing;
import coterie.model.files.FieldState;
import coterie.topology.time.Ticks;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * What one user holds back, at most one payload for each receiver, until something newer is published. Also what it has
 * heard of the receivers' turns. Plain code without threads or clocks.
 */
public final class HeldMessages {
    /**
     * A payload that is held back.
     *
     * @param tick at which it is to be sent
     * @param times how often it is to be sent: the attack may be over by then
     */
    public record Held(long tick, int to, int times, Payload payload) {}

    /** The newest snapshot that was received of a user. */
    public static final class Heard implements FieldState {
        private int turn;
        /** Ticks at which it was sent and at which it arrived. */
        private long sent;

        private long arrived;
        /** Seconds that a turn has taken before it; 0 if that is not known. */
        private double period;
    }

    /** What a checkpoint contains. */
    public static final class State implements FieldState {
        /** By receiver. */
        private TreeMap<Integer, Held> held = new TreeMap<>();
        /** By user. */
        private TreeMap<Integer, Heard> heard = new TreeMap<>();
    }

    private State state = new State();

    /** A message with a snapshot has arrived. */
    void received(Message m) {
        Heard h = state.heard.get(m.from());
        long sent = m.payload().sent();
        if (h != null && sent <= h.sent) {
            // It was overtaken.
            return;
        }
        Heard next = new Heard();
        next.turn = m.turn();
        next.sent = sent;
        next.arrived = m.arrival();
        // After a crash turns are repeated.
        int turns = h == null ? 0 : m.turn() - h.turn;
        next.period = turns > 0 ? Ticks.span(h.sent, sent) / turns : 0;
        state.heard.put(m.from(), next);
    }

    /**
     * Holds a payload back if an attack says so.
     *
     * @return whether it is held back; otherwise it is to be sent now
     */
    boolean hold(Attack attack, Payload payload, int to) {
        Heard h = state.heard.get(to);
        if (h == null || h.period <= 0) {
            return false;
        }
        double now = Ticks.seconds(payload.sent());
        Timing.Rhythm rhythm = new Timing.Rhythm(Ticks.seconds(h.sent), h.period, Ticks.span(h.sent, h.arrived));
        double at = attack.sendAt(now, rhythm);
        if (at <= now) {
            return false;
        }
        state.held.put(to, new Held(Ticks.after(payload.sent(), at - now), to, attack.times(), payload));
        return true;
    }

    /** Drops what is held back for a receiver, since something newer is published. */
    void drop(int to) {
        state.held.remove(to);
    }

    /** Tick at which something is sent next; {@link Ticks#NEVER} if nothing is held back. */
    long next() {
        long next = Ticks.NEVER;
        for (Held h : state.held.values()) {
            next = Math.min(next, h.tick);
        }
        return next;
    }

    /** Takes the payloads due at a tick, which becomes their instant of sending, in rising order of receivers. */
    List<Held> take(long tick) {
        List<Held> due = new ArrayList<>();
        for (Held h : state.held.values()) {
            if (h.tick <= tick) {
                due.add(new Held(tick, h.to, h.times, h.payload.sentAt(tick)));
            }
        }
        due.forEach(h -> state.held.remove(h.to));
        return due;
    }

    /** Sends nothing before a tick. */
    void postpone(long tick) {
        state.held.replaceAll((to, h) -> h.tick < tick ? new Held(tick, to, h.times, h.payload) : h);
    }

    /** Drops what is held back. */
    void clear() {
        state.held.clear();
    }

    /** The state for a checkpoint, which changes with this object. */
    State state() {
        return state;
    }

    /** Continues from a checkpoint. */
    void restore(State s) {
        state = s;
    }
}
