package coterie.actors.protocol.fedbuff;

import coterie.actors.protocol.Collaboration;
import coterie.actors.protocol.Participant;
import coterie.actors.protocol.Protocol;
import coterie.actors.protocol.ProtocolContext;
import coterie.actors.protocol.RowCalculator;
import coterie.actors.protocol.VerifiableMixing;
import coterie.actors.schedule.Mode;
import coterie.model.protocol.BufferedAggregation;
import coterie.topology.graph.Neighbourhoods;
import coterie.topology.graph.Topology;
import coterie.topology.settings.Component;
import coterie.topology.settings.Setting;
import java.util.List;
import java.util.OptionalInt;

/**
 * FedBuff on a star: user 0 is the server and does not train.
 *
 * @param buffer K
 * @param serverRate η
 */
@Component(name = "fedbuff", about = "no trust: a server, user 0 of a star, that buffers updates")
public record FedBuffProtocol(
        @Setting(at = "protocol.buffer") int buffer,
        @Setting(at = "protocol.server_rate") double serverRate) implements Protocol, VerifiableMixing {
    /** The server's id. */
    public static final int SERVER = 0;

    /** @throws IllegalArgumentException if {@code buffer} is less than 1, or {@code serverRate} not greater than 0 */
    public FedBuffProtocol {
        if (buffer < 1 || !(serverRate > 0)) {
            throw new IllegalArgumentException(
                    "buffer must be at least 1 and server_rate greater than 0, found " + buffer + " and " + serverRate);
        }
    }

    @Override
    public void check(Neighbourhoods neighbourhoods, Mode mode) {
        Protocol.super.check(neighbourhoods, mode);
        Topology graph = Protocol.fixedGraph(neighbourhoods, name());
        for (int u = 1; u < neighbourhoods.users(); u++) {
            if (graph.outNeighbours(u).length != 1 || graph.outNeighbours(u)[0] != SERVER) {
                throw new IllegalArgumentException("fedbuff needs a star with user 0, the server, in its middle; user "
                        + u + " has other neighbours");
            }
        }
    }

    @Override
    public Participant participant(ProtocolContext context) {
        return context.user() == SERVER ? new FedBuffServer(context, this) : new FedBuffClient(context);
    }

    @Override
    public List<Class<?>> stateTypes() {
        return List.of(
                FedBuffServer.State.class,
                FedBuffClient.State.class,
                BufferedAggregation.State.class,
                BufferedAggregation.Update.class);
    }

    @Override
    public OptionalInt server() {
        return OptionalInt.of(SERVER);
    }

    @Override
    public Waiting waiting() {
        return Waiting.REPLIES;
    }

    @Override
    public VerifiableMixing verifiableMixing() {
        return this;
    }

    @Override
    public Trigger trigger() {
        return Trigger.ON_ARRIVAL;
    }

    /** Messages carry versions of the server's model. */
    @Override
    public boolean numbersTurns() {
        return false;
    }

    @Override
    public RowCalculator rows(Collaboration collaboration, int user) {
        return user != SERVER
                ? row -> row.pair(1)
                : row -> row.pair(
                        row.users().length != 2
                                ? 0
                                : BufferedAggregation.discount(row.mixed().row().ages()[1 - row.self()]) / buffer);
    }
}
