package coterie.actors.user;

import coterie.actors.user.Payload.Kind;
import coterie.model.exchange.Snapshot;
import coterie.model.learn.TurnOutcome;
import coterie.model.learn.TurnPlan;

/**
 * FedBuff's client: trains from the server's model, sends what that has changed, waits for the model that comes back,
 * and begins again from it. An update that is lost stays in what it sends next; when only the answer is lost, it goes
 * on from what it has.
 */
public final class FedBuffClient implements Protocol {
    private final int me;
    private final SimulationConfig config;
    private final Outbox out;
    private final EventTrace trace;
    private float[] base;
    private int version;
    private float[] trained;
    private boolean waiting;
    private float[] downloaded;

    FedBuffClient(int me, SimulationConfig config, Outbox out, EventTrace trace) {
        this.me = me;
        this.config = config;
        this.out = out;
        this.trace = trace;
    }

    @Override
    public boolean needsStart() {
        return true;
    }

    @Override
    public void started(float[] parameters) {
        base = parameters;
    }

    @Override
    public void ended(long tick, long began, int turn, TurnOutcome outcome, boolean takesPart) {
        trained = outcome.parameters();
        downloaded = null;
        if (takesPart && config.users() > 1) {
            float[] change = Snapshot.difference(trained, base);
            if (!Snapshot.finite(change)) {
                throw new DivergedException();
            }
            waiting = true;
            Snapshot delta = Snapshot.ofUpdate(me, turn, outcome.snapshot().iteration(), change, null, null);
            out.send(out.payload(Kind.REQUEST, tick, began, version, delta), ProtocolModel.FedBuff.SERVER);
        }
    }

    @Override
    public void arrived(Message m, boolean here) {
        if (!waiting || !here) {
            return;
        }
        waiting = false;
        if (m.payload().kind() == Kind.REPLY) {
            downloaded = m.snapshot().values();
            base = downloaded;
            version = m.turn();
            trace.event(
                    m.arrival(), EventTrace.Event.MIXED, m.from(), m.snapshot().hash());
            new MixingRecord(me, version, m.arrival()).own(0).of(m, 1).observe(trace);
        } else if (m.from() != me) {
            // The update has arrived: only what comes from now on is new.
            base = trained;
        }
    }

    @Override
    public boolean ready() {
        return !waiting;
    }

    @Override
    public TurnPlan.Beginning begin(long tick, int turn) {
        trace.event(tick, EventTrace.Event.TURN_BEGAN, turn, downloaded == null ? 0 : Snapshot.hash(downloaded));
        TurnPlan.Beginning b = downloaded == null ? TurnPlan.Own.INSTANCE : new TurnPlan.Given(downloaded);
        downloaded = null;
        trained = null;
        return b;
    }

    @Override
    public void restored(long tick, int begins, float[] parameters) {
        waiting = false;
        trained = null;
        downloaded = null;
        base = parameters;
    }

    @Override
    public void forget() {
        // Nothing is kept of others.
    }

    /** What goes into a checkpoint. */
    public record State(float[] base, int version, float[] trained, boolean waiting, float[] downloaded)
            implements UserState.ProtocolState {}

    @Override
    public UserState.ProtocolState state() {
        return new State(base, version, trained, waiting, downloaded);
    }

    @Override
    public void resume(UserState.ProtocolState state) {
        State s = (State) state;
        base = s.base;
        version = s.version;
        trained = s.trained;
        waiting = s.waiting;
        downloaded = s.downloaded;
    }

    @Override
    public String waitsFor() {
        return "the server";
    }
}
