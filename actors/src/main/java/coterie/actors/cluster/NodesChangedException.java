package coterie.actors.cluster;

import coterie.actors.clock.RunFailedException;

/** A node of a run is lost, or another has joined: the run can go on from its last checkpoint on the present nodes. */
public final class NodesChangedException extends RunFailedException {
    private static final long serialVersionUID = 1;

    private NodesChangedException(String what) {
        super(what, null);
    }

    static NodesChangedException lost(String node) {
        return new NodesChangedException("node " + node + " is lost");
    }

    static NodesChangedException joined(String node) {
        return new NodesChangedException("node " + node + " has joined");
    }
}
