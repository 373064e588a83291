package coterie.actors.message;

import coterie.model.files.FieldState;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.TreeMap;

/**
 * Updates that have arrived and were not mixed yet. Where users exchange updates, each turn of a sender counts once.
 *
 * <p>An update is a difference, so a later update does not replace an earlier one. All updates that have arrived wait
 * for the next mixing, however late and in whatever order they arrived. A mixing uses up the updates that take part in
 * it, also those of weight 0. If a sender repeats a turn after a crash, the version sent later waits, until one of them
 * is mixed; further versions and second copies are then ignored.
 *
 * <p>A user that crashes loses what it has mixed since its save. These updates count as not mixed, and, if received
 * messages survive a crash, wait again.
 */
public final class PendingUpdates {
    /** What is known about one sender. */
    public static final class Sender implements FieldState {
        /** Not mixed yet, in rising order of turns, one for each turn. */
        private List<Message> waiting = new ArrayList<>(1);
        /** Mixed since the user's last save, in the order of mixing; only if received messages survive a crash. */
        private List<Message> unsaved = new ArrayList<>(0);
        /** Turns of which an update was mixed. */
        private BitSet mixed = new BitSet();
        /** The same at the user's last save. */
        private BitSet mixedAtSave = new BitSet();
    }

    /** What a checkpoint contains. */
    public static final class State implements FieldState {
        private TreeMap<Integer, Sender> senders = new TreeMap<>();
    }

    private final boolean inRounds;
    private final boolean keeps;
    private State state = new State();

    /**
     * Creates an empty set.
     *
     * @param inRounds whether updates of later turns wait, as in synchronous mode
     * @param keeps whether received messages survive a crash
     */
    public PendingUpdates(boolean inRounds, boolean keeps) {
        this.inRounds = inRounds;
        this.keeps = keeps;
    }

    /** Takes a message with an update. */
    void put(Message m) {
        Sender s = state.senders.computeIfAbsent(m.from(), k -> new Sender());
        if (!s.mixed.get(m.turn())) {
            wait(s, m);
        } else {
            // Counts only if a crash undoes the mixing.
            s.unsaved.replaceAll(u ->
                    u.turn() == m.turn() && u.payload().sent() < m.payload().sent() ? m : u);
        }
    }

    private static void wait(Sender s, Message m) {
        int at = s.waiting.size();
        while (at > 0 && s.waiting.get(at - 1).turn() > m.turn()) {
            at--;
        }
        if (at == 0 || s.waiting.get(at - 1).turn() < m.turn()) {
            s.waiting.add(at, m);
        } else if (s.waiting.get(at - 1).payload().sent() < m.payload().sent()) {
            s.waiting.set(at - 1, m);
        }
    }

    /** Number of a sender's waiting updates that are mixed at the end of a turn. */
    private int due(int from, Sender s, int turn, int[] among) {
        if (among != null && Arrays.binarySearch(among, from) < 0) {
            return 0;
        }
        int n = s.waiting.size();
        while (inRounds && n > 0 && s.waiting.get(n - 1).turn() > turn) {
            n--;
        }
        return n;
    }

    /**
     * Number of senders with an update to mix at the end of a turn.
     *
     * @param among only these, in rising order; null for all
     */
    int senders(int turn, int[] among) {
        return (int) state.senders.entrySet().stream()
                .filter(e -> due(e.getKey(), e.getValue(), turn, among) > 0)
                .count();
    }

    /**
     * Takes the updates to mix at the end of a turn, in rising order of senders. They are used up.
     *
     * @param among only these, in rising order; null for all
     */
    List<Inbox.Received> take(int turn, int[] among) {
        List<Inbox.Received> out = new ArrayList<>(state.senders.size());
        state.senders.forEach((from, s) -> {
            int n = due(from, s, turn, among);
            if (n > 0) {
                List<Message> due = s.waiting.subList(0, n);
                out.add(new Inbox.Received(due.get(n - 1), n == 1 ? List.of() : List.copyOf(due.subList(0, n - 1))));
                due.forEach(m -> s.mixed.set(m.turn()));
                if (keeps) {
                    s.unsaved.addAll(due);
                }
                due.clear();
            }
        });
        return out;
    }

    /** Called when the user has been saved: what was mixed until now stays mixed. */
    void deviceSaved() {
        for (Sender s : state.senders.values()) {
            s.mixedAtSave = (BitSet) s.mixed.clone();
            s.unsaved.clear();
        }
    }

    /** Called when the user restarts from its save. */
    void restored() {
        for (Sender s : state.senders.values()) {
            s.mixed = (BitSet) s.mixedAtSave.clone();
            s.unsaved.forEach(m -> wait(s, m));
            s.unsaved.clear();
        }
    }

    /** Drops all updates. Which updates were mixed stays known. */
    void clear() {
        for (Sender s : state.senders.values()) {
            s.waiting.clear();
            s.unsaved.clear();
        }
    }

    /** The state for a checkpoint; changes with this object. */
    State state() {
        return state;
    }

    /** Continues from a state. */
    void restore(State s) {
        state = s;
    }
}
