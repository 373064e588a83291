package coterie.actors.cluster;

import coterie.actors.checkpoint.ClockState;
import coterie.actors.checkpoint.RunCheckpoint;
import coterie.actors.message.Message;
import coterie.model.exchange.Snapshot;
import coterie.topology.network.MaxMinFairNetwork;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * What a node needs before a saved run goes on there: the states of its users, and each snapshot that they hold or will
 * receive, once.
 */
final class RestorePlan {
    /** Bytes of a frame besides the state. */
    private static final int OVERHEAD = 64;

    private final RunCheckpoint saved;
    private final ClockState clock;

    RestorePlan(RunCheckpoint saved) {
        this.saved = saved;
        clock = saved.clockWithoutSnapshots();
    }

    /**
     * Frames for some users, snapshots first. Each is read from the checkpoint when it is asked for, so that memory
     * holds few.
     *
     * @param users ascending
     */
    List<Supplier<byte[]>> of(int[] users) {
        List<Supplier<byte[]>> frames = new ArrayList<>();
        expected(users)
                .forEach((key, messages) -> frames.add(() -> DataMessages.whole(
                        new DataMessages.Snapshots(List.of(new DataMessages.Held(saved.snapshot(key), messages))))));
        for (int user : users) {
            frames.add(() -> {
                byte[] life = saved.user(user);
                return DataMessages.keyed(new DataMessages.Restore(user, life), life.length + OVERHEAD);
            });
        }
        return frames;
    }

    /**
     * Snapshots that these users hold or will receive, and the number of messages that will bring them.
     *
     * @param users ascending
     */
    Map<Snapshot.Key, Integer> expected(int[] users) {
        Map<Snapshot.Key, Integer> counts = new LinkedHashMap<>();
        for (int u : users) {
            saved.refersTo(u).forEach(k -> counts.putIfAbsent(k, 0));
            clock.calendar().waiting().get(u).forEach(m -> count(m, counts));
        }
        if (clock.calendar().network() != null) {
            for (MaxMinFairNetwork.FlowState<Message> f :
                    clock.calendar().network().flows()) {
                if (Arrays.binarySearch(users, f.message().to()) >= 0) {
                    count(f.message(), counts);
                }
            }
        }
        clock.calendar().starting().stream()
                .filter(m -> Arrays.binarySearch(users, m.to()) >= 0)
                .forEach(m -> count(m, counts));
        return counts;
    }

    private static void count(Message m, Map<Snapshot.Key, Integer> counts) {
        if (m.snapshot() != null) {
            counts.merge(m.snapshot().key(), 1, Integer::sum);
        }
    }
}
