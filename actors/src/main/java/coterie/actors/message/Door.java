package coterie.actors.message;

import coterie.model.exchange.Predictions;
import coterie.model.exchange.Snapshot;
import coterie.model.files.FieldState;
import coterie.topology.time.Ticks;
import java.util.BitSet;
import java.util.TreeMap;

/**
 * One user's checks of messages with snapshots, before they can be mixed or cost a forward pass: {@link Refusal} says
 * what is refused, {@link DoorRules} why a version is impossible. Plain code without threads or clocks.
 *
 * <p>A norm is compared with the largest among the user's own snapshots, before an attack or a hook changes them. It is
 * unknown before the first turn with a snapshot has ended, and of a server: then any norm is let in.
 *
 * <p>A user that crashes forgets which turns it has taken, as it may need them again. A sender that repeats turns after
 * a crash is refused by users that did not crash: the snapshot that it has sent first counts.
 *
 * <p>Worked example: the norms of the user's own snapshots are at most 5, and ten times as much is let in. (30, 40) has
 * norm 50 and is let in, (30, 41) is refused.
 */
public final class Door {
    /** What is known of one sender. */
    public static final class Sender implements FieldState {
        /** Turns of which a snapshot was let in. */
        private BitSet turns = new BitSet();
    }

    /** What a checkpoint contains. */
    public static final class State implements FieldState {
        /** The largest norm of the user's own values; 0 before the first. */
        private double norm;
        /** By user. */
        private TreeMap<Integer, Sender> senders = new TreeMap<>();
    }

    private final DoorRules rules;
    private State state = new State();

    public Door(DoorRules rules) {
        this.rules = rules;
    }

    /** Takes the user's own snapshot of a turn, before an attack or a hook changes it; null for none. */
    public void own(Snapshot snapshot) {
        if (rules.checks() && snapshot != null) {
            state.norm = Math.max(state.norm, norm(snapshot.values()));
        }
    }

    /**
     * Decides whether a message is let in, and remembers it if so.
     *
     * @return why it is refused; null if it is let in
     */
    public Refusal check(Message m) {
        if (!rules.checks() || m.snapshot() == null) {
            return null;
        }
        if (!finite(m.snapshot())) {
            return Refusal.NOT_FINITE;
        }
        if (state.norm > 0 && norm(m.snapshot().values()) > rules.norm() * state.norm) {
            return Refusal.NORM;
        }
        Payload.Kind kind = m.payload().kind();
        if (!rules.possible(kind, m.turn(), Ticks.seconds(m.arrival()))) {
            return Refusal.AGE;
        }
        if (rules.once(kind)) {
            BitSet turns = state.senders.computeIfAbsent(m.from(), k -> new Sender()).turns;
            if (turns.get(m.turn())) {
                return Refusal.REPEATED;
            }
            turns.set(m.turn());
        }
        return null;
    }

    private static boolean finite(Snapshot s) {
        Predictions p = s.predictions();
        return Snapshot.finite(s.values())
                && (s.parameters() == null || s.parameters() == s.values() || Snapshot.finite(s.parameters()))
                && (p == null || p.finite());
    }

    private static double norm(float[] values) {
        double sum = 0;
        for (float x : values) {
            sum += (double) x * x;
        }
        return Math.sqrt(sum);
    }

    /** Forgets which turns were taken. Called when the user's device fails. */
    public void forget() {
        state.senders.clear();
    }

    /** The state for a checkpoint, which changes with this door; null if it refuses nothing. */
    public State state() {
        return rules.checks() ? state : null;
    }

    /** Continues from a checkpoint. */
    public void restore(State s) {
        state = s == null ? state : s;
    }
}
