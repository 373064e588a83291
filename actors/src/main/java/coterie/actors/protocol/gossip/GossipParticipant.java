package coterie.actors.protocol.gossip;

import coterie.actors.event.EventTrace;
import coterie.actors.event.MixingRecord;
import coterie.actors.message.Message;
import coterie.actors.message.Payload.Kind;
import coterie.actors.protocol.Collaboration;
import coterie.actors.protocol.ProtocolContext;
import coterie.actors.protocol.StatefulParticipant;
import coterie.model.exchange.Snapshot;
import coterie.model.files.FieldState;
import coterie.model.learn.TurnPlan;
import coterie.model.protocol.AgedModel;
import coterie.topology.random.Purpose;
import coterie.topology.random.RandomStream;
import java.util.ArrayList;
import java.util.List;

/**
 * A user under gossip learning ({@link AgedModel}). Sends its model to one neighbour at the end of each turn; models
 * that have arrived are merged one after another, in the order of arrival.
 */
final class GossipParticipant extends StatefulParticipant<GossipParticipant.State> {
    /** What a checkpoint contains. */
    static final class State implements FieldState {
        private List<Message> received = new ArrayList<>();
        private AgedModel model;
        /** Layout of the model, from its last snapshot. */
        private String layout;

        private boolean takesPart;
    }

    private final Collaboration collaboration;

    GossipParticipant(ProtocolContext context) {
        super(context, State.class, new State());
        collaboration = context.collaboration();
    }

    @Override
    public void started(float[] parameters) {
        state.model = new AgedModel(parameters, 0);
    }

    @Override
    public void turnEnded(TurnEnd end) {
        int turn = end.turn();
        state.takesPart = end.takesPart();
        int steps = collaboration.schedule().turn(turn).iterations();
        state.model = new AgedModel(
                end.outcome().parameters(), state.model.age() + (end.outcome().tokens() > 0 ? steps : 0));
        if (end.takesPart()) {
            state.layout = end.outcome().snapshot().layout();
        }
        int[] neighbours = collaboration.neighbourhoods().receivers(me, turn, end.tick());
        if (end.takesPart() && neighbours.length > 0) {
            int to = neighbours[
                    RandomStream.of(collaboration.seed(), Purpose.PEERS, me, turn)
                            .below(neighbours.length)];
            // The age of a model is sent as its number of iterations.
            int age = (int) Math.min(Integer.MAX_VALUE, state.model.age());
            Snapshot s = end.outcome().snapshot().of(me, turn, age, state.model.parameters());
            out.send(out.publish(Kind.SNAPSHOT, end.tick(), end.began(), turn, s), to);
        }
    }

    @Override
    public void arrived(Message m, boolean available) {
        if (available && m.payload().kind() == Kind.SNAPSHOT) {
            state.received.add(m);
        }
    }

    @Override
    public boolean ready() {
        return true;
    }

    @Override
    public TurnPlan.Beginning beginTurn(long tick, int ended) {
        if (!state.takesPart || state.received.isEmpty()) {
            trace.event(tick, EventTrace.Event.TURN_BEGAN, ended, 0);
            return TurnPlan.Own.INSTANCE;
        }
        MixingRecord mixing = new MixingRecord(me, ended, tick).own(1);
        AgedModel model = state.model;
        for (Message m : state.received) {
            m.snapshot().requireLayout(state.layout);
            AgedModel theirs = new AgedModel(m.snapshot().values(), m.snapshot().iteration());
            double mine = model.weight(theirs);
            mixing.diluted(mine).of(m, 1 - mine);
            model = model.merge(theirs);
        }
        state.model = model;
        state.received.clear();
        mixing.observe(trace);
        trace.event(tick, EventTrace.Event.TURN_BEGAN, ended, Snapshot.hash(model.parameters()));
        return new TurnPlan.Given(model.parameters());
    }

    @Override
    public void deviceRestarted(long tick, int turn, float[] parameters) {
        state.takesPart = false;
        state.model = new AgedModel(parameters, 0);
    }

    @Override
    public void dropReceived() {
        state.received.clear();
    }
}
