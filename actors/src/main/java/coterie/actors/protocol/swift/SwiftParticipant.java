package coterie.actors.protocol.swift;

import coterie.actors.event.EventTrace;
import coterie.actors.event.MixingRecord;
import coterie.actors.message.Inbox;
import coterie.actors.message.Message;
import coterie.actors.message.Payload;
import coterie.actors.message.Payload.Kind;
import coterie.actors.protocol.DivergedException;
import coterie.actors.protocol.ProtocolContext;
import coterie.actors.protocol.StatefulParticipant;
import coterie.actors.schedule.Mode;
import coterie.model.exchange.Snapshot;
import coterie.model.files.FieldState;
import coterie.model.learn.TurnOutcome;
import coterie.model.learn.TurnPlan;
import coterie.model.protocol.Swift;
import coterie.topology.graph.MixingMatrix;
import coterie.topology.graph.Neighbourhoods;
import java.util.ArrayList;
import java.util.List;

/**
 * A user under SWIFT ({@link Swift}). Sends its model to all neighbours when a turn begins, and mixes the newest models
 * that it has of them; it never waits. All users have the same influence; for this Metropolis–Hastings weights are
 * doubly stochastic, as the paper requires.
 */
final class SwiftParticipant extends StatefulParticipant<SwiftParticipant.State> {
    /** What a checkpoint contains. */
    static final class State implements FieldState {
        private Inbox.State inbox;
        /** x_i at the beginning of the turn. */
        private float[] before;

        private TurnOutcome outcome;
        private long began;
        private boolean takesPart;
    }

    private final Neighbourhoods neighbourhoods;
    private final int every;
    private final Inbox inbox = new Inbox(Mode.ASYNCHRONOUS, null);

    SwiftParticipant(ProtocolContext context, int every) {
        super(context, State.class, new State());
        neighbourhoods = context.collaboration().neighbourhoods();
        this.every = every;
        state.inbox = inbox.state();
    }

    @Override
    public void started(float[] parameters) {
        state.before = parameters;
    }

    @Override
    public void turnEnded(TurnEnd end) {
        state.outcome = end.outcome();
        state.began = end.began();
        state.takesPart = end.takesPart();
    }

    @Override
    public void arrived(Message m, boolean available) {
        if (available && m.payload().kind() == Kind.SNAPSHOT) {
            inbox.put(m);
        }
    }

    @Override
    public boolean ready() {
        return true;
    }

    @Override
    public TurnPlan.Beginning beginTurn(long tick, int ended) {
        TurnOutcome o = state.outcome;
        state.outcome = null;
        if (!state.takesPart) {
            state.before = o.parameters();
            trace.event(tick, EventTrace.Event.TURN_BEGAN, ended, 0);
            return TurnPlan.Own.INSTANCE;
        }
        float[] next = o.parameters();
        if ((ended + 1) % every == 0) {
            next = mix(tick, ended, o);
            if (!Snapshot.finite(next)) {
                throw new DivergedException();
            }
        }
        state.before = next;
        Snapshot mine = o.snapshot().of(me, ended, o.snapshot().iteration(), next);
        Payload payload = out.publish(Kind.SNAPSHOT, tick, state.began, ended, mine);
        for (int to : neighbourhoods.receivers(me, ended, tick)) {
            out.send(payload, to);
        }
        trace.event(tick, EventTrace.Event.TURN_BEGAN, ended, Snapshot.hash(next));
        return new TurnPlan.Given(next);
    }

    private float[] mix(long tick, int ended, TurnOutcome outcome) {
        List<Message> newest =
                inbox.take(ended, null).stream().map(Inbox.Received::newest).toList();
        double[] weights = new double[newest.size()];
        List<float[]> models = new ArrayList<>();
        MixingRecord mixing = new MixingRecord(me, ended, tick);
        double own = 1;
        for (int k = 0; k < weights.length; k++) {
            Message m = newest.get(k);
            m.snapshot().requireLayout(outcome.snapshot().layout());
            weights[k] = MixingMatrix.metropolis(neighbourhoods.graph(tick), me, m.from());
            own -= weights[k];
            models.add(m.snapshot().values());
            mixing.of(m, weights[k]);
        }
        mixing.own(own).observe(trace);
        return Swift.mix(state.before, outcome.parameters(), models, weights);
    }

    @Override
    public void deviceRestarted(long tick, int turn, float[] parameters) {
        state.before = parameters;
        state.outcome = null;
    }

    @Override
    public void dropReceived() {
        inbox.clear();
    }

    @Override
    public void restore(Object saved) {
        super.restore(saved);
        inbox.restore(state.inbox);
    }
}
