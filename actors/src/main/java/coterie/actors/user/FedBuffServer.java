package coterie.actors.user;

import coterie.actors.user.Payload.Kind;
import coterie.model.exchange.Snapshot;
import coterie.model.learn.TurnOutcome;
import coterie.model.learn.TurnPlan;
import coterie.model.protocol.BufferedAggregation;
import java.util.List;

/** FedBuff's server ({@link BufferedAggregation}): takes an update, answers with its model. It does not train. */
public final class FedBuffServer implements Protocol {
    private final int me;
    private final ProtocolModel.FedBuff model;
    private final Outbox out;
    private final EventTrace trace;
    private BufferedAggregation server;

    FedBuffServer(int me, ProtocolModel.FedBuff model, Outbox out, EventTrace trace) {
        this.me = me;
        this.model = model;
        this.out = out;
        this.trace = trace;
    }

    @Override
    public boolean needsStart() {
        return true;
    }

    @Override
    public void started(float[] parameters) {
        server = new BufferedAggregation(model.buffer(), model.serverRate(), parameters);
    }

    @Override
    public boolean serves() {
        return true;
    }

    @Override
    public boolean answers() {
        return true;
    }

    @Override
    public void arrived(Message m, boolean here) {
        if (m.payload().kind() != Kind.REQUEST) {
            return;
        }
        long tick = m.arrival();
        if (!here || server == null) {
            out.send(out.payload(Kind.NOTICE, tick, tick, 0, null), m.from());
            return;
        }
        int version = server.version();
        float[] last = server.model();
        int staleness = server.add(m.snapshot().values(), m.turn());
        if (!Snapshot.finite(server.model())) {
            // No client gets it: the server keeps its last finite model.
            server.restore(new BufferedAggregation.State(List.of(), last, version));
            out.send(out.payload(Kind.NOTICE, tick, tick, 0, null), m.from());
            throw new DivergedException();
        }
        trace.event(tick, EventTrace.Event.MIXED, m.from(), Snapshot.hash(server.model()));
        // The share of the update in the next model; the buffer's other places are the server's own until they are
        // filled.
        double share = BufferedAggregation.discount(staleness) / model.buffer();
        new MixingRecord(me, version, tick).own(1 - share).of(m, share).observe(trace);
        Snapshot s = new Snapshot(me, server.version(), m.snapshot().iteration(), server.model(), null);
        out.send(out.payload(Kind.REPLY, tick, tick, server.version(), s), m.from());
    }

    @Override
    public float[] result() {
        return server == null ? null : server.model();
    }

    @Override
    public void ended(long tick, long began, int turn, TurnOutcome outcome, boolean takesPart) {
        throw new IllegalStateException("a server has no turns");
    }

    @Override
    public boolean ready() {
        return false;
    }

    @Override
    public TurnPlan.Beginning begin(long tick, int turn) {
        throw new IllegalStateException("a server has no turns");
    }

    @Override
    public void restored(long tick, int turn, float[] parameters) {
        // A server keeps its model on disk: it comes back with what it had.
    }

    /** What goes into a checkpoint; without a server before it was started. */
    public record State(BufferedAggregation.State server) implements UserState.ProtocolState {}

    @Override
    public UserState.ProtocolState state() {
        return new State(server == null ? null : server.state());
    }

    @Override
    public void resume(UserState.ProtocolState state) {
        State s = (State) state;
        if (s.server != null) {
            started(s.server.model());
            server.restore(s.server);
        }
    }

    @Override
    public void forget() {
        // What has come is in the model or in its buffer.
    }
}
