package coterie.actors.cluster;

import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;

/**
 * A node's two posts.
 *
 * @param urgent for windows and answers
 * @param bulk for snapshots and states, on a lane of their own
 */
record Transports(ActorRef<ChunkedTransport.Command> urgent, ActorRef<ChunkedTransport.Command> bulk) {
    /** Parcels of snapshots become about so long at most, if no single one is longer. */
    static final long PARCEL_BYTES = 16L << 20;

    private static final int URGENT_CHUNK = 128 << 10;
    private static final int BULK_CHUNK = 1 << 20;

    /** @param guardian so that their paths are those that {@code cluster.conf} names */
    static Transports spawn(ActorContext<?> guardian) {
        Transports posts = new Transports(
                guardian.spawn(ChunkedTransport.create(URGENT_CHUNK, ChunkedTransport.CREDITS / 2), "post"),
                guardian.spawn(ChunkedTransport.create(BULK_CHUNK, 1), "bulk"));
        // Whoever waits for a parcel would wait for ever: their end ends the system.
        guardian.watch(posts.urgent);
        guardian.watch(posts.bulk);
        return posts;
    }
}
