package coterie.actors.protocol;

import coterie.actors.schedule.Mode;
import coterie.model.exchange.Exchange;
import coterie.model.trust.CollaborationStrategy;
import coterie.topology.graph.Neighbourhoods;
import coterie.topology.graph.Topology;
import coterie.topology.settings.Component;
import java.util.List;

/**
 * How users exchange and mix parameters, with the settings of one run. Implementations are immutable. A protocol
 * creates one {@link Participant} for each user, and states its own properties; nothing else in the program
 * distinguishes protocols.
 */
public interface Protocol extends CollaborationStrategy {
    /** What a user may wait for between two turns. */
    enum Waiting {
        /** Nothing: the next turn begins when the last one has ended. */
        NEVER,
        /** Replies to its own requests. */
        REPLIES,
        /**
         * Snapshots of its neighbours. Users are then told about snapshots that will never arrive: lost ones, and those
         * of users that are away or whose device has failed.
         */
        NEIGHBOURS
    }

    /** The name in messages, as scenarios write it: "ad-psgd". */
    default String name() {
        return getClass().getAnnotation(Component.class).name();
    }

    /** Creates one user's side of the protocol. Called once for each user, on its node. */
    Participant participant(ProtocolContext context);

    /**
     * Checks that the protocol works on these neighbourhoods and in this mode. By default it is asynchronous, and users
     * do not ask for snapshots.
     *
     * @throws IllegalArgumentException if it does not
     */
    default void check(Neighbourhoods neighbourhoods, Mode mode) {
        if (mode == Mode.SYNCHRONOUS) {
            throw new IllegalArgumentException("only trust strategies can be synchronous");
        }
        if (neighbourhoods.asking() != null) {
            throw new IllegalArgumentException("only trust strategies can ask whom they trust");
        }
    }

    /**
     * Classes of which {@link Participant#state} consists, beyond the JDK's and those of
     * {@link coterie.actors.checkpoint.RunCodec}: records, enums, and {@link coterie.model.files.FieldState} classes.
     * Their order is part of the checkpoint format: append, never reorder.
     */
    default List<Class<?>> stateTypes() {
        return List.of();
    }

    /** Whether users mix by the rows of their trust managers, with the scenario's trust settings. */
    default boolean trusts() {
        return false;
    }

    /** What snapshots contain. */
    default Exchange exchange() {
        return Exchange.PARAMETERS;
    }

    /** What a user may wait for between two turns. */
    default Waiting waiting() {
        return Waiting.NEVER;
    }

    /**
     * Whether participants are given the parameters with which their users start, before the first turn:
     * {@link Participant#started}.
     */
    default boolean needsStart() {
        return true;
    }

    @Override
    default boolean needsConnectedGraph() {
        return true;
    }

    /** Whether a user only answers others and has no turns. Such a protocol needs {@link #needsStart}. */
    default boolean serves(int user) {
        return server().isPresent() && server().getAsInt() == user;
    }

    /** What {@code coterie verify} may conclude from the files of a run. By default nothing. */
    default VerifiableMixing verifiableMixing() {
        return VerifiableMixing.UNKNOWN;
    }

    /**
     * The graph, for protocols that need one that never changes.
     *
     * @throws IllegalArgumentException if it depends on time, turn or trust
     */
    static Topology fixedGraph(Neighbourhoods neighbourhoods, String protocol) {
        if (!neighbourhoods.byTurns() || neighbourhoods.graph(0) == null) {
            throw new IllegalArgumentException(protocol + " needs a graph that does not change");
        }
        return neighbourhoods.graph(0);
    }
}
