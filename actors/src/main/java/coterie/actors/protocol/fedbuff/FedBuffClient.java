package coterie.actors.protocol.fedbuff;

import coterie.actors.event.EventTrace;
import coterie.actors.event.MixingRecord;
import coterie.actors.message.Message;
import coterie.actors.message.Payload.Kind;
import coterie.actors.protocol.DivergedException;
import coterie.actors.protocol.ProtocolContext;
import coterie.actors.protocol.StatefulParticipant;
import coterie.model.exchange.Snapshot;
import coterie.model.files.FieldState;
import coterie.model.learn.TurnPlan;

/**
 * FedBuff's client. Trains from the server's model, sends the change, waits for the next model and begins again from
 * it. A lost update stays in the next one; if only the reply is lost, the client continues from its own parameters.
 */
final class FedBuffClient extends StatefulParticipant<FedBuffClient.State> {
    /** What a checkpoint contains. */
    static final class State implements FieldState {
        /** What the next update is the difference to. */
        private float[] base;
        /** Of the server's model that was downloaded last. */
        private int version;

        /** Layout of the last update. */
        private String layout;

        private float[] trained;
        private boolean waiting;
        private float[] downloaded;
    }

    private final int users;

    FedBuffClient(ProtocolContext context) {
        super(context, State.class, new State());
        users = context.collaboration().users();
    }

    @Override
    public void started(float[] parameters) {
        state.base = parameters;
    }

    @Override
    public void turnEnded(TurnEnd end) {
        state.trained = end.outcome().parameters();
        state.downloaded = null;
        if (end.takesPart() && users > 1) {
            float[] change = Snapshot.difference(state.trained, state.base);
            if (!Snapshot.finite(change)) {
                throw new DivergedException();
            }
            state.waiting = true;
            Snapshot update = end.outcome().snapshot().ofUpdate(change);
            state.layout = update.layout();
            out.request(FedBuffProtocol.SERVER, end, state.version, update);
        }
    }

    @Override
    public void arrived(Message m, boolean available) {
        if (!state.waiting || !available) {
            return;
        }
        state.waiting = false;
        if (m.payload().kind() == Kind.REPLY) {
            m.snapshot().requireLayout(state.layout);
            state.downloaded = m.snapshot().values();
            state.base = state.downloaded;
            state.version = m.turn();
            trace.event(
                    m.arrival(), EventTrace.Event.MIXED, m.from(), m.snapshot().hash());
            new MixingRecord(me, state.version, m.arrival()).own(0).of(m, 1).observe(trace);
        } else if (m.from() != me) {
            // The update has arrived: only later changes are new to the server.
            state.base = state.trained;
        }
    }

    @Override
    public boolean ready() {
        return !state.waiting;
    }

    @Override
    public TurnPlan.Beginning beginTurn(long tick, int ended) {
        float[] downloaded = state.downloaded;
        state.downloaded = null;
        state.trained = null;
        trace.event(tick, EventTrace.Event.TURN_BEGAN, ended, downloaded == null ? 0 : Snapshot.hash(downloaded));
        return downloaded == null ? TurnPlan.Own.INSTANCE : new TurnPlan.Given(downloaded);
    }

    @Override
    public void deviceRestarted(long tick, int turn, float[] parameters) {
        state.waiting = false;
        state.trained = null;
        state.downloaded = null;
        state.base = parameters;
    }

    @Override
    public void dropReceived() {
        // What was received is what the client trains from.
    }

    @Override
    public String waitsFor() {
        return "the server";
    }
}
