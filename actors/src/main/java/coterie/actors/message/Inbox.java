package coterie.actors.message;

import coterie.actors.schedule.Mode;
import coterie.model.files.FieldState;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The snapshots that have arrived from each sender and may still be mixed. In asynchronous mode this is the newest of
 * each sender; in synchronous mode it is one for each turn not mixed yet. Updates are kept by {@link PendingUpdates}
 * until they are mixed.
 */
public final class Inbox {
    private static final int NOTHING = -1;

    /** What is known about one sender. */
    public static final class Sender implements FieldState {
        private int user;
        /** The newest by the time of sending, since a user that crashed repeats turns. */
        private Message newest;
        /** In synchronous mode: one snapshot for each turn not mixed yet, in the order of arrival. */
        private List<Message> pending = new ArrayList<>(0);
        /** The latest turn of which a snapshot or a notice has arrived. */
        private int heard = NOTHING;
        /** When the newest snapshot or notice of loss was sent. */
        private long latest = NOTHING;

        private boolean gone;
        /** When the newest notice that it is gone or back was sent. */
        private long told = NOTHING;
        /** Whether {@code newest} was not mixed yet. */
        private boolean fresh;
    }

    /** What a checkpoint contains. */
    public static final class State implements FieldState {
        /** By user. */
        private List<Sender> senders = new ArrayList<>(2);

        private int fresh;
        /** Null where parameters are exchanged. */
        private PendingUpdates.State updates;
    }

    /**
     * The snapshots of one sender that are mixed together.
     *
     * @param earlier updates that are mixed with the newest, in rising order of turns
     */
    public record Received(Message newest, List<Message> earlier) {}

    private final Mode mode;
    /** Null where parameters are exchanged. */
    private final PendingUpdates updates;

    private State state = new State();

    /**
     * Creates an empty inbox.
     *
     * @param updates keeps updates until they are mixed; null where parameters are exchanged
     */
    public Inbox(Mode mode, PendingUpdates updates) {
        this.mode = mode;
        this.updates = updates;
        state.updates = updates == null ? null : updates.state();
    }

    /** Takes a message that has arrived. */
    public void put(Message m) {
        Sender s = sender(m.from());
        switch (m.payload().kind()) {
            case GONE, BACK -> {
                // Messages may overtake each other: the one sent later counts.
                if (m.payload().sent() > s.told) {
                    s.told = m.payload().sent();
                    s.gone = m.payload().kind() == Payload.Kind.GONE;
                    // A snapshot sent after the return may have arrived before this notice of it.
                    s.heard = s.gone || s.latest > m.payload().sent() ? s.heard : m.turn();
                }
            }
            default -> {
                s.heard = Math.max(s.heard, m.turn());
                s.latest = Math.max(s.latest, m.payload().sent());
                keep(s, m);
            }
        }
    }

    private void keep(Sender s, Message m) {
        if (m.snapshot() == null) {
            return;
        }
        if (updates != null) {
            updates.put(m);
            return;
        }
        // Messages may overtake each other: an older snapshot that arrives later is dropped.
        if (s.newest == null || s.newest.payload().sent() < m.payload().sent()) {
            s.newest = m;
            if (!s.fresh) {
                s.fresh = true;
                state.fresh++;
            }
        }
        if (mode == Mode.SYNCHRONOUS) {
            s.pending.removeIf(p -> p.turn() == m.turn());
            s.pending.add(m);
        }
    }

    private Sender sender(int user) {
        int at = find(user);
        if (at >= 0) {
            return state.senders.get(at);
        }
        Sender s = new Sender();
        s.user = user;
        state.senders.add(-at - 1, s);
        return s;
    }

    private int find(int user) {
        int low = 0;
        int high = state.senders.size() - 1;
        while (low <= high) {
            int middle = low + high >>> 1;
            int found = state.senders.get(middle).user;
            if (found < user) {
                low = middle + 1;
            } else if (found > user) {
                high = middle - 1;
            } else {
                return middle;
            }
        }
        return -low - 1;
    }

    /** The state for a checkpoint; changes with this inbox. */
    public State state() {
        return state;
    }

    /** Continues from a state. */
    public void restore(State s) {
        state = s;
        if (updates != null) {
            updates.restore(s.updates);
        }
    }

    /**
     * Whether a snapshot of this turn or a later one, or the notice of its loss, has arrived from a sender, or the
     * sender is gone.
     */
    public boolean has(int from, int turn) {
        int at = find(from);
        return at >= 0 && (state.senders.get(at).gone || state.senders.get(at).heard >= turn);
    }

    /**
     * Number of senders from which a snapshot has arrived since the last mixing, or of which an update waits to be
     * mixed. Parameters are those of {@link #take}.
     */
    public int fresh(int turn, int[] among) {
        return updates != null ? updates.senders(turn, among) : state.fresh;
    }

    private void markMixed() {
        for (Sender s : state.senders) {
            s.fresh = false;
        }
        state.fresh = 0;
    }

    /**
     * The snapshots to mix at the end of a turn, in rising order of senders. Updates are used up.
     *
     * @param among only these senders, in rising order; null for all
     */
    public List<Received> take(int turn, int[] among) {
        if (updates != null) {
            return updates.take(turn, among);
        }
        List<Received> out = new ArrayList<>(state.senders.size());
        for (Sender s : state.senders) {
            Message m = mode == Mode.SYNCHRONOUS ? ofTurn(s, turn) : s.newest;
            if (m != null && (among == null || Arrays.binarySearch(among, m.from()) >= 0)) {
                out.add(new Received(m, List.of()));
            }
        }
        return out;
    }

    /** A sender's snapshot of a turn; its newest if the sender is further on, since this user restarted. */
    private static Message ofTurn(Sender s, int turn) {
        for (Message m : s.pending) {
            if (m.turn() == turn) {
                return m;
            }
        }
        return s.newest != null && s.newest.turn() > turn && s.pending.isEmpty() ? s.newest : null;
    }

    /**
     * Called after a mixing.
     *
     * @param once whether snapshots are used only once, as where neighbours are random; updates always are, and
     *     snapshots of later turns stay
     */
    public void mixed(int turn, boolean once) {
        if (updates != null) {
            return;
        }
        dropUpTo(turn);
        if (once && mode == Mode.ASYNCHRONOUS) {
            clear();
        } else {
            markMixed();
        }
    }

    /** Called when the user has been saved. */
    public void deviceSaved() {
        if (updates != null) {
            updates.deviceSaved();
        }
    }

    /** Called when the user restarts from its save. */
    public void restored() {
        if (updates != null) {
            updates.restored();
        }
    }

    /** Drops all snapshots. Which senders are gone stays known. */
    public void clear() {
        if (updates != null) {
            updates.clear();
        }
        for (Sender s : state.senders) {
            s.newest = null;
            s.pending.clear();
            s.fresh = false;
        }
        state.fresh = 0;
    }

    /** In synchronous mode, drops snapshots of this turn and earlier ones. */
    private void dropUpTo(int turn) {
        if (mode == Mode.SYNCHRONOUS) {
            for (Sender s : state.senders) {
                s.pending.removeIf(p -> p.turn() <= turn);
                if (s.newest != null && s.newest.turn() <= turn) {
                    s.newest = null;
                }
            }
        }
    }
}
