package coterie.actors.protocol;

import coterie.actors.adversary.Attacker;
import coterie.actors.event.EventTrace;
import coterie.actors.event.Observation;
import coterie.actors.message.Message;
import coterie.actors.message.NetworkModel;
import coterie.actors.message.Payload;
import coterie.actors.message.Payload.Kind;
import coterie.actors.message.SentTotals;
import coterie.model.exchange.Snapshot;
import coterie.model.files.FieldState;
import coterie.model.files.Unsaved;
import coterie.topology.time.Ticks;
import java.util.ArrayList;
import java.util.List;

/** Sends one user's messages. Whether a message is lost, doubled or delayed is drawn here, by its sender. */
public final class Outbox {
    private static final List<Message> NOTHING = List.of();

    /** What a checkpoint contains, when all messages have been taken. */
    public static final class State implements FieldState {
        private long number;
        private long sent;
        private long lost;
        private long parameterBytes;
        private long predictionBytes;
    }

    private final int me;
    private final NetworkModel network;
    private final boolean announcesLosses;
    private final Attacker attacker;
    private final PublishHook hook;
    private final EventTrace trace;
    private State state = new State();

    @Unsaved("messages are taken before a checkpoint")
    private List<Message> messages = new ArrayList<>();

    /**
     * Creates an empty outbox.
     *
     * @param attacker changes what is sent while the user attacks
     * @param announcesLosses whether receivers are told of snapshots that are lost: {@link Collaboration#waits}
     */
    public Outbox(
            int me,
            NetworkModel network,
            boolean announcesLosses,
            Attacker attacker,
            PublishHook hook,
            EventTrace trace) {
        this.me = me;
        this.attacker = attacker;
        this.network = network;
        this.announcesLosses = announcesLosses;
        this.hook = hook;
        this.trace = trace;
    }

    /**
     * A payload with a snapshot as an attack of the user and the {@link PublishHook} change it, in this order.
     *
     * @param began tick at which the oldest local step in the snapshot began
     * @throws IllegalStateException if the hook returns a snapshot of another user, turn or layout, or values that are
     *     not finite
     */
    public Payload publish(Kind kind, long tick, long began, int turn, Snapshot snapshot) {
        Snapshot sent = attacker.publish(snapshot);
        Snapshot outgoing = hook.publish(me, sent.turn(), sent);
        if (outgoing != sent && !valid(outgoing, sent)) {
            throw new IllegalStateException("the publish hook must return finite values of user " + me + "'s turn "
                    + sent.turn() + " in layout \"" + sent.layout() + "\", found "
                    + (outgoing == null ? null : outgoing.key() + " in layout \"" + outgoing.layout() + "\""));
        }
        // An attack may claim another version.
        return republish(kind, tick, began, turn + sent.turn() - snapshot.turn(), outgoing);
    }

    private static boolean valid(Snapshot outgoing, Snapshot snapshot) {
        return outgoing != null
                && outgoing.user() == snapshot.user()
                && outgoing.turn() == snapshot.turn()
                && snapshot.layout().equals(outgoing.layout())
                && Snapshot.finite(outgoing.values())
                && (outgoing.parameters() == null || Snapshot.finite(outgoing.parameters()));
    }

    /** A payload with a snapshot that was published before. */
    public Payload republish(Kind kind, long tick, long began, int turn, Snapshot published) {
        long bytes = published.parameterBytes() + published.predictionBytes();
        return new Payload(kind, tick, began, me, turn, published, bytes);
    }

    /** A payload without a snapshot: a few bytes that are not counted. */
    public Payload empty(Kind kind, long tick, long began, int turn) {
        return new Payload(kind, tick, began, me, turn, null, 0);
    }

    /** Sends a request with a snapshot at the end of a turn. */
    public void request(int to, Participant.TurnEnd end, int turn, Snapshot snapshot) {
        send(publish(Kind.REQUEST, end.tick(), end.began(), turn, snapshot), to);
    }

    /** Answers a request with a snapshot when it arrives. */
    public void reply(Message request, int turn, Snapshot snapshot) {
        send(publish(Kind.REPLY, request.arrival(), request.arrival(), turn, snapshot), request.from());
    }

    /** Answers a request without a snapshot when it arrives. */
    public void refuse(Message request, int turn) {
        send(empty(Kind.NOTICE, request.arrival(), request.arrival(), turn), request.from());
    }

    /** Sends a payload to a user, as often as an attack says, and not yet if an attack holds it back. */
    public void send(Payload published, int to) {
        Payload payload = attacker.send(published, to);
        if (!attacker.hold(payload, to)) {
            repeat(payload, to, attacker.times(payload));
        }
    }

    /** Sends what an attack has held back until a tick. */
    public void release(long tick) {
        attacker.release(tick).forEach(h -> repeat(h.payload(), h.to(), h.times()));
    }

    private void repeat(Payload payload, int to, int times) {
        for (int k = 0; k < times; k++) {
            sendNow(payload, to);
        }
    }

    private void sendNow(Payload payload, int to) {
        long tick = payload.sent();
        long n = state.number++;
        long arrival = Ticks.after(tick, network.links().delay(me, to, n, 0));
        if (payload.isNotice()) {
            messages.add(new Message(payload, to, 2 * n, arrival));
            return;
        }
        state.sent++;
        if (payload.snapshot() != null) {
            state.parameterBytes += payload.snapshot().parameterBytes();
            state.predictionBytes += payload.snapshot().predictionBytes();
        }
        boolean gone = network.links().lost(me, to, n, Ticks.seconds(tick));
        boolean doubled = !gone && network.links().doubled(me, to, n);
        if (trace.recordsMessages()) {
            trace.observe(
                    tick,
                    new Observation.Sent(
                            Ticks.seconds(tick),
                            me,
                            to,
                            n,
                            payload.kind(),
                            payload.turn(),
                            payload.bytes(),
                            Ticks.span(tick, arrival),
                            gone,
                            doubled));
        }
        if (gone) {
            state.lost++;
            lose(payload, to, n, arrival);
        } else {
            messages.add(new Message(payload, to, 2 * n, arrival));
            if (doubled) {
                messages.add(new Message(
                        payload,
                        to,
                        2 * n + 1,
                        Ticks.after(tick, network.links().delay(me, to, n, 1))));
            }
        }
    }

    /** A user that waits for a message is told of its loss. A lost message loads the line all the same. */
    private void lose(Payload payload, int to, long n, long arrival) {
        boolean awaited = payload.kind() == Kind.REPLY || payload.kind() == Kind.SNAPSHOT && announcesLosses;
        if (awaited) {
            messages.add(new Message(payload.lost(Kind.NOTICE), to, 2 * n, arrival));
        } else if (network.transfers(me, to, payload.bytes())) {
            messages.add(new Message(payload.lost(Kind.LOST), to, 2 * n, arrival));
        }
        if (payload.kind() == Kind.REQUEST) {
            messages.add(new Message(
                    payload.returned(),
                    me,
                    2 * n + 1,
                    Ticks.after(arrival, network.links().delay(to, me, n, 1))));
        }
    }

    /** Takes the messages sent since the last call. */
    public List<Message> take() {
        if (messages.isEmpty()) {
            return NOTHING;
        }
        List<Message> out = messages;
        messages = new ArrayList<>();
        return out;
    }

    public State state() {
        return state;
    }

    /** Continues from a checkpoint. */
    public void restore(State s) {
        state = s;
    }

    /** What was sent since the run began. */
    public SentTotals totals() {
        return new SentTotals(state.sent, state.lost, state.parameterBytes, state.predictionBytes);
    }
}
