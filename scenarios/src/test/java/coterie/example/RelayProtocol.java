package coterie.example;

import coterie.actors.event.EventTrace;
import coterie.actors.event.MixingRecord;
import coterie.actors.message.Message;
import coterie.actors.message.Payload.Kind;
import coterie.actors.protocol.Participant;
import coterie.actors.protocol.Protocol;
import coterie.actors.protocol.ProtocolContext;
import coterie.actors.protocol.StatefulParticipant;
import coterie.model.exchange.Snapshot;
import coterie.model.files.FieldState;
import coterie.model.learn.TurnPlan;
import coterie.topology.graph.Neighbourhoods;
import coterie.topology.settings.Component;
import coterie.topology.settings.Setting;
import java.util.ArrayList;
import java.util.List;

/**
 * A protocol with state: every few turns a user sends its model to its neighbours, and moves by a share towards each
 * model that has arrived.
 *
 * @param relayEvery turns between two sendings
 * @param share of the way to a neighbour's model, in (0, 1)
 */
@Component(name = "relay", about = "example: every few turns the model goes to all neighbours")
public record RelayProtocol(
        @Setting("2") int relayEvery, @Setting("0.25") double share) implements Protocol {
    public RelayProtocol {
        if (relayEvery < 1) {
            throw new IllegalArgumentException("relay_every must be at least 1, found " + relayEvery);
        }
        if (!(share > 0 && share < 1)) {
            throw new IllegalArgumentException("share must lie in (0, 1), found " + share);
        }
    }

    @Override
    public Participant participant(ProtocolContext context) {
        return new Relay(context, this);
    }

    @Override
    public List<Class<?>> stateTypes() {
        return List.of(Relay.State.class);
    }

    private static final class Relay extends StatefulParticipant<Relay.State> {
        private static final class State implements FieldState {
            private float[] model;
            private List<Message> received = new ArrayList<>();
        }

        private final Neighbourhoods neighbourhoods;
        private final RelayProtocol protocol;

        Relay(ProtocolContext context, RelayProtocol protocol) {
            super(context, State.class, new State());
            neighbourhoods = context.collaboration().neighbourhoods();
            this.protocol = protocol;
        }

        @Override
        public void started(float[] parameters) {
            state.model = parameters;
        }

        @Override
        public void turnEnded(TurnEnd end) {
            state.model = end.outcome().parameters();
            int turn = end.turn();
            if (end.takesPart() && turn % protocol.relayEvery == 0) {
                Snapshot s = end.outcome().snapshot().of(me, turn, turn, state.model);
                for (int to : neighbourhoods.receivers(me, turn, end.tick())) {
                    out.send(out.publish(Kind.SNAPSHOT, end.tick(), end.began(), turn, s), to);
                }
            }
        }

        @Override
        public boolean ready() {
            return true;
        }

        @Override
        public TurnPlan.Beginning beginTurn(long tick, int ended) {
            if (state.received.isEmpty()) {
                trace.event(tick, EventTrace.Event.TURN_BEGAN, ended, 0);
                return TurnPlan.Own.INSTANCE;
            }
            MixingRecord record = new MixingRecord(me, ended, tick).own(1);
            float[] mixed = state.model.clone();
            for (Message m : state.received) {
                float[] theirs = m.snapshot().values();
                for (int k = 0; k < mixed.length; k++) {
                    mixed[k] += (float) (protocol.share * (theirs[k] - mixed[k]));
                }
                record.diluted(1 - protocol.share).of(m, protocol.share);
            }
            state.received.clear();
            record.observe(trace);
            trace.event(tick, EventTrace.Event.TURN_BEGAN, ended, Snapshot.hash(mixed));
            return new TurnPlan.Given(mixed);
        }

        @Override
        public void arrived(Message message, boolean available) {
            if (available && message.snapshot() != null) {
                state.received.add(message);
            }
        }

        @Override
        public void deviceRestarted(long tick, int turn, float[] parameters) {
            state.model = parameters;
        }

        @Override
        public void dropReceived() {
            state.received.clear();
        }
    }
}
