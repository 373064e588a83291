package coterie.actors.protocol.adpsgd;

import coterie.actors.protocol.Collaboration;
import coterie.actors.protocol.Participant;
import coterie.actors.protocol.Protocol;
import coterie.actors.protocol.ProtocolContext;
import coterie.actors.protocol.RowCalculator;
import coterie.actors.protocol.VerifiableMixing;
import coterie.actors.schedule.Mode;
import coterie.topology.graph.Neighbourhoods;
import coterie.topology.settings.Component;
import java.util.List;

/** AD-PSGD: at the end of a turn, users of one side of a bipartite graph average with one neighbour each. */
@Component(name = "ad-psgd", about = "no trust: averaging with one neighbour at a time, on a bipartite graph")
public record AdPsgdProtocol() implements Protocol, VerifiableMixing {
    @Override
    public void check(Neighbourhoods neighbourhoods, Mode mode) {
        Protocol.super.check(neighbourhoods, mode);
        if (Protocol.fixedGraph(neighbourhoods, name()).sides() == null) {
            throw new IllegalArgumentException(
                    "ad-psgd needs a bipartite graph, so that users never wait in a circle: a ring of even length, a "
                            + "line, a star, a torus with even sides");
        }
    }

    @Override
    public Participant participant(ProtocolContext context) {
        return new AdPsgdParticipant(context);
    }

    @Override
    public List<Class<?>> stateTypes() {
        return List.of(AdPsgdParticipant.State.class);
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

    @Override
    public RowCalculator rows(Collaboration collaboration, int user) {
        return row -> row.pair(0.5);
    }
}
