package coterie.actors.cluster;

import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;

/**
 * A node's two posts.
 *
 * @param urgent for windows and answers
 * @param bulk for snapshots and states, on a lane of their own
 */
record Posts(ActorRef<PostActor.Command> urgent, ActorRef<PostActor.Command> bulk) {
    /** Parcels of snapshots become about so long at most, if no single one is longer. */
    static final long PARCEL_BYTES = 16L << 20;

    private static final int URGENT_CHUNK = 128 << 10;
    private static final int BULK_CHUNK = 1 << 20;

    /** @param guardian so that their paths are those that {@code cluster.conf} names */
    static Posts spawn(ActorContext<?> guardian) {
        Posts posts = new Posts(
                guardian.spawn(PostActor.create(URGENT_CHUNK, PostActor.CREDITS / 2), "post"),
                guardian.spawn(PostActor.create(BULK_CHUNK, 1), "bulk"));
        // Whoever waits for a parcel would wait for ever: their end ends the system.
        guardian.watch(posts.urgent);
        guardian.watch(posts.bulk);
        return posts;
    }
}
