package coterie.actors.cluster;

import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;

/**
 * The two transports of an actor system.
 *
 * @param urgent for windows and answers
 * @param bulk for snapshots and states, on a lane of their own
 */
record Transports(ActorRef<ChunkedTransport.Command> urgent, ActorRef<ChunkedTransport.Command> bulk) {
    /** A frame of snapshots ends with the snapshot that takes it beyond this number of bytes. */
    static final long SNAPSHOT_FRAME_BYTES = 16L << 20;

    private static final int URGENT_CHUNK = 128 << 10;
    private static final int BULK_CHUNK = 1 << 20;

    /**
     * Starts them.
     *
     * @param guardian the actor system's: their paths must be those that {@code cluster.conf} names
     */
    static Transports spawn(ActorContext<?> guardian) {
        Transports transports = new Transports(
                guardian.spawn(
                        ChunkedTransport.create(URGENT_CHUNK, ChunkedTransport.MOST_UNACKNOWLEDGED / 2), "urgent"),
                guardian.spawn(ChunkedTransport.create(BULK_CHUNK, 1), "bulk"));
        // A run would wait forever for a lost frame: the end of a transport ends the system.
        guardian.watch(transports.urgent);
        guardian.watch(transports.bulk);
        return transports;
    }

    /** Opens a session on both. */
    void open(long session, ActorRef<ChunkedTransport.Notice> client) {
        urgent.tell(new ChunkedTransport.Open(session, client));
        bulk.tell(new ChunkedTransport.Open(session, client));
    }

    /** Closes a session on both. */
    void close(long session) {
        urgent.tell(new ChunkedTransport.Close(session));
        bulk.tell(new ChunkedTransport.Close(session));
    }
}
