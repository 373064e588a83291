package coterie.actors.cluster;

import coterie.actors.clock.RunFailedException;

/** A node of a run is gone: the run can go on from its last checkpoint, on the others. */
public final class NodeLostException extends RunFailedException {
    private static final long serialVersionUID = 1;

    NodeLostException(String node) {
        super("node " + node + " is lost", null);
    }
}
