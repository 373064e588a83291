package coterie.actors.user;

import coterie.actors.user.Payload.Kind;
import coterie.model.exchange.Snapshot;
import coterie.model.learn.TurnOutcome;
import coterie.model.learn.TurnPlan;
import coterie.model.protocol.PairwiseAveraging;
import coterie.topology.random.Purpose;
import coterie.topology.random.RandomStream;

/**
 * AD-PSGD ({@link PairwiseAveraging}). The graph is bipartite: users of one side ask, one neighbour at each turn's end,
 * and wait for the reply; those of the other side answer whatever they are doing, and never ask. So nobody waits in a
 * circle, and every averaging is atomic.
 */
public final class PairwiseProtocol implements Protocol {
    private final int me;
    private final SimulationConfig config;
    private final Outbox out;
    private final EventTrace trace;
    private final boolean asks;
    /** x: what others average with; during a turn it may differ from what is trained. */
    private float[] x;
    /** x at the turn's beginning. */
    private float[] before;

    private float[] trained;
    private boolean waiting;
    private int turn;
    private int asked;

    PairwiseProtocol(int me, SimulationConfig config, Outbox out, EventTrace trace) {
        this.me = me;
        this.config = config;
        this.out = out;
        this.trace = trace;
        asks = config.neighbourhoods().graph(0).sides()[me] == 0;
    }

    @Override
    public boolean needsStart() {
        return true;
    }

    @Override
    public void started(float[] parameters) {
        x = parameters;
        before = parameters;
    }

    @Override
    public void ended(long tick, long began, int ended, TurnOutcome outcome, boolean takesPart) {
        turn = ended;
        trained = outcome.parameters();
        int[] neighbours = config.neighbourhoods().receivers(me, ended, tick);
        if (asks && takesPart && neighbours.length > 0) {
            asked = neighbours[
                    RandomStream.of(config.seed(), Purpose.PEERS, me, ended).below(neighbours.length)];
            waiting = true;
            out.send(
                    out.payload(
                            Kind.REQUEST,
                            tick,
                            began,
                            ended,
                            new Snapshot(me, ended, outcome.snapshot().iteration(), x, null)),
                    asked);
        } else {
            apply();
        }
    }

    /** x ← x + Δ. */
    private void apply() {
        float[] next = PairwiseAveraging.apply(x, before, trained);
        if (!Snapshot.finite(next)) {
            throw new DivergedException();
        }
        x = next;
        trained = null;
    }

    @Override
    public void arrived(Message m, boolean here) {
        Payload payload = m.payload();
        if (payload.kind() == Kind.REQUEST) {
            if (here && x != null) {
                Snapshot mine = new Snapshot(me, turn, payload.snapshot().iteration(), x, null);
                out.send(out.payload(Kind.REPLY, m.arrival(), m.arrival(), turn, mine), m.from());
                average(m, payload.snapshot());
            } else {
                out.send(out.payload(Kind.NOTICE, m.arrival(), m.arrival(), turn, null), m.from());
            }
        } else if (waiting
                && here
                && (payload.kind() == Kind.REPLY && m.from() == asked || payload.kind() == Kind.NOTICE)) {
            waiting = false;
            if (payload.snapshot() != null) {
                average(m, payload.snapshot());
            }
            apply();
        }
    }

    private void average(Message m, Snapshot theirs) {
        x = PairwiseAveraging.average(x, theirs.values());
        trace.event(m.arrival(), EventTrace.Event.MIXED, m.from(), Snapshot.hash(x));
        new MixingRecord(me, turn, m.arrival()).own(0.5).of(m, 0.5).observe(trace);
    }

    @Override
    public boolean ready() {
        return !waiting;
    }

    @Override
    public TurnPlan.Beginning begin(long tick, int ended) {
        before = x;
        trace.event(tick, EventTrace.Event.TURN_BEGAN, ended, Snapshot.hash(x));
        return new TurnPlan.Given(x);
    }

    @Override
    public void restored(long tick, int begins, float[] parameters) {
        turn = begins;
        waiting = false;
        trained = null;
        x = parameters;
        before = parameters;
    }

    @Override
    public boolean answers() {
        return true;
    }

    @Override
    public void forget() {
        // Nothing is kept of others.
    }

    /** What goes into a checkpoint. */
    public record State(float[] x, float[] before, float[] trained, boolean waiting, int turn, int asked)
            implements UserState.ProtocolState {}

    @Override
    public UserState.ProtocolState state() {
        return new State(x, before, trained, waiting, turn, asked);
    }

    @Override
    public void resume(UserState.ProtocolState state) {
        State s = (State) state;
        x = s.x;
        before = s.before;
        trained = s.trained;
        waiting = s.waiting;
        turn = s.turn;
        asked = s.asked;
    }

    @Override
    public String waitsFor() {
        return "the reply of user " + asked;
    }
}
