package coterie.actors.life;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * What has arrived from each in-neighbour and may still be mixed: the newest snapshot of each, or, where users wait for one another, one of each
 * turn that is still to come. Whatever cannot be used any more is let go at once.
 */
final class Inbox {
    private final Mode mode;
    private final TreeMap<Integer, TreeMap<Integer, Message>> bySender = new TreeMap<>();

    Inbox(Mode mode) {
        this.mode = mode;
    }

    void put(Message m) {
        TreeMap<Integer, Message> of = bySender.computeIfAbsent(m.from(), k -> new TreeMap<>());
        if (mode == Mode.SYNCHRONOUS) {
            of.put(m.turn(), m);
        } else if (m.snapshot() != null && (of.isEmpty() || of.firstKey() < m.turn())) {
            // Links may overtake: an older snapshot that comes later changes nothing.
            of.clear();
            of.put(m.turn(), m);
        }
    }

    /** Whether anything, be it the notice of a loss, has come from this sender's turn. */
    boolean has(int from, int turn) {
        return bySender.containsKey(from) && bySender.get(from).containsKey(turn);
    }

    /** What is to be mixed at the end of a turn, in rising order of senders. */
    List<Message> take(int turn) {
        List<Message> out = new ArrayList<>();
        for (TreeMap<Integer, Message> of : bySender.values()) {
            Message m = mode == Mode.SYNCHRONOUS ? of.get(turn) : of.isEmpty() ? null : of.firstEntry().getValue();
            if (m != null && m.snapshot() != null) {
                out.add(m);
            }
        }
        return out;
    }

    /** Lets go of everything. */
    void clear() {
        bySender.clear();
    }

    /** Lets go of what is of no use after this turn. */
    void forget(int turn) {
        if (mode == Mode.SYNCHRONOUS) {
            bySender.values().forEach(of -> of.headMap(turn, true).clear());
        }
    }
}
