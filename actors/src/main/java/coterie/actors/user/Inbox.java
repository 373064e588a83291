package coterie.actors.user;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What has arrived from each sender and may still be mixed: the newest snapshot of each, or, where users wait for one
 * another, one of each turn that is still to come; where updates are exchanged, every one that was not mixed yet.
 * Whatever cannot be used any more is let go at once.
 */
public final class Inbox {
    private static final int NOTHING = -1;

    /** What is known of one sender. */
    private static final class Sender {
        private final int user;
        /** The newest, by when it was sent: a user that crashed counts its turns again. */
        private Message newest;
        /** Snapshots of turns to come, rising; only where users wait for one another. */
        private final List<Message> pending = new ArrayList<>(0);

        private int heard = NOTHING;
        /** When the newest of what it was heard by was sent. */
        private long latest = NOTHING;

        private boolean gone;
        /** When it was last told whether it is gone. */
        private long told = NOTHING;

        private boolean fresh;

        Sender(int user) {
            this.user = user;
        }
    }

    /**
     * The snapshots of one sender that the next mixing takes.
     *
     * @param earlier updates that are mixed with the newest, rising by turn
     */
    record Heard(Message newest, List<Message> earlier) {}

    private final Mode mode;
    /** Null where parameters are exchanged. */
    private final PendingUpdates updates;

    private Sender[] senders = new Sender[2];
    private int size;
    private int fresh;

    /** @param updates where updates are kept until they are mixed; null where parameters are exchanged */
    Inbox(Mode mode, PendingUpdates updates) {
        this.mode = mode;
        this.updates = updates;
    }

    /** Takes what came. */
    void put(Message m) {
        Sender s = sender(m.from());
        switch (m.payload().kind()) {
            case GONE, BACK -> {
                // Of two that overtook one another the later sent is right.
                if (m.payload().sent() > s.told) {
                    s.told = m.payload().sent();
                    s.gone = m.payload().kind() == Payload.Kind.GONE;
                    // Something sent after it came back, and arrived before this, counts already.
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
        // Links may overtake: an older snapshot that comes later changes nothing.
        if (s.newest == null || s.newest.payload().sent() < m.payload().sent()) {
            s.newest = m;
            if (!s.fresh) {
                s.fresh = true;
                fresh++;
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
            return senders[at];
        }
        at = -at - 1;
        if (size == senders.length) {
            senders = Arrays.copyOf(senders, 2 * size);
        }
        System.arraycopy(senders, at, senders, at + 1, size - at);
        size++;
        senders[at] = new Sender(user);
        return senders[at];
    }

    private int find(int user) {
        int low = 0;
        int high = size - 1;
        while (low <= high) {
            int middle = low + high >>> 1;
            if (senders[middle].user < user) {
                low = middle + 1;
            } else if (senders[middle].user > user) {
                high = middle - 1;
            } else {
                return middle;
            }
        }
        return -low - 1;
    }

    /** What is known of one sender, for a checkpoint. */
    public record SenderState(
            int user,
            Message newest,
            List<Message> pending,
            int heard,
            long latest,
            boolean gone,
            long told,
            boolean fresh) {}

    List<SenderState> state() {
        List<SenderState> all = new ArrayList<>(size);
        for (int k = 0; k < size; k++) {
            Sender s = senders[k];
            all.add(new SenderState(
                    s.user, s.newest, new ArrayList<>(s.pending), s.heard, s.latest, s.gone, s.told, s.fresh));
        }
        return all;
    }

    void restore(List<SenderState> all) {
        for (SenderState x : all) {
            Sender s = sender(x.user);
            s.newest = x.newest;
            s.pending.addAll(x.pending);
            s.heard = x.heard;
            s.latest = x.latest;
            s.gone = x.gone;
            s.told = x.told;
            s.fresh = x.fresh;
            fresh += x.fresh ? 1 : 0;
        }
    }

    /**
     * Whether anything of this turn or a later one, be it the notice of a loss, has come from a sender, or it is gone.
     */
    boolean has(int from, int turn) {
        int at = find(from);
        return at >= 0 && (senders[at].gone || senders[at].heard >= turn);
    }

    /**
     * Senders of whom something new has come since {@link #aged}, or of whom an update is to be mixed. Arguments are
     * those of {@link #take}.
     */
    int fresh(int turn, int[] among) {
        return updates != null ? updates.senders(turn, among) : fresh;
    }

    /** What is there counts as old from now on. */
    private void aged() {
        for (int k = 0; k < size; k++) {
            senders[k].fresh = false;
        }
        fresh = 0;
    }

    /**
     * What is to be mixed at the end of a turn, in rising order of senders.
     *
     * @param among only these, rising; null for all
     */
    List<Heard> take(int turn, int[] among) {
        if (updates != null) {
            return updates.take(turn, among);
        }
        List<Heard> out = new ArrayList<>(size);
        for (int k = 0; k < size; k++) {
            Message m = mode == Mode.SYNCHRONOUS ? ofTurn(senders[k], turn) : senders[k].newest;
            if (m != null && (among == null || Arrays.binarySearch(among, m.from()) >= 0)) {
                out.add(new Heard(m, List.of()));
            }
        }
        return out;
    }

    /**
     * A sender's snapshot of a turn; of one who is further on, since this user began again after a crash, its newest.
     */
    private static Message ofTurn(Sender s, int turn) {
        for (Message m : s.pending) {
            if (m.turn() == turn) {
                return m;
            }
        }
        return s.newest != null && s.newest.turn() > turn && s.pending.isEmpty() ? s.newest : null;
    }

    /**
     * All that was to be mixed at the end of a turn has been.
     *
     * @param once whether what others have said counts once, since they were met by chance; an update always does, and
     *     snapshots of turns to come stay
     */
    void mixed(int turn, boolean once) {
        if (updates != null) {
            return;
        }
        forget(turn);
        if (once && mode == Mode.ASYNCHRONOUS) {
            clear();
        } else {
            aged();
        }
    }

    /** Its user has been saved. */
    void saved() {
        if (updates != null) {
            updates.saved();
        }
    }

    /** Its user begins again from its save. */
    void restored() {
        if (updates != null) {
            updates.restored();
        }
    }

    /** Lets go of all snapshots; what is known of who is gone stays. */
    void clear() {
        if (updates != null) {
            updates.clear();
        }
        for (int k = 0; k < size; k++) {
            senders[k].newest = null;
            senders[k].pending.clear();
            senders[k].fresh = false;
        }
        fresh = 0;
    }

    /** Lets go of what is of no use after this turn. */
    private void forget(int turn) {
        if (mode == Mode.SYNCHRONOUS) {
            for (int k = 0; k < size; k++) {
                senders[k].pending.removeIf(p -> p.turn() <= turn);
                if (senders[k].newest != null && senders[k].newest.turn() <= turn) {
                    senders[k].newest = null;
                }
            }
        }
    }
}
