package coterie.actors.user;

import coterie.actors.user.Payload.Kind;
import coterie.model.exchange.Snapshot;
import coterie.model.learn.TurnOutcome;
import coterie.model.learn.TurnPlan;
import coterie.model.protocol.AgedModel;
import coterie.topology.random.Purpose;
import coterie.topology.random.RandomStream;
import java.util.ArrayList;
import java.util.List;

/**
 * Gossip learning ({@link AgedModel}): a model to one neighbour at each turn's end; what has come is merged one after
 * another, in the order of arrival.
 */
public final class GossipProtocol implements Protocol {
    private final int me;
    private final SimulationConfig config;
    private final Outbox out;
    private final EventTrace trace;
    private final List<Message> received = new ArrayList<>();
    private AgedModel model;
    private boolean takesPart;

    GossipProtocol(int me, SimulationConfig config, Outbox out, EventTrace trace) {
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
        model = new AgedModel(parameters, 0);
    }

    @Override
    public void ended(long tick, long began, int ended, TurnOutcome outcome, boolean takes) {
        takesPart = takes;
        int steps = config.schedule().turn(ended).iterations();
        model = new AgedModel(outcome.parameters(), model.age() + (outcome.tokens() > 0 ? steps : 0));
        int[] neighbours = config.neighbourhoods().receivers(me, ended, tick);
        if (takes && neighbours.length > 0) {
            int to = neighbours[
                    RandomStream.of(config.seed(), Purpose.PEERS, me, ended).below(neighbours.length)];
            // A model's age travels as its number of iterations.
            Snapshot s =
                    new Snapshot(me, ended, (int) Math.min(Integer.MAX_VALUE, model.age()), model.parameters(), null);
            out.send(out.payload(Kind.SNAPSHOT, tick, began, ended, s), to);
        }
    }

    @Override
    public void arrived(Message m, boolean here) {
        if (here && m.payload().kind() == Kind.SNAPSHOT) {
            received.add(m);
        }
    }

    @Override
    public boolean ready() {
        return true;
    }

    @Override
    public TurnPlan.Beginning begin(long tick, int ended) {
        if (!takesPart || received.isEmpty()) {
            trace.event(tick, EventTrace.Event.TURN_BEGAN, ended, 0);
            return TurnPlan.Own.INSTANCE;
        }
        MixingRecord mixture = new MixingRecord(me, ended, tick).own(1);
        for (Message m : received) {
            AgedModel theirs = new AgedModel(m.snapshot().values(), m.snapshot().iteration());
            double mine = model.weight(theirs);
            mixture.diluted(mine).of(m, 1 - mine);
            model = model.merge(theirs);
        }
        received.clear();
        mixture.observe(trace);
        trace.event(tick, EventTrace.Event.TURN_BEGAN, ended, Snapshot.hash(model.parameters()));
        return new TurnPlan.Given(model.parameters());
    }

    @Override
    public void restored(long tick, int begins, float[] parameters) {
        takesPart = false;
        model = new AgedModel(parameters, 0);
    }

    /** What goes into a checkpoint. */
    public record State(List<Message> received, AgedModel model, boolean takesPart)
            implements UserState.ProtocolState {}

    @Override
    public UserState.ProtocolState state() {
        return new State(new ArrayList<>(received), model, takesPart);
    }

    @Override
    public void resume(UserState.ProtocolState state) {
        State s = (State) state;
        received.addAll(s.received);
        model = s.model;
        takesPart = s.takesPart;
    }

    @Override
    public void forget() {
        received.clear();
    }
}
