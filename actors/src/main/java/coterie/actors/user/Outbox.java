package coterie.actors.user;

import coterie.actors.user.Payload.Kind;
import coterie.model.exchange.Snapshot;
import coterie.topology.time.Ticks;
import java.util.ArrayList;
import java.util.List;

/** What a user sends: the fate of every message is drawn here, by its sender. */
public final class Outbox {
    /** What a user has sent in all. */
    public record Sums(long messages, long lost, long parameterBytes, long predictionBytes) {
        Sums minus(Sums o) {
            return new Sums(
                    messages - o.messages,
                    lost - o.lost,
                    parameterBytes - o.parameterBytes,
                    predictionBytes - o.predictionBytes);
        }
    }

    private static final List<Message> NOTHING = List.of();
    private final int me;
    private final SimulationConfig config;
    private final EventTrace trace;
    private List<Message> messages = new ArrayList<>();
    private long number;
    private long sent;
    private long lost;
    private long parameterBytes;
    private long predictionBytes;

    Outbox(int me, SimulationConfig config, EventTrace trace) {
        this.me = me;
        this.config = config;
        this.trace = trace;
    }

    /** A letter that carries a snapshot, or, without one, a few bytes that are not counted. */
    Payload payload(Kind kind, long tick, long began, int turn, Snapshot snapshot) {
        return new Payload(
                kind,
                tick,
                began,
                me,
                turn,
                snapshot,
                snapshot == null ? 0 : snapshot.parameterBytes() + snapshot.predictionBytes());
    }

    /** Sends a letter to a user. */
    void send(Payload payload, int to) {
        long tick = payload.sent();
        long n = number++;
        long arrival = Ticks.after(tick, config.links().delay(me, to, n, 0));
        if (payload.isNotice()) {
            messages.add(new Message(payload, to, 2 * n, arrival));
            return;
        }
        sent++;
        if (payload.snapshot() != null) {
            parameterBytes += payload.snapshot().parameterBytes();
            predictionBytes += payload.snapshot().predictionBytes();
        }
        boolean gone = config.links().lost(me, to, n, Ticks.seconds(tick));
        boolean doubled = !gone && config.links().doubled(me, to, n);
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
            lost++;
            loseTo(payload, to, n, arrival);
        } else {
            messages.add(new Message(payload, to, 2 * n, arrival));
            if (doubled) {
                messages.add(new Message(
                        payload, to, 2 * n + 1, Ticks.after(tick, config.links().delay(me, to, n, 1))));
            }
        }
    }

    /** Whoever waits must learn of a loss; nobody else does. */
    private void loseTo(Payload payload, int to, long n, long arrival) {
        boolean awaited = payload.kind() == Kind.REPLY || payload.kind() == Kind.SNAPSHOT && config.waits();
        if (awaited) {
            messages.add(new Message(payload.lost(Kind.NOTICE), to, 2 * n, arrival));
        } else if (payload.bytes() > 0 && config.lines() != null) {
            messages.add(new Message(payload.lost(Kind.LOST), to, 2 * n, arrival));
        }
        if (payload.kind() == Kind.REQUEST) {
            messages.add(new Message(
                    payload.returned(),
                    me,
                    2 * n + 1,
                    Ticks.after(arrival, config.links().delay(to, me, n, 1))));
        }
    }

    /** What was sent since this was last asked. */
    List<Message> take() {
        if (messages.isEmpty()) {
            return NOTHING;
        }
        List<Message> out = messages;
        messages = new ArrayList<>();
        return out;
    }

    /** What goes into a checkpoint, when all that was sent has been taken. */
    public record State(long number, long sent, long lost, long parameterBytes, long predictionBytes) {}

    State state() {
        return new State(number, sent, lost, parameterBytes, predictionBytes);
    }

    void restore(State s) {
        number = s.number;
        sent = s.sent;
        lost = s.lost;
        parameterBytes = s.parameterBytes;
        predictionBytes = s.predictionBytes;
    }

    Sums sums() {
        return new Sums(sent, lost, parameterBytes, predictionBytes);
    }
}
