package coterie.actors.user;

import coterie.actors.user.Payload.Kind;
import coterie.model.exchange.Snapshot;
import coterie.model.learn.TurnOutcome;
import coterie.model.learn.TurnPlan;
import coterie.model.protocol.Swift;
import coterie.topology.graph.MixingMatrix;
import java.util.ArrayList;
import java.util.List;

/**
 * SWIFT ({@link Swift}): a user sends its model to all neighbours as each turn begins, and mixes at a turn's end
 * whatever it has of them; it never waits. All users have the same influence, for which Metropolis–Hastings weights are
 * doubly stochastic, as the paper asks of them.
 */
public final class SwiftProtocol implements Protocol {
    private final int me;
    private final SimulationConfig config;
    private final int every;
    private final Outbox out;
    private final EventTrace trace;
    private final Inbox inbox = new Inbox(Mode.ASYNCHRONOUS, null);
    /** x_i as the turn began. */
    private float[] before;

    private TurnOutcome outcome;
    private long began;
    private boolean takesPart;

    SwiftProtocol(int me, SimulationConfig config, ProtocolModel.Swift model, Outbox out, EventTrace trace) {
        this.me = me;
        this.config = config;
        every = model.every();
        this.out = out;
        this.trace = trace;
    }

    @Override
    public boolean needsStart() {
        return true;
    }

    @Override
    public void started(float[] parameters) {
        before = parameters;
    }

    @Override
    public void ended(long tick, long turnBegan, int ended, TurnOutcome o, boolean takes) {
        outcome = o;
        began = turnBegan;
        takesPart = takes;
    }

    @Override
    public void arrived(Message m, boolean here) {
        if (here && m.payload().kind() == Kind.SNAPSHOT) {
            inbox.put(m);
        }
    }

    @Override
    public boolean ready() {
        return true;
    }

    @Override
    public TurnPlan.Beginning begin(long tick, int ended) {
        TurnOutcome o = outcome;
        outcome = null;
        if (!takesPart) {
            before = o.parameters();
            trace.event(tick, EventTrace.Event.TURN_BEGAN, ended, 0);
            return TurnPlan.Own.INSTANCE;
        }
        float[] next = o.parameters();
        if ((ended + 1) % every == 0) {
            next = mix(tick, ended, o.parameters());
            if (!Snapshot.finite(next)) {
                throw new DivergedException();
            }
        }
        before = next;
        Payload payload = out.payload(
                Kind.SNAPSHOT,
                tick,
                began,
                ended,
                new Snapshot(me, ended, o.snapshot().iteration(), next, null));
        for (int to : config.neighbourhoods().receivers(me, ended, tick)) {
            out.send(payload, to);
        }
        trace.event(tick, EventTrace.Event.TURN_BEGAN, ended, Snapshot.hash(next));
        return new TurnPlan.Given(next);
    }

    private float[] mix(long tick, int ended, float[] after) {
        List<Message> there =
                inbox.take(ended, null).stream().map(Inbox.Heard::newest).toList();
        double[] weights = new double[there.size()];
        List<float[]> models = new ArrayList<>();
        MixingRecord mixture = new MixingRecord(me, ended, tick);
        double own = 1;
        for (int k = 0; k < weights.length; k++) {
            Message m = there.get(k);
            weights[k] = MixingMatrix.metropolis(config.neighbourhoods().graph(tick), me, m.from());
            own -= weights[k];
            models.add(m.snapshot().values());
            mixture.of(m, weights[k]);
        }
        mixture.own(own).observe(trace);
        return Swift.mix(before, after, models, weights);
    }

    @Override
    public void restored(long tick, int begins, float[] parameters) {
        before = parameters;
        outcome = null;
    }

    /** What goes into a checkpoint. */
    public record State(
            List<Inbox.SenderState> inbox, float[] before, TurnOutcome outcome, long began, boolean takesPart)
            implements UserState.ProtocolState {}

    @Override
    public UserState.ProtocolState state() {
        return new State(inbox.state(), before, outcome, began, takesPart);
    }

    @Override
    public void resume(UserState.ProtocolState state) {
        State s = (State) state;
        inbox.restore(s.inbox);
        before = s.before;
        outcome = s.outcome;
        began = s.began;
        takesPart = s.takesPart;
    }

    @Override
    public void forget() {
        inbox.clear();
    }
}
