package coterie.actors.cluster;

import coterie.model.exchange.Snapshot;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Snapshots that a node has for its users: each once, from when it comes until the last message that brings it has been
 * handed on; and those that it has sent to other nodes. Knows which of them the checkpoint under way has already, so
 * that each is handed in once.
 *
 * <p>Every snapshot that a message in the clock's calendar refers to is handed in by some node, in whatever order
 * parcels, acknowledgements and calls come. Let node A have sent it to node B. The clock knows the message from an
 * answer of A, so A has had the parcel among those that leave since before the clock began to freeze. Where A has it
 * there still at its first hand-in, A hands it in. Otherwise A has let go of it, at a window or a hand-in that came
 * after the acknowledgement. The clock has waited for what A answered to that, and B had the parcel before A had the
 * acknowledgement: so B had it before the clock began to freeze. B counts what parcels announce against what messages
 * bring, and the message is still to come: so B has the snapshot, and hands it in.
 */
final class SnapshotStore {
    /**
     * A snapshot, and by how many messages more it will be brought. Below 0, and no snapshot, while messages are ahead
     * of the parcels that announce them.
     */
    private static final class Stored {
        private Snapshot snapshot;
        private int expected;
    }

    private final Map<Snapshot.Key, Stored> here = new HashMap<>();
    private final Map<Long, List<Snapshot>> leaving = new HashMap<>();
    /** Parcels of {@link #leaving} that have arrived. */
    private final Set<Long> arrived = new HashSet<>();

    private final Set<Snapshot.Key> handedIn = new HashSet<>();
    private long checkpoint;
    private boolean allHandedIn;

    /**
     * A snapshot is here.
     *
     * @param messages that will bring it to users here, besides those known of
     */
    void put(Snapshot s, int messages) {
        Stored stored = here.computeIfAbsent(s.key(), k -> new Stored());
        boolean ahead = stored.expected < 0;
        stored.expected += messages;
        if (ahead && stored.expected == 0) {
            here.remove(s.key());
        } else if (stored.expected >= 0) {
            stored.snapshot = s;
        }
    }

    /** Null where it has not come, or was let go of. */
    Snapshot get(Snapshot.Key key) {
        Stored s = here.get(key);
        return s == null ? null : s.snapshot;
    }

    /** A message has brought a snapshot to its user, whose business it is now. */
    void handedOn(Snapshot.Key key) {
        Stored s = here.computeIfAbsent(key, k -> new Stored());
        s.expected--;
        if (s.expected == 0) {
            here.remove(key);
        } else if (s.expected < 0) {
            s.snapshot = null;
        }
    }

    /** All that are here. */
    Map<Snapshot.Key, Snapshot> all() {
        Map<Snapshot.Key, Snapshot> all = new HashMap<>();
        here.values().stream().filter(s -> s.snapshot != null).forEach(s -> all.put(s.snapshot.key(), s.snapshot));
        return all;
    }

    /** Lets go of those that no message will bring: they were for users who have them already. */
    void forgetUnexpected() {
        here.values().removeIf(s -> s.expected == 0);
    }

    /** Snapshots are on their way to another node. */
    void leave(long parcel, List<Snapshot> snapshots) {
        leaving.put(parcel, snapshots);
    }

    /**
     * They have arrived there. They are kept for a while: a checkpoint may be under way that the other node has handed
     * in all that it had for.
     */
    void left(long parcel) {
        if (leaving.containsKey(parcel)) {
            arrived.add(parcel);
        }
    }

    /** The clock has called for an answer that it waits for before it begins another checkpoint. */
    void answerAwaited() {
        leaving.keySet().removeAll(arrived);
        arrived.clear();
    }

    /** How many are held. */
    int size() {
        return here.size() + leaving.values().stream().mapToInt(List::size).sum();
    }

    /** All that makes a difference to what it does while a checkpoint is under way: for those who compare. */
    String state(long number) {
        List<String> counts = new ArrayList<>();
        here.forEach((k, s) -> counts.add(k + (s.snapshot == null ? " announced " : " ") + s.expected));
        return counts.stream().sorted().toList() + " " + new TreeSet<>(leaving.keySet()) + new TreeSet<>(arrived)
                + (number != checkpoint
                        ? ""
                        : handedIn.stream().map(Snapshot.Key::toString).sorted().toList() + " " + allHandedIn);
    }

    /**
     * A checkpoint is being made.
     *
     * @param number the same for all its users, never used before
     */
    void begin(long number) {
        if (number != checkpoint) {
            checkpoint = number;
            handedIn.clear();
            allHandedIn = false;
        }
    }

    /**
     * What a user who has these hands in: what was not handed in yet, and, with the first, what no user here has yet
     * and what has left for elsewhere.
     */
    List<Snapshot> toHandIn(List<Snapshot> owned) {
        List<Snapshot> some = new ArrayList<>(owned);
        if (!allHandedIn) {
            allHandedIn = true;
            some.addAll(all().values());
            leaving.values().forEach(some::addAll);
            answerAwaited();
        }
        some.removeIf(s -> !handedIn.add(s.key()));
        return some;
    }
}
