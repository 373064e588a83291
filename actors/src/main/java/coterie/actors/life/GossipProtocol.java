package coterie.actors.life;

import coterie.actors.life.Letter.Kind;
import coterie.model.learn.TurnOutcome;
import coterie.model.learn.TurnPlan;
import coterie.model.protocol.AgedModel;
import coterie.model.trust.Snapshot;
import coterie.topology.random.Purpose;
import coterie.topology.random.Stream;
import java.util.ArrayList;
import java.util.List;

/**
 * Gossip learning ({@link AgedModel}): a model to one neighbour at each turn's end; what has come is merged one after
 * another, in the order of arrival.
 */
public final class GossipProtocol implements Protocol {
    private final int me;
    private final World world;
    private final Outbox out;
    private final Diary diary;
    private final List<Message> received = new ArrayList<>();
    private AgedModel model;
    private boolean takesPart;

    GossipProtocol(int me, World world, Outbox out, Diary diary) {
        this.me = me;
        this.world = world;
        this.out = out;
        this.diary = diary;
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
        int steps = world.schedule().turn(ended).iterations();
        model = new AgedModel(outcome.parameters(), model.age() + (outcome.tokens() > 0 ? steps : 0));
        int[] neighbours = world.neighbourhoods().receivers(me, ended, tick);
        if (takes && neighbours.length > 0) {
            int to =
                    neighbours[Stream.of(world.seed(), Purpose.PEERS, me, ended).below(neighbours.length)];
            // A model's age travels as its number of iterations.
            Snapshot s =
                    new Snapshot(me, ended, (int) Math.min(Integer.MAX_VALUE, model.age()), model.parameters(), null);
            out.send(out.letter(Kind.SNAPSHOT, tick, began, ended, s), to);
        }
    }

    @Override
    public void arrived(Message m, boolean here) {
        if (here && m.letter().kind() == Kind.SNAPSHOT) {
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
            diary.event(tick, Diary.Event.TURN_BEGAN, ended, 0);
            return TurnPlan.Own.INSTANCE;
        }
        Mixture mixture = new Mixture(me, ended, tick).own(1);
        for (Message m : received) {
            AgedModel theirs = new AgedModel(m.snapshot().values(), m.snapshot().iteration());
            double mine = model.weight(theirs);
            mixture.diluted(mine).of(m, 1 - mine);
            model = model.merge(theirs);
        }
        received.clear();
        mixture.observe(diary);
        diary.event(tick, Diary.Event.TURN_BEGAN, ended, Snapshot.hash(model.parameters()));
        return new TurnPlan.Given(model.parameters());
    }

    @Override
    public void restored(long tick, int begins, float[] parameters) {
        takesPart = false;
        model = new AgedModel(parameters, 0);
    }

    /** What goes into a checkpoint. */
    public record State(List<Message> received, AgedModel model, boolean takesPart)
            implements LifeState.ProtocolState {}

    @Override
    public LifeState.ProtocolState state() {
        return new State(new ArrayList<>(received), model, takesPart);
    }

    @Override
    public void resume(LifeState.ProtocolState state) {
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
