package coterie.actors.cluster;

import coterie.model.trust.Snapshot;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Snapshots that a node has for its users: each once, from when it comes until the last message that brings it has been handed on; and those on their way to
 * other nodes. Knows which of them the checkpoint under way has already, so that each is handed in once.
 */
final class SnapshotStore {
    /** A snapshot, and by how many messages more it will be brought. Below 0 while messages are ahead of it. */
    private static final class Stored {
        private final Snapshot snapshot;
        private int expected;

        Stored(Snapshot snapshot) {
            this.snapshot = snapshot;
        }
    }

    private final Map<Snapshot.Key, Stored> here = new HashMap<>();
    private final Map<Long, List<Snapshot>> leaving = new HashMap<>();
    private final Set<Snapshot.Key> handedIn = new HashSet<>();
    private long checkpoint;
    private boolean allHandedIn;

    /** A snapshot is here. @param messages that will bring it to users here, besides those known of */
    void put(Snapshot s, int messages) {
        here.computeIfAbsent(s.key(), k -> new Stored(s)).expected += messages;
    }

    /** Null where it has not come, or was let go of. */
    Snapshot get(Snapshot.Key key) {
        Stored s = here.get(key);
        return s == null ? null : s.snapshot;
    }

    /** A message has brought a snapshot to its user, whose business it is now. */
    void handedOn(Snapshot.Key key) {
        Stored s = here.get(key);
        if (s != null && --s.expected <= 0) {
            here.remove(key);
        }
    }

    /** All that are here. */
    Map<Snapshot.Key, Snapshot> all() {
        Map<Snapshot.Key, Snapshot> all = new HashMap<>();
        here.forEach((k, s) -> all.put(k, s.snapshot));
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

    /** They have arrived there. */
    void left(long parcel) {
        leaving.remove(parcel);
    }

    /** A checkpoint is being made. @param number the same for all its users, never used before */
    void begin(long number) {
        if (number != checkpoint) {
            checkpoint = number;
            handedIn.clear();
            allHandedIn = false;
        }
    }

    /** What is to be handed in with a user who has these: what was not yet, and, with the first, what nobody here has yet and what is on its way elsewhere. */
    List<Snapshot> toHandIn(List<Snapshot> owned) {
        List<Snapshot> some = new ArrayList<>(owned);
        if (!allHandedIn) {
            allHandedIn = true;
            here.values().forEach(s -> some.add(s.snapshot));
            leaving.values().forEach(some::addAll);
        }
        some.removeIf(s -> !handedIn.add(s.key()));
        return some;
    }
}
