package coterie.actors.protocol.adpsgd;

import coterie.actors.event.EventTrace;
import coterie.actors.event.MixingRecord;
import coterie.actors.message.Message;
import coterie.actors.message.Payload;
import coterie.actors.message.Payload.Kind;
import coterie.actors.protocol.DivergedException;
import coterie.actors.protocol.ProtocolContext;
import coterie.actors.protocol.StatefulParticipant;
import coterie.model.exchange.Snapshot;
import coterie.model.files.FieldState;
import coterie.model.learn.TurnPlan;
import coterie.model.protocol.AdPsgd;
import coterie.topology.graph.Neighbourhoods;
import coterie.topology.random.Purpose;
import coterie.topology.random.RandomStream;

/**
 * A user under AD-PSGD ({@link AdPsgd}). The graph is bipartite: users of one side send a request to one neighbour at
 * the end of each turn and wait for the reply; users of the other side reply at any time and never send requests. So
 * users never wait in a circle, and each averaging is atomic.
 */
final class AdPsgdParticipant extends StatefulParticipant<AdPsgdParticipant.State> {
    /** What a checkpoint contains. */
    static final class State implements FieldState {
        /** x: what others average with. During a turn it may differ from what is trained. */
        private float[] x;
        /** x at the beginning of the turn. */
        private float[] before;

        /**
         * Layout of x. Null before a snapshot has told it: the first one published here, or one received before, which
         * then has to have the layout of what is published here.
         */
        private String layout;

        private float[] trained;
        private boolean waiting;
        private int turn;
        /** The user from which a reply is awaited. */
        private int asked;
    }

    private final long seed;
    private final Neighbourhoods neighbourhoods;
    private final boolean asks;

    AdPsgdParticipant(ProtocolContext context) {
        super(context, State.class, new State());
        seed = context.collaboration().seed();
        neighbourhoods = context.collaboration().neighbourhoods();
        asks = neighbourhoods.graph(0).sides()[me] == 0;
    }

    @Override
    public void started(float[] parameters) {
        state.x = parameters;
        state.before = parameters;
    }

    @Override
    public void turnEnded(TurnEnd end) {
        state.turn = end.turn();
        state.trained = end.outcome().parameters();
        if (end.outcome().snapshot() != null) {
            requireLayout(end.outcome().snapshot());
        }
        int[] neighbours = neighbourhoods.receivers(me, end.turn(), end.tick());
        if (asks && end.takesPart() && neighbours.length > 0) {
            state.asked = neighbours[
                    RandomStream.of(seed, Purpose.PEERS, me, end.turn()).below(neighbours.length)];
            state.waiting = true;
            out.request(
                    state.asked, end, end.turn(), own(end.outcome().snapshot().iteration()));
        } else {
            apply();
        }
    }

    private void requireLayout(Snapshot snapshot) {
        if (state.layout == null) {
            state.layout = snapshot.layout();
        }
        snapshot.requireLayout(state.layout);
    }

    /** A snapshot of x. */
    private Snapshot own(int iteration) {
        return new Snapshot(me, state.turn, iteration, state.layout, state.x, null, Snapshot.hash(state.x));
    }

    /** x ← x + Δ. */
    private void apply() {
        float[] next = AdPsgd.apply(state.x, state.before, state.trained);
        if (!Snapshot.finite(next)) {
            throw new DivergedException();
        }
        state.x = next;
        state.trained = null;
    }

    @Override
    public void arrived(Message m, boolean available) {
        Payload payload = m.payload();
        if (payload.kind() == Kind.REQUEST) {
            if (available && state.x != null) {
                requireLayout(payload.snapshot());
                out.reply(m, state.turn, own(payload.snapshot().iteration()));
                average(m, payload.snapshot());
            } else {
                out.refuse(m, state.turn);
            }
        } else if (state.waiting
                && available
                && (payload.kind() == Kind.REPLY && m.from() == state.asked || payload.kind() == Kind.NOTICE)) {
            state.waiting = false;
            if (payload.snapshot() != null) {
                requireLayout(payload.snapshot());
                average(m, payload.snapshot());
            }
            apply();
        }
    }

    private void average(Message m, Snapshot theirs) {
        state.x = AdPsgd.average(state.x, theirs.values());
        trace.event(m.arrival(), EventTrace.Event.MIXED, m.from(), Snapshot.hash(state.x));
        new MixingRecord(me, state.turn, m.arrival()).own(0.5).of(m, 0.5).observe(trace);
    }

    @Override
    public boolean ready() {
        return !state.waiting;
    }

    @Override
    public TurnPlan.Beginning beginTurn(long tick, int ended) {
        state.before = state.x;
        trace.event(tick, EventTrace.Event.TURN_BEGAN, ended, Snapshot.hash(state.x));
        return new TurnPlan.Given(state.x);
    }

    @Override
    public void deviceRestarted(long tick, int turn, float[] parameters) {
        state.turn = turn;
        state.waiting = false;
        state.trained = null;
        state.x = parameters;
        state.before = parameters;
    }

    @Override
    public boolean sendsOnArrival() {
        return true;
    }

    @Override
    public void dropReceived() {
        // What was received is in x.
    }

    @Override
    public String waitsFor() {
        return "the reply of user " + state.asked;
    }
}
