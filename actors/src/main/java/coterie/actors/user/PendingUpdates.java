package coterie.actors.user;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Updates that have come and were not mixed yet, and which were: where users exchange updates, each turn of a sender
 * counts once.
 *
 * <p>An update is a difference, so that a later one does not make up for one before it. All that have come wait for the
 * next mixing, however late and in whatever order they came. What takes part in a mixing is used up, with weight 0 as
 * well. Of a turn that its sender did twice, since it crashed in between, the version that was sent later waits, until
 * one of them is mixed; another one that comes after that changes nothing, and neither does a second copy.
 *
 * <p>A user that crashes loses what it has mixed since its save. That counts as not mixed, and, where what was received
 * survives, it waits again.
 */
public final class PendingUpdates {
    /** What is known of one sender. */
    private static final class Sender {
        /** Not mixed yet, rising by turn, one a turn. */
        private final List<Message> waiting = new ArrayList<>(1);
        /** Mixed since the user's last save, in that order; only where it would wait again after a crash. */
        private final List<Message> unsaved = new ArrayList<>(0);
        /** Turns of which an update was mixed. */
        private BitSet mixed = new BitSet();
        /** The same as of the user's last save. */
        private BitSet mixedAtSave = new BitSet();
    }

    private final boolean inRounds;
    private final boolean keeps;
    private final Map<Integer, Sender> senders = new TreeMap<>();

    /**
     * Nothing has come yet.
     *
     * @param inRounds whether a turn's end mixes nothing of later turns, as in synchronous mode
     * @param keeps whether what was received survives a crash
     */
    PendingUpdates(boolean inRounds, boolean keeps) {
        this.inRounds = inRounds;
        this.keeps = keeps;
    }

    /** Takes a message with an update. */
    void put(Message m) {
        Sender s = senders.computeIfAbsent(m.from(), k -> new Sender());
        if (!s.mixed.get(m.turn())) {
            wait(s, m);
        } else {
            // It changes nothing, unless the mixing is undone.
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

    /** How many of a sender's waiting updates a turn's end mixes. */
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
     * Senders of whom there is something to mix at the end of a turn.
     *
     * @param among only these, rising; null for all
     */
    int senders(int turn, int[] among) {
        return (int) senders.entrySet().stream()
                .filter(e -> due(e.getKey(), e.getValue(), turn, among) > 0)
                .count();
    }

    /**
     * Takes the updates to mix at the end of a turn, in rising order of senders. They are used up.
     *
     * @param among only these, rising; null for all
     */
    List<Inbox.Heard> take(int turn, int[] among) {
        List<Inbox.Heard> out = new ArrayList<>(senders.size());
        senders.forEach((from, s) -> {
            int n = due(from, s, turn, among);
            if (n > 0) {
                List<Message> due = s.waiting.subList(0, n);
                out.add(new Inbox.Heard(due.get(n - 1), n == 1 ? List.of() : List.copyOf(due.subList(0, n - 1))));
                due.forEach(m -> s.mixed.set(m.turn()));
                if (keeps) {
                    s.unsaved.addAll(due);
                }
                due.clear();
            }
        });
        return out;
    }

    /** Its user has been saved: what was mixed until now stays mixed. */
    void saved() {
        for (Sender s : senders.values()) {
            s.mixedAtSave = (BitSet) s.mixed.clone();
            s.unsaved.clear();
        }
    }

    /** Its user begins again from its save. */
    void restored() {
        for (Sender s : senders.values()) {
            s.mixed = (BitSet) s.mixedAtSave.clone();
            s.unsaved.forEach(m -> wait(s, m));
            s.unsaved.clear();
        }
    }

    /** Lets go of all that has come. Which updates were mixed is still known. */
    void clear() {
        for (Sender s : senders.values()) {
            s.waiting.clear();
            s.unsaved.clear();
        }
    }

    /** What is known of one sender, for a checkpoint. Turns are the bits of {@link BitSet#toLongArray}. */
    public record SenderState(
            int user, List<Message> waiting, List<Message> unsaved, long[] mixed, long[] mixedAtSave) {}

    List<SenderState> state() {
        List<SenderState> all = new ArrayList<>(senders.size());
        senders.forEach((user, s) -> all.add(new SenderState(
                user,
                new ArrayList<>(s.waiting),
                new ArrayList<>(s.unsaved),
                s.mixed.toLongArray(),
                s.mixedAtSave.toLongArray())));
        return all;
    }

    void restore(List<SenderState> all) {
        for (SenderState x : all) {
            Sender s = senders.computeIfAbsent(x.user, k -> new Sender());
            s.waiting.addAll(x.waiting);
            s.unsaved.addAll(x.unsaved);
            s.mixed = BitSet.valueOf(x.mixed);
            s.mixedAtSave = BitSet.valueOf(x.mixedAtSave);
        }
    }
}
