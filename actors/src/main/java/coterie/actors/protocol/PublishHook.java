package coterie.actors.protocol;

import coterie.model.exchange.Snapshot;

/**
 * Changes what users publish on its way out, under every protocol: the user itself keeps what it has. Called on every
 * node for the users that it hosts, from several threads. The result must depend on the arguments alone; random numbers
 * are keyed by user and turn ({@link coterie.topology.random.RandomStream}).
 */
public interface PublishHook {
    /** Publishes snapshots as they are. */
    PublishHook NONE = (user, turn, snapshot) -> snapshot;

    /**
     * Returns what is sent in place of a snapshot.
     *
     * @param turn of the snapshot; of a server, the version of its model
     * @param snapshot must not be changed
     * @return a snapshot of the same user, turn and layout, with finite values: see {@link Snapshot#with}; the argument
     *     itself to change nothing
     */
    Snapshot publish(int user, int turn, Snapshot snapshot);
}
