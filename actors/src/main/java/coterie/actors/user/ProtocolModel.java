package coterie.actors.user;

import coterie.model.exchange.Exchange;
import coterie.topology.graph.Neighbourhoods;
import coterie.topology.graph.Topology;

/** How users deal with one another, as a scenario names it. */
public sealed interface ProtocolModel {
    /** A user's side of it. */
    Protocol of(int me, SimulationConfig config, Outbox out, EventTrace trace);

    /** @throws IllegalArgumentException where it cannot be followed among such neighbours, or in such a mode */
    default void check(Neighbourhoods n, Mode mode) {
        if (mode == Mode.SYNCHRONOUS) {
            throw new IllegalArgumentException("only trust strategies can be synchronous");
        }
        if (n.asking() != null) {
            throw new IllegalArgumentException("only trust strategies can ask whom they trust");
        }
    }

    /**
     * Users send their snapshots to their neighbours and mix those they have by trust.
     *
     * @param bound wait for who is more than so many turns behind; null for nobody
     * @param buffer mix only when so many neighbours have sent something new; 0 always
     * @param exchange what a snapshot is: an update counts once, parameters until there are newer ones
     */
    record Trust(Integer bound, int buffer, Exchange exchange) implements ProtocolModel {
        /** Never waits, mixes parameters at every turn's end. */
        public static final Trust PLAIN = new Trust(null, 0);

        /** Of parameters. */
        public Trust(Integer bound, int buffer) {
            this(bound, buffer, Exchange.PARAMETERS);
        }

        public Trust {
            if (bound != null && bound < 0 || buffer < 0) {
                throw new IllegalArgumentException(
                        "bound and buffer must not be negative, found " + bound + " and " + buffer);
            }
        }

        @Override
        public void check(Neighbourhoods n, Mode mode) {
            if (bound != null && !n.byTurns()) {
                throw new IllegalArgumentException(
                        "a bound on staleness needs neighbours that do not depend on the time or on trust");
            }
            if (buffer > 0 && mode == Mode.SYNCHRONOUS) {
                throw new IllegalArgumentException("buffered mixing and synchronous mode exclude each other");
            }
        }

        @Override
        public Protocol of(int me, SimulationConfig config, Outbox out, EventTrace trace) {
            return new TrustProtocol(me, config, this, out, trace);
        }
    }

    /** AD-PSGD: at the end of a turn, users of one side of a bipartite graph average with one neighbour each. */
    record Pairwise() implements ProtocolModel {
        @Override
        public void check(Neighbourhoods n, Mode mode) {
            ProtocolModel.super.check(n, mode);
            Topology graph = fixed(n, "ad-psgd");
            if (graph.sides() == null) {
                throw new IllegalArgumentException(
                        "ad-psgd needs a bipartite graph, so that nobody waits in a circle: a ring of even "
                                + "length, a line, a star,"
                                + " a torus with even sides");
            }
        }

        @Override
        public Protocol of(int me, SimulationConfig config, Outbox out, EventTrace trace) {
            return new PairwiseProtocol(me, config, out, trace);
        }
    }

    /**
     * Gossip learning: at the end of a turn a user sends its model to one neighbour, and merges those that have come,
     * weighted by age.
     */
    record AgedGossip() implements ProtocolModel {
        @Override
        public Protocol of(int me, SimulationConfig config, Outbox out, EventTrace trace) {
            return new GossipProtocol(me, config, out, trace);
        }
    }

    /**
     * SWIFT.
     *
     * @param every turns between two mixings
     */
    record Swift(int every) implements ProtocolModel {
        public Swift {
            if (every < 1) {
                throw new IllegalArgumentException("mix_every must be at least 1, found " + every);
            }
        }

        @Override
        public void check(Neighbourhoods n, Mode mode) {
            ProtocolModel.super.check(n, mode);
            fixed(n, "swift");
        }

        @Override
        public Protocol of(int me, SimulationConfig config, Outbox out, EventTrace trace) {
            return new SwiftProtocol(me, config, this, out, trace);
        }
    }

    /**
     * FedBuff on a star: user 0 is the server and does not train.
     *
     * @param buffer K
     * @param serverRate η
     */
    record FedBuff(int buffer, double serverRate) implements ProtocolModel {
        /** The server's id. */
        public static final int SERVER = 0;

        public FedBuff {
            if (buffer < 1 || !(serverRate > 0)) {
                throw new IllegalArgumentException("buffer must be at least 1 and server_rate greater than 0, found "
                        + buffer + " and " + serverRate);
            }
        }

        @Override
        public void check(Neighbourhoods n, Mode mode) {
            ProtocolModel.super.check(n, mode);
            Topology graph = fixed(n, "fedbuff");
            for (int u = 1; u < n.users(); u++) {
                if (graph.outNeighbours(u).length != 1 || graph.outNeighbours(u)[0] != SERVER) {
                    throw new IllegalArgumentException(
                            "fedbuff needs a star with user 0, the server, in its middle; user " + u
                                    + " has other neighbours");
                }
            }
        }

        @Override
        public Protocol of(int me, SimulationConfig config, Outbox out, EventTrace trace) {
            return me == SERVER ? new FedBuffServer(me, this, out, trace) : new FedBuffClient(me, config, out, trace);
        }
    }

    private static Topology fixed(Neighbourhoods n, String name) {
        if (!n.byTurns() || n.graph(0) == null) {
            throw new IllegalArgumentException(name + " needs a graph that stays as it is");
        }
        return n.graph(0);
    }
}
