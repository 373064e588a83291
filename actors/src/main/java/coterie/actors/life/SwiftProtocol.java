package coterie.actors.life;

import coterie.actors.life.Letter.Kind;
import coterie.model.learn.TurnOutcome;
import coterie.model.learn.TurnPlan;
import coterie.model.protocol.Swift;
import coterie.model.trust.Snapshot;
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
    private final World world;
    private final int every;
    private final Outbox out;
    private final Diary diary;
    private final Inbox inbox = new Inbox(Mode.ASYNCHRONOUS, null);
    /** x_i as the turn began. */
    private float[] before;

    private TurnOutcome outcome;
    private long began;
    private boolean takesPart;

    SwiftProtocol(int me, World world, ProtocolModel.Swift model, Outbox out, Diary diary) {
        this.me = me;
        this.world = world;
        every = model.every();
        this.out = out;
        this.diary = diary;
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
        if (here && m.letter().kind() == Kind.SNAPSHOT) {
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
            diary.event(tick, Diary.Event.TURN_BEGAN, ended, 0);
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
        Letter letter = out.letter(
                Kind.SNAPSHOT,
                tick,
                began,
                ended,
                new Snapshot(me, ended, o.snapshot().iteration(), next, null));
        for (int to : world.neighbourhoods().receivers(me, ended, tick)) {
            out.send(letter, to);
        }
        diary.event(tick, Diary.Event.TURN_BEGAN, ended, Snapshot.hash(next));
        return new TurnPlan.Given(next);
    }

    private float[] mix(long tick, int ended, float[] after) {
        List<Message> there =
                inbox.take(ended, null).stream().map(Inbox.Heard::newest).toList();
        double[] weights = new double[there.size()];
        List<float[]> models = new ArrayList<>();
        Mixture mixture = new Mixture(me, ended, tick);
        double own = 1;
        for (int k = 0; k < weights.length; k++) {
            Message m = there.get(k);
            weights[k] = MixingMatrix.metropolis(world.neighbourhoods().graph(tick), me, m.from());
            own -= weights[k];
            models.add(m.snapshot().values());
            mixture.of(m, weights[k]);
        }
        mixture.own(own).observe(diary);
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
            implements LifeState.ProtocolState {}

    @Override
    public LifeState.ProtocolState state() {
        return new State(inbox.state(), before, outcome, began, takesPart);
    }

    @Override
    public void resume(LifeState.ProtocolState state) {
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
