package coterie.actors.protocol.trust;

import coterie.actors.event.EventTrace;
import coterie.actors.event.Observation;
import coterie.actors.message.Inbox;
import coterie.actors.message.Message;
import coterie.actors.message.Payload;
import coterie.actors.message.Payload.Kind;
import coterie.actors.message.PendingUpdates;
import coterie.actors.protocol.Collaboration;
import coterie.actors.protocol.ProtocolContext;
import coterie.actors.protocol.StatefulParticipant;
import coterie.actors.schedule.Mode;
import coterie.model.exchange.Exchange;
import coterie.model.exchange.Snapshot;
import coterie.model.files.FieldState;
import coterie.model.learn.TurnOutcome;
import coterie.model.learn.TurnPlan;
import coterie.model.trust.TrustRow;
import coterie.model.utility.UtilityRow;
import coterie.topology.device.Faults;
import coterie.topology.graph.Neighbourhoods;
import coterie.topology.time.Ticks;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * A user that mixes by trust. It publishes its snapshot at the end of a turn, and then mixes the newest snapshot of
 * each neighbour, or, where updates are exchanged, all that it has not mixed yet; its trust in each neighbour is the
 * weight. Synchronous mode and a bound on staleness differ in {@link #ready} and in what {@link Inbox} keeps, and in
 * nothing else.
 */
final class TrustParticipant extends StatefulParticipant<TrustParticipant.State> {
    /** A mixing to be recorded when its row is known. Holds no snapshots, so that they are freed after use. */
    record Pending(
            long tick, int turn, int[] versions, List<int[]> updates, double[] secondsOld, double[] informationAge) {}

    /** What a checkpoint contains. */
    static final class State implements FieldState {
        private Inbox.State inbox;
        /** Weight of each user ever mixed, relative to the user's own; only where users choose which users to ask. */
        private TreeMap<Integer, Double> trusted = new TreeMap<>();

        private Pending mixing;
        private Snapshot own;
        /** What was published last, for users that ask for it or return. */
        private Snapshot published;

        private long publishedBegan;
        private int turn;
        private int[] awaited = {};
        /** How many of {@code awaited} have been heard from. */
        private int heardOf;
    }

    private final Collaboration collaboration;
    private final Neighbourhoods neighbourhoods;
    private final Faults faults;
    private final TrustProtocol protocol;
    private final AskedPeers peers;
    private final Inbox inbox;

    TrustParticipant(ProtocolContext context, TrustProtocol protocol) {
        super(context, State.class, new State());
        collaboration = context.collaboration();
        neighbourhoods = collaboration.neighbourhoods();
        faults = context.faults();
        this.protocol = protocol;
        peers = new AskedPeers(me, collaboration);
        boolean keeps = faults.any() && faults.keepInbox();
        inbox = new Inbox(
                collaboration.mode(),
                exchangesUpdates() ? new PendingUpdates(collaboration.mode() == Mode.SYNCHRONOUS, keeps) : null);
        state.inbox = inbox.state();
    }

    private boolean exchangesUpdates() {
        return protocol.exchange() == Exchange.UPDATES;
    }

    @Override
    public void turnEnded(TurnEnd end) {
        int turn = end.turn();
        state.turn = turn;
        state.own = end.takesPart() ? end.outcome().snapshot() : null;
        if (state.own != null) {
            Payload payload = out.publish(Kind.SNAPSHOT, end.tick(), end.began(), turn, state.own);
            state.published = neighbourhoods.asking() == null && !collaboration.waits() ? null : payload.snapshot();
            state.publishedBegan = end.began();
            sendToNeighbours(payload);
            ask(end.tick());
        } else if (collaboration.waits()
                && collaboration.communicates()
                && collaboration.schedule().turn(turn).collaborates()) {
            sendToNeighbours(out.empty(Kind.NOTICE, end.tick(), end.began(), turn));
        }
        boolean waits = state.own != null && collaboration.waits();
        state.awaited = waits ? neighbourhoods.senders(me, turn) : new int[0];
        state.heardOf = 0;
    }

    private void sendToNeighbours(Payload payload) {
        for (int to : neighbourhoods.receivers(me, payload.turn(), payload.sent())) {
            out.send(payload, to);
        }
    }

    /** Sends to out-neighbours, which may be waiting for this user, and in-neighbours, which resend what it missed. */
    private void sendToAllNeighbours(Payload payload) {
        int at = Math.max(0, payload.turn());
        IntStream all = hasRandomNeighbours()
                ? IntStream.range(0, collaboration.users()).filter(u -> u != me)
                : IntStream.concat(
                                IntStream.of(neighbourhoods.receivers(me, at, payload.sent())),
                                IntStream.of(neighbourhoods.senders(me, at)))
                        .sorted()
                        .distinct();
        all.forEach(to -> out.send(payload, to));
    }

    private void ask(long tick) {
        if (neighbourhoods.asking() != null) {
            for (int u : peers.choose(state.turn, state.trusted)) {
                out.send(out.empty(Kind.REQUEST, tick, tick, state.turn), u);
            }
        }
    }

    @Override
    public void arrived(Message m, boolean available) {
        switch (m.payload().kind()) {
            case REQUEST -> {
                if (available && state.published != null) {
                    out.send(republish(Kind.REPLY, m.arrival()), m.from());
                }
            }
            case BACK -> {
                inbox.put(m);
                if (available) {
                    resend(m);
                }
            }
            // A snapshot that arrives while the user is away is lost, and counts as the notice of its loss.
            default ->
                inbox.put(
                        available || m.payload().isNotice()
                                ? m
                                : new Message(m.payload().returned(), me, m.number(), m.arrival()));
        }
    }

    private Payload republish(Kind kind, long tick) {
        return out.republish(kind, tick, state.publishedBegan, state.published.turn(), state.published);
    }

    /** A user that returns has missed what was sent meanwhile, and would wait for it for ever. */
    private void resend(Message back) {
        boolean neighbour =
                Arrays.binarySearch(neighbourhoods.receivers(me, state.turn, back.arrival()), back.from()) >= 0;
        if (state.published != null && neighbour) {
            out.send(republish(Kind.SNAPSHOT, back.arrival()), back.from());
        } else if (neighbour || hasRandomNeighbours()) {
            int upTo = state.published != null ? state.published.turn() : state.turn;
            if (upTo > 0) {
                out.send(out.empty(Kind.NOTICE, back.arrival(), back.arrival(), upTo), back.from());
            }
        }
    }

    /** Whether each turn has other neighbours. */
    private boolean hasRandomNeighbours() {
        return neighbourhoods.graph(0) == null;
    }

    @Override
    public boolean ready() {
        boolean synchronous = collaboration.mode() == Mode.SYNCHRONOUS;
        int least = synchronous ? state.turn : protocol.bound() == null ? 0 : state.turn - protocol.bound();
        while (state.heardOf < state.awaited.length) {
            int from = state.awaited[state.heardOf];
            boolean expected = synchronous ? collaboration.collaborates(from, state.turn) : least >= 0;
            if (expected && !inbox.has(from, least)) {
                return false;
            }
            state.heardOf++;
        }
        return true;
    }

    @Override
    public TurnPlan.Beginning beginTurn(long tick, int ended) {
        Snapshot own = state.own;
        state.own = null;
        int[] among = own == null ? null : currentNeighbours(tick);
        boolean mixes = own != null && (protocol.buffer() == 0 || inbox.fresh(ended, among) >= protocol.buffer());
        if (!mixes) {
            trace.event(tick, EventTrace.Event.TURN_BEGAN, ended, 0);
            return TurnPlan.Own.INSTANCE;
        }
        Candidates candidates = new Candidates(own, inbox.take(ended, among), ended);
        state.mixing = trace.recordsTurns() ? candidates.pending(tick, ended, exchangesUpdates()) : null;
        // Random neighbours are used once.
        inbox.mixed(ended, hasRandomNeighbours());
        trace.event(tick, EventTrace.Event.TURN_BEGAN, ended, candidates.size());
        return candidates.mix(tick, ended);
    }

    /** In-neighbours, where they depend on the time; null for all senders. */
    private int[] currentNeighbours(long tick) {
        return neighbourhoods.byTurns() || neighbourhoods.graph(tick) == null
                ? null
                : neighbourhoods.graph(tick).inNeighbours(me);
    }

    @Override
    public void deviceSaved() {
        inbox.deviceSaved();
    }

    @Override
    public void computed(TurnOutcome outcome) {
        if (outcome.row() != null) {
            if (neighbourhoods.asking() != null) {
                peers.learn(outcome.row(), state.trusted);
            }
            rowKnown(outcome.row(), outcome.utility());
        }
    }

    @Override
    public boolean awaitsRow() {
        return state.mixing != null;
    }

    @Override
    public void rowKnown(TrustRow row, UtilityRow utility) {
        Pending x = state.mixing;
        if (x != null) {
            double seconds = Ticks.seconds(x.tick);
            trace.observe(
                    x.tick,
                    new Observation.Mixed(
                            seconds, me, x.turn, row, x.versions, x.updates, x.secondsOld, x.informationAge));
            if (utility != null) {
                measured(row, utility, x);
            }
            state.mixing = null;
        }
    }

    private void measured(TrustRow row, UtilityRow utility, Pending x) {
        for (int n = 0; n < utility.neighbours().length; n++) {
            int k = Arrays.binarySearch(row.users(), utility.neighbours()[n]);
            trace.observe(
                    x.tick,
                    new Observation.Utility(
                            Ticks.seconds(x.tick),
                            me,
                            x.turn,
                            utility.neighbours()[n],
                            x.versions[k],
                            row.ages()[k],
                            x.secondsOld[k],
                            utility.utilities()[n],
                            utility.evidence(n)));
        }
    }

    @Override
    public void left(long tick, int turn) {
        if (collaboration.waits()) {
            sendToAllNeighbours(out.empty(Kind.GONE, tick, tick, turn));
        }
    }

    @Override
    public void deviceRestarted(long tick, int turn, float[] parameters) {
        state.own = null;
        state.mixing = null;
        state.turn = turn;
        state.awaited = new int[0];
        state.trusted.clear();
        inbox.restored();
        if (collaboration.waits()) {
            sendToAllNeighbours(out.empty(Kind.BACK, tick, tick, turn - 1));
        }
    }

    @Override
    public boolean sendsOnArrival() {
        return neighbourhoods.asking() != null || collaboration.waits() && faults.any();
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

    @Override
    public String waitsFor() {
        return state.heardOf < state.awaited.length
                ? "user " + state.awaited[state.heardOf] + "'s turn " + state.turn
                : "no user";
    }
}
