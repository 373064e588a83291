package coterie.actors.cluster;

import org.apache.pekko.actor.typed.ActorRef;

/**
 * What nodes and whoever starts a run say to one another before and after it; by Jackson, as CBOR, so that other
 * versions understand at least that they are other versions. These records are all there are.
 */
sealed interface Handshake {
    /** To a node. */
    sealed interface ToNode extends Handshake, NodeActor.Command {}

    /** To whoever starts a run. */
    sealed interface ToStarter extends Handshake, RunCoordinator.Command {}

    /**
     * Come into my cluster.
     *
     * @param starter address to join
     */
    record Invite(String starter) implements ToNode {}

    /** Who are you? Repeated until answered. */
    record Greet(long session, ActorRef<ToStarter> starter) implements ToNode {}

    /**
     * Who a node is.
     *
     * @param node its address
     * @param weight users it can serve at once, compared with others
     * @param room bytes of memory for users
     */
    record Hello(long session, String node, String version, double weight, long room) implements ToStarter {}

    /**
     * Make ready for a run. Repeated until answered.
     *
     * @param node number of the node in the run
     * @param from first user it will have
     * @param to first user it will not have
     * @param speed virtual seconds a second; 0 where time is virtual
     * @param post where the starter receives what is small
     * @param bulk where it receives what is large
     */
    record Prepare(
            long session,
            ActorRef<ToStarter> starter,
            String task,
            int node,
            int from,
            int to,
            double speed,
            ActorRef<ChunkedTransport.Command> post,
            ActorRef<ChunkedTransport.Command> bulk)
            implements ToNode {}

    /**
     * A node is ready.
     *
     * @param fingerprint of all it has loaded
     */
    record Ready(
            long session,
            int node,
            String fingerprint,
            ActorRef<ChunkedTransport.Command> post,
            ActorRef<ChunkedTransport.Command> bulk)
            implements ToStarter {}

    /** A node cannot take part. */
    record Refused(long session, int node, String reason) implements ToStarter {}

    /** A run is over. */
    record Release(long session) implements ToNode {}

    /** To a user: live. Repeated until its node has heard of it. */
    record Live(long session, int user) implements Handshake {}
}
