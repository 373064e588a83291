package coterie.actors.cluster;

import coterie.actors.checkpoint.ClockState;
import coterie.actors.checkpoint.SavedRun;
import coterie.actors.message.Message;
import coterie.model.exchange.Snapshot;
import coterie.topology.network.MaxMinFairNetwork;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * What is to be brought to a node before a saved run goes on there: the lives of its users, and each snapshot that they
 * have or will be sent, once.
 */
final class RestorePlan {
    /** Bytes of a parcel beside a life. */
    private static final int BESIDES = 64;

    private final SavedRun saved;
    private final ClockState clock;

    RestorePlan(SavedRun saved) {
        this.saved = saved;
        clock = saved.clockWithoutSnapshots();
    }

    /**
     * Parcels for users {@code from} until {@code to}, snapshots first; each is read when it is asked for, so that
     * memory holds few.
     */
    List<Supplier<byte[]>> of(int from, int to) {
        List<Supplier<byte[]>> parcels = new ArrayList<>();
        expected(from, to)
                .forEach((key, messages) -> parcels.add(() -> DataMessages.whole(
                        new DataMessages.Snapshots(List.of(new DataMessages.Held(saved.snapshot(key), messages))))));
        for (int u = from; u < to; u++) {
            int user = u;
            parcels.add(() -> {
                byte[] life = saved.user(user);
                return DataMessages.keyed(new DataMessages.Restore(user, life), life.length + BESIDES);
            });
        }
        return parcels;
    }

    /** Snapshots that these users have or will be sent, and by how many messages they will be. */
    Map<Snapshot.Key, Integer> expected(int from, int to) {
        Map<Snapshot.Key, Integer> counts = new LinkedHashMap<>();
        for (int u = from; u < to; u++) {
            saved.refersTo(u).forEach(k -> counts.putIfAbsent(k, 0));
            clock.calendar().waiting().get(u).forEach(m -> count(m, counts));
        }
        if (clock.calendar().network() != null) {
            for (MaxMinFairNetwork.FlowState<Message> f :
                    clock.calendar().network().flows()) {
                if (f.message().to() >= from && f.message().to() < to) {
                    count(f.message(), counts);
                }
            }
        }
        clock.calendar().beginning().stream()
                .filter(m -> m.to() >= from && m.to() < to)
                .forEach(m -> count(m, counts));
        return counts;
    }

    private static void count(Message m, Map<Snapshot.Key, Integer> counts) {
        if (m.snapshot() != null) {
            counts.merge(m.snapshot().key(), 1, Integer::sum);
        }
    }
}
