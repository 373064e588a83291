package coterie.actors.cluster;

import coterie.actors.clock.Report;
import coterie.actors.cluster.DataMessages.Held;
import coterie.actors.message.Message;
import coterie.model.exchange.Snapshot;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntUnaryOperator;

/** Sorts the snapshots that users have sent by the node that hosts the receivers: each once per node. */
final class OutgoingSnapshots {
    private final Map<Integer, Map<Snapshot.Key, Held>> byNode = new LinkedHashMap<>();

    /** @param nodeOf the node of a user */
    OutgoingSnapshots(List<Report.Progressed> answers, IntUnaryOperator nodeOf) {
        for (Report.Progressed p : answers) {
            for (Message m : p.sent()) {
                if (m.snapshot() != null) {
                    byNode.computeIfAbsent(nodeOf.applyAsInt(m.to()), k -> new LinkedHashMap<>())
                            .merge(
                                    m.snapshot().key(),
                                    new Held(m.snapshot(), 1),
                                    (a, b) -> new Held(a.snapshot(), a.expected() + 1));
                }
            }
        }
    }

    /** Nodes that receive any. */
    List<Integer> nodes() {
        return List.copyOf(byNode.keySet());
    }

    /** All that a node receives. */
    List<Held> of(int node) {
        return List.copyOf(byNode.get(node).values());
    }

    /** The same in groups of about {@link Transports#SNAPSHOT_FRAME_BYTES}. */
    List<List<Held>> frames(int node) {
        List<List<Held>> frames = new ArrayList<>();
        List<Held> some = new ArrayList<>();
        long bytes = 0;
        for (Held h : byNode.get(node).values()) {
            some.add(h);
            bytes += h.bytes();
            if (bytes > Transports.SNAPSHOT_FRAME_BYTES) {
                frames.add(some);
                some = new ArrayList<>();
                bytes = 0;
            }
        }
        if (!some.isEmpty()) {
            frames.add(some);
        }
        return frames;
    }
}
