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
import coterie.model.protocol.BufferedAggregation;

/** FedBuff's server ({@link BufferedAggregation}). Takes updates and replies with its model. It does not train. */
final class FedBuffServer extends StatefulParticipant<FedBuffServer.State> {
    /** What a checkpoint contains. */
    static final class State implements FieldState {
        /** Null before the start is known. */
        private BufferedAggregation.State model;
        /** Layout of the model and of all updates, from the first one; null before. */
        private String layout;
    }

    private final FedBuffProtocol protocol;

    FedBuffServer(ProtocolContext context, FedBuffProtocol protocol) {
        super(context, State.class, new State());
        this.protocol = protocol;
    }

    @Override
    public void started(float[] parameters) {
        state.model = new BufferedAggregation.State(parameters);
    }

    @Override
    public boolean sendsOnArrival() {
        return true;
    }

    @Override
    public void arrived(Message m, boolean available) {
        if (m.payload().kind() != Kind.REQUEST) {
            return;
        }
        long tick = m.arrival();
        if (!available || state.model == null) {
            out.refuse(m, 0);
            return;
        }
        if (state.layout == null) {
            state.layout = m.snapshot().layout();
        }
        m.snapshot().requireLayout(state.layout);
        BufferedAggregation server = new BufferedAggregation(protocol.buffer(), protocol.serverRate(), state.model);
        int version = server.version();
        float[] last = server.model();
        int staleness = server.add(m.snapshot().values(), m.turn());
        if (!Snapshot.finite(server.model())) {
            // Clients never receive it: the server keeps its last finite model.
            server.reset(last, version);
            out.refuse(m, 0);
            throw new DivergedException();
        }
        trace.event(tick, EventTrace.Event.MIXED, m.from(), Snapshot.hash(server.model()));
        // The update's share in the next model. Free places in the buffer count as the server's own.
        double share = BufferedAggregation.discount(staleness) / protocol.buffer();
        new MixingRecord(me, version, tick).own(1 - share).of(m, share).observe(trace);
        Snapshot s = m.snapshot().of(me, server.version(), m.snapshot().iteration(), server.model());
        out.reply(m, server.version(), s);
    }

    @Override
    public float[] finalParameters() {
        return state.model == null ? null : state.model.model();
    }

    @Override
    public void turnEnded(TurnEnd end) {
        throw new IllegalStateException("a server has no turns");
    }

    @Override
    public boolean ready() {
        return false;
    }

    @Override
    public TurnPlan.Beginning beginTurn(long tick, int ended) {
        throw new IllegalStateException("a server has no turns");
    }

    @Override
    public void deviceRestarted(long tick, int turn, float[] parameters) {
        // The server keeps its model on disk and restarts with it.
    }

    @Override
    public void dropReceived() {
        // Updates are in the model or in its buffer.
    }
}
