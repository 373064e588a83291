package coterie.actors.cluster;

import org.apache.pekko.actor.typed.ActorRef;

/**
 * What nodes and the starter of a run say to one another before they agree on a version. Written by Jackson as CBOR, so
 * that another version understands at least that it is another version. Everything after it is a {@link DataMessages
 * data message}.
 */
sealed interface Handshake {
    /** To a node. */
    sealed interface ToNode extends Handshake, NodeActor.Command {}

    /** To the starter of a run. */
    sealed interface ToStarter extends Handshake, RunCoordinator.Command {}

    /**
     * Asks a node to join a cluster.
     *
     * @param starter address to join
     */
    record Invite(String starter) implements ToNode {}

    /**
     * Asks a node for its facts. Repeated until answered.
     *
     * @param urgent the starter's transport for small frames
     * @param bulk its transport for large ones
     */
    record Greet(
            long session,
            ActorRef<ToStarter> starter,
            ActorRef<ChunkedTransport.Command> urgent,
            ActorRef<ChunkedTransport.Command> bulk)
            implements ToNode {}

    /**
     * A node's facts.
     *
     * @param node its address
     * @param weight users that it computes at once, compared with other nodes
     * @param room bytes of memory for users
     * @param urgent its transport for small frames, on which the session is open
     * @param bulk its transport for large ones, likewise
     */
    record Hello(
            long session,
            String node,
            String version,
            String processor,
            double weight,
            long room,
            ActorRef<ChunkedTransport.Command> urgent,
            ActorRef<ChunkedTransport.Command> bulk)
            implements ToStarter {}

    /** A session is over. */
    record Release(long session) implements ToNode {}
}
