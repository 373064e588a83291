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
 * The snapshots on a node: those for its users, each once, from its arrival until the last message that brings it is
 * delivered; and those that it has sent to other nodes. Knows which of them the current checkpoint has already, so that
 * each is handed in once.
 *
 * <p>Every snapshot that a message in the clock's calendar refers to is handed in by some node, in whatever order
 * frames, acknowledgements and calls arrive. Suppose node A has sent it to node B. The clock knows the message from an
 * answer of A, so A has had the frame among its leaving frames since before the clock began the checkpoint. If A still
 * has it there at its first hand-in, A hands it in. Otherwise A has released it, at a window or a hand-in that came
 * after the acknowledgement. The clock has waited for A's answer to that, and B had the frame before A had the
 * acknowledgement, so B had it before the clock began the checkpoint. B counts what frames announce against what
 * messages bring, and the message is still to come, so B holds the snapshot and hands it in.
 */
final class SnapshotStore {
    /**
     * A snapshot, and the number of messages that will still bring it. The number is negative, and there is no
     * snapshot, while messages are ahead of the frames that announce them.
     */
    private static final class Stored {
        private Snapshot snapshot;
        private int expected;
    }

    private final Map<Snapshot.Key, Stored> here = new HashMap<>();
    private final Map<Long, List<Snapshot>> leaving = new HashMap<>();
    /** Frames of {@link #leaving} that have arrived. */
    private final Set<Long> arrived = new HashSet<>();

    private final Set<Snapshot.Key> handedIn = new HashSet<>();
    private long checkpoint;
    private boolean allHandedIn;

    /**
     * Stores a snapshot.
     *
     * @param messages that will bring it to users here, besides those announced before
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

    /** The snapshot; null if it has not arrived, or was released. */
    Snapshot get(Snapshot.Key key) {
        Stored s = here.get(key);
        return s == null ? null : s.snapshot;
    }

    /** A message has brought a snapshot to its user, which holds it from now on. */
    void handedOn(Snapshot.Key key) {
        Stored s = here.computeIfAbsent(key, k -> new Stored());
        s.expected--;
        if (s.expected == 0) {
            here.remove(key);
        } else if (s.expected < 0) {
            s.snapshot = null;
        }
    }

    /** All snapshots for users here. */
    Map<Snapshot.Key, Snapshot> all() {
        Map<Snapshot.Key, Snapshot> all = new HashMap<>();
        here.values().stream().filter(s -> s.snapshot != null).forEach(s -> all.put(s.snapshot.key(), s.snapshot));
        return all;
    }

    /** Releases snapshots that no message will bring: their users have them already. */
    void forgetUnexpected() {
        here.values().removeIf(s -> s.expected == 0);
    }

    /** A frame of snapshots is in transit to another node. */
    void leave(long frame, List<Snapshot> snapshots) {
        leaving.put(frame, snapshots);
    }

    /**
     * A frame has arrived at the other node. Its snapshots are kept for a while: that node may have handed in all that
     * it had for the current checkpoint.
     */
    void left(long frame) {
        if (leaving.containsKey(frame)) {
            arrived.add(frame);
        }
    }

    /** The clock has asked for an answer, for which it waits before it begins another checkpoint. */
    void answerAwaited() {
        leaving.keySet().removeAll(arrived);
        arrived.clear();
    }

    /** Snapshots held. */
    int size() {
        return here.size() + leaving.values().stream().mapToInt(List::size).sum();
    }

    /** Everything that decides what this does while a checkpoint is taken; for tests that compare. */
    String state(long number) {
        List<String> counts = new ArrayList<>();
        here.forEach((k, s) -> counts.add(k + (s.snapshot == null ? " announced " : " ") + s.expected));
        return counts.stream().sorted().toList() + " " + new TreeSet<>(leaving.keySet()) + new TreeSet<>(arrived)
                + (number != checkpoint
                        ? ""
                        : handedIn.stream().map(Snapshot.Key::toString).sorted().toList() + " " + allHandedIn);
    }

    /**
     * A checkpoint begins, or goes on.
     *
     * @param number the same for all users, never used before
     */
    void begin(long number) {
        if (number != checkpoint) {
            checkpoint = number;
            handedIn.clear();
            allHandedIn = false;
        }
    }

    /**
     * Snapshots to hand in with a user's state: those not yet handed in, plus, on the first call, all that are held for
     * users here or in transit to other nodes.
     *
     * @param owned snapshots that the user holds
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
