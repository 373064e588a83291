package coterie.actors.protocol.gossip;

import coterie.actors.protocol.Collaboration;
import coterie.actors.protocol.Participant;
import coterie.actors.protocol.Protocol;
import coterie.actors.protocol.ProtocolContext;
import coterie.actors.protocol.RowCalculator;
import coterie.actors.protocol.VerifiableMixing;
import coterie.model.protocol.AgedModel;
import coterie.topology.settings.Component;
import java.util.List;

/**
 * Gossip learning: at the end of a turn a user sends its model to one neighbour, and merges the models that have
 * arrived, weighted by age.
 */
@Component(name = "gossip", about = "no trust: the model goes to one neighbour per turn and is merged by age")
public record GossipProtocol() implements Protocol, VerifiableMixing {
    @Override
    public Participant participant(ProtocolContext context) {
        return new GossipParticipant(context);
    }

    @Override
    public List<Class<?>> stateTypes() {
        return List.of(GossipParticipant.State.class, AgedModel.class);
    }

    @Override
    public VerifiableMixing verifiableMixing() {
        return this;
    }

    @Override
    public Trigger trigger() {
        return Trigger.AFTER_TURN;
    }

    @Override
    public Inputs inputs() {
        return Inputs.EACH_ONCE;
    }

    @Override
    public boolean sendsOnlyAtTurnEnds() {
        return true;
    }

    @Override
    public RowCalculator rows(Collaboration collaboration, int user) {
        return new GossipRows(collaboration.schedule());
    }
}
