package coterie.actors.user;

import coterie.actors.user.Payload.Kind;
import coterie.model.exchange.Exchange;
import coterie.model.exchange.Snapshot;
import coterie.model.learn.TurnOutcome;
import coterie.model.learn.TurnPlan;
import coterie.model.trust.MixingInput;
import coterie.model.trust.TrustRow;
import coterie.topology.graph.Neighbourhoods;
import coterie.topology.time.Ticks;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Collaboration by trust: at the end of a turn a user publishes its snapshot; then it mixes the newest of each
 * neighbour that has come, or, where updates are exchanged, all of them that it has not mixed yet, and its trust in
 * each decides how much of it. Waiting for others (synchronous, or with a bound on staleness) is a matter of
 * {@link #ready} and of what {@link Inbox} keeps, and of nothing else.
 */
public final class TrustProtocol implements Protocol {
    /** What is to be said of a mixing when its row is known. Holds no snapshots: they must not outlive their use. */
    public record Pending(
            long tick, int turn, int[] versions, List<int[]> updates, double[] secondsOld, double[] informationAge) {}

    private final int me;
    private final SimulationConfig config;
    private final ProtocolModel.Trust model;
    private final Outbox out;
    private final EventTrace trace;
    /** Null where parameters are exchanged. */
    private final PendingUpdates updates;

    private final Inbox inbox;
    /** Weight of each user ever mixed with, over one's own: only where users choose whom to ask. */
    private final Map<Integer, Double> trusted = new TreeMap<>();

    private Pending mixture;
    private Snapshot own;
    /** What was published last, for those who ask or come back; with the tick at which its turn began. */
    private Snapshot published;

    private long publishedBegan;
    private int turn;
    private int[] awaited = {};
    private int heardOf;

    TrustProtocol(int me, SimulationConfig config, ProtocolModel.Trust model, Outbox out, EventTrace trace) {
        this.me = me;
        this.config = config;
        this.model = model;
        this.out = out;
        this.trace = trace;
        boolean keeps = config.faults().any() && config.faults().keepInbox();
        updates = model.exchange() == Exchange.PARAMETERS
                ? null
                : new PendingUpdates(config.mode() == Mode.SYNCHRONOUS, keeps);
        inbox = new Inbox(config.mode(), updates);
    }

    @Override
    public void ended(long tick, long began, int ended, TurnOutcome outcome, boolean takesPart) {
        turn = ended;
        own = takesPart ? outcome.snapshot() : null;
        if (own != null) {
            published = config.neighbourhoods().asking() == null && !config.waits() ? null : own;
            publishedBegan = began;
            tell(out.payload(Kind.SNAPSHOT, tick, began, ended, own));
            ask(tick);
        } else if (config.waits()
                && config.communicates()
                && config.schedule().turn(ended).collaborates()) {
            tell(out.payload(Kind.NOTICE, tick, began, ended, null));
        }
        awaited = own != null && config.waits() ? config.neighbourhoods().senders(me, ended) : new int[0];
        heardOf = 0;
    }

    private void tell(Payload payload) {
        for (int to : config.neighbourhoods().receivers(me, payload.turn(), payload.sent())) {
            out.send(payload, to);
        }
    }

    /**
     * Those who hear of it, and those of whom it hears: the ones wait for it, the others have to tell it again what it
     * has missed.
     */
    private void tellAll(Payload payload) {
        int at = Math.max(0, payload.turn());
        IntStream all = chance()
                ? IntStream.range(0, config.users()).filter(u -> u != me)
                : IntStream.concat(
                                IntStream.of(config.neighbourhoods().receivers(me, at, payload.sent())),
                                IntStream.of(config.neighbourhoods().senders(me, at)))
                        .sorted()
                        .distinct();
        all.forEach(to -> out.send(payload, to));
    }

    /** Asks those it has trusted most so far, and some at random. */
    private void ask(long tick) {
        Neighbourhoods.Asking asking = config.neighbourhoods().asking();
        if (asking == null) {
            return;
        }
        List<Integer> chosen = new ArrayList<>(trusted.entrySet().stream()
                .sorted(Comparator.comparingDouble((Map.Entry<Integer, Double> e) -> -e.getValue())
                        .thenComparing(Map.Entry::getKey))
                .limit(asking.peers())
                .map(Map.Entry::getKey)
                .toList());
        // Until there are enough whom it knows, others are drawn in their place.
        int wanted = asking.peers() + asking.explore();
        for (int u : Neighbourhoods.drawn(config.users(), config.seed(), me, turn, config.users())) {
            if (chosen.size() >= wanted) {
                break;
            }
            if (!chosen.contains(u)) {
                chosen.add(u);
            }
        }
        chosen.stream().sorted().forEach(u -> out.send(out.payload(Kind.REQUEST, tick, tick, turn, null), u));
    }

    @Override
    public void arrived(Message m, boolean here) {
        switch (m.payload().kind()) {
            case REQUEST -> {
                if (here && published != null) {
                    out.send(
                            new Payload(
                                    Kind.REPLY,
                                    m.arrival(),
                                    publishedBegan,
                                    me,
                                    published.turn(),
                                    published,
                                    published.parameterBytes() + published.predictionBytes()),
                            m.from());
                }
            }
            case BACK -> {
                inbox.put(m);
                if (here) {
                    tellWhatWasMissed(m);
                }
            }
            // What comes while nobody is there is lost, and whoever waits for it must know that it will not come again.
            default ->
                inbox.put(
                        here || m.payload().isNotice()
                                ? m
                                : new Message(m.payload().returned(), me, m.number(), m.arrival()));
        }
    }

    /** Who comes back has missed what was sent meanwhile, and would wait for it for ever. */
    private void tellWhatWasMissed(Message back) {
        boolean neighbour =
                Arrays.binarySearch(config.neighbourhoods().receivers(me, turn, back.arrival()), back.from()) >= 0;
        if (published != null && neighbour) {
            out.send(
                    out.payload(Kind.SNAPSHOT, back.arrival(), publishedBegan, published.turn(), published),
                    back.from());
        } else if (neighbour || chance()) {
            int upTo = published != null ? published.turn() : turn;
            if (upTo > 0) {
                out.send(out.payload(Kind.NOTICE, back.arrival(), back.arrival(), upTo, null), back.from());
            }
        }
    }

    /** Whether neighbours are others in every turn. */
    private boolean chance() {
        return config.neighbourhoods().graph(0) == null;
    }

    @Override
    public boolean ready() {
        int least = config.mode() == Mode.SYNCHRONOUS ? turn : model.bound() == null ? 0 : turn - model.bound();
        while (heardOf < awaited.length) {
            int from = awaited[heardOf];
            boolean expected = config.mode() == Mode.SYNCHRONOUS ? config.collaborates(from, turn) : least >= 0;
            if (expected && !inbox.has(from, least)) {
                return false;
            }
            heardOf++;
        }
        return true;
    }

    @Override
    public TurnPlan.Beginning begin(long tick, int ended) {
        int[] among = own == null ? null : mayBeMixed(tick);
        boolean mixes = own != null && (model.buffer() == 0 || inbox.fresh(ended, among) >= model.buffer());
        if (!mixes) {
            own = null;
            trace.event(tick, EventTrace.Event.TURN_BEGAN, ended, 0);
            return TurnPlan.Own.INSTANCE;
        }
        List<Inbox.Heard> there = inbox.take(ended, among);
        List<Snapshot> candidates = new ArrayList<>(there.size() + 1);
        int size = there.size() + 1;
        int[] ages = new int[size];
        int[] versions = new int[size];
        double[] secondsOld = new double[size];
        double[] informationAge = new double[size];
        int k = 0;
        boolean placed = false;
        for (Inbox.Heard h : there) {
            Message m = h.newest();
            if (!placed && m.from() > me) {
                candidates.add(own);
                versions[k++] = own.turn();
                placed = true;
            }
            candidates.add(m.snapshot());
            ages[k] = Math.max(0, ended - m.snapshot().turn());
            versions[k] = m.snapshot().turn();
            secondsOld[k] = Ticks.span(m.payload().sent(), tick);
            informationAge[k] = Ticks.span(m.payload().began(), tick);
            k++;
        }
        if (!placed) {
            candidates.add(own);
            versions[k] = own.turn();
        }
        own = null;
        List<List<Snapshot>> earlier = new ArrayList<>();
        List<int[]> turns = new ArrayList<>();
        for (int j = 0, at = 0; updates != null && j < size; j++) {
            List<Message> before =
                    candidates.get(j).user() == me ? List.of() : there.get(at++).earlier();
            earlier.add(before.stream().map(Message::snapshot).toList());
            turns.add(IntStream.concat(before.stream().mapToInt(Message::turn), IntStream.of(versions[j]))
                    .toArray());
        }
        mixture = !trace.recordsTurns() ? null : new Pending(tick, ended, versions, turns, secondsOld, informationAge);
        // Those met by chance are not neighbours: what they said counts once.
        inbox.mixed(ended, chance());
        trace.event(tick, EventTrace.Event.TURN_BEGAN, ended, candidates.size());
        return new TurnPlan.Mix(new MixingInput(
                ended,
                Ticks.seconds(tick),
                candidates,
                ages,
                earlier.stream().allMatch(List::isEmpty) ? List.of() : earlier));
    }

    /** In-neighbours, where they depend on the time; null for all that have sent something. */
    private int[] mayBeMixed(long tick) {
        Neighbourhoods n = config.neighbourhoods();
        return n.byTurns() || n.graph(tick) == null ? null : n.graph(tick).inNeighbours(me);
    }

    @Override
    public void saved() {
        inbox.saved();
    }

    @Override
    public void report(TurnOutcome outcome) {
        TrustRow row = outcome.row();
        if (row == null) {
            return;
        }
        if (config.neighbourhoods().asking() != null) {
            double mine = row.weight(me);
            for (int k = 0; k < row.users().length; k++) {
                if (row.users()[k] != me) {
                    trusted.put(row.users()[k], mine > 0 ? row.weights()[k] / mine : row.weights()[k]);
                }
            }
        }
        mixed(row);
    }

    @Override
    public boolean awaitsRow() {
        return mixture != null;
    }

    @Override
    public void mixed(TrustRow row) {
        if (mixture != null) {
            Pending x = mixture;
            trace.observe(
                    x.tick,
                    new Observation.Mixed(
                            Ticks.seconds(x.tick),
                            me,
                            x.turn,
                            row,
                            x.versions,
                            x.updates,
                            x.secondsOld,
                            x.informationAge));
            mixture = null;
        }
    }

    @Override
    public void left(long tick, int ended) {
        if (config.waits()) {
            tellAll(out.payload(Kind.GONE, tick, tick, ended, null));
        }
    }

    @Override
    public void restored(long tick, int begins, float[] parameters) {
        own = null;
        mixture = null;
        turn = begins;
        awaited = new int[0];
        trusted.clear();
        inbox.restored();
        if (config.waits()) {
            tellAll(out.payload(Kind.BACK, tick, tick, begins - 1, null));
        }
    }

    @Override
    public boolean answers() {
        return config.neighbourhoods().asking() != null
                || config.waits() && config.faults().any();
    }

    @Override
    public void forget() {
        inbox.clear();
    }

    /** What goes into a checkpoint. */
    public record State(
            List<Inbox.SenderState> inbox,
            List<PendingUpdates.SenderState> updates,
            Map<Integer, Double> trusted,
            Pending mixture,
            Snapshot own,
            Snapshot published,
            long publishedBegan,
            int turn,
            int[] awaited,
            int heardOf)
            implements UserState.ProtocolState {}

    @Override
    public UserState.ProtocolState state() {
        return new State(
                inbox.state(),
                updates == null ? List.of() : updates.state(),
                new TreeMap<>(trusted),
                mixture,
                own,
                published,
                publishedBegan,
                turn,
                awaited,
                heardOf);
    }

    @Override
    public void resume(UserState.ProtocolState state) {
        State s = (State) state;
        inbox.restore(s.inbox);
        if (updates != null) {
            updates.restore(s.updates);
        }
        trusted.putAll(s.trusted);
        mixture = s.mixture;
        own = s.own;
        published = s.published;
        publishedBegan = s.publishedBegan;
        turn = s.turn;
        awaited = s.awaited;
        heardOf = s.heardOf;
    }

    @Override
    public String waitsFor() {
        return heardOf < awaited.length ? "user " + awaited[heardOf] + "'s turn " + turn : "nobody";
    }
}
