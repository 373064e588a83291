package coterie.actors.life;

import coterie.actors.life.Letter.Kind;
import coterie.model.trust.Snapshot;
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
    private final World world;
    private final Diary diary;
    private List<Message> messages = new ArrayList<>();
    private long number;
    private long sent;
    private long lost;
    private long parameterBytes;
    private long predictionBytes;

    Outbox(int me, World world, Diary diary) {
        this.me = me;
        this.world = world;
        this.diary = diary;
    }

    /** A letter that carries a snapshot, or, without one, a few bytes that are not counted. */
    Letter letter(Kind kind, long tick, long began, int turn, Snapshot snapshot) {
        return new Letter(
                kind,
                tick,
                began,
                me,
                turn,
                snapshot,
                snapshot == null ? 0 : snapshot.parameterBytes() + snapshot.predictionBytes());
    }

    /** Sends a letter to a user. */
    void send(Letter letter, int to) {
        long tick = letter.sent();
        long n = number++;
        long arrival = Ticks.after(tick, world.links().delay(me, to, n, 0));
        if (letter.isNotice()) {
            messages.add(new Message(letter, to, 2 * n, arrival));
            return;
        }
        sent++;
        if (letter.snapshot() != null) {
            parameterBytes += letter.snapshot().parameterBytes();
            predictionBytes += letter.snapshot().predictionBytes();
        }
        boolean gone = world.links().lost(me, to, n, Ticks.seconds(tick));
        boolean doubled = !gone && world.links().doubled(me, to, n);
        if (diary.recordsMessages()) {
            diary.observe(
                    tick,
                    new Observation.Sent(
                            Ticks.seconds(tick),
                            me,
                            to,
                            n,
                            letter.kind(),
                            letter.turn(),
                            letter.bytes(),
                            Ticks.span(tick, arrival),
                            gone,
                            doubled));
        }
        if (gone) {
            lost++;
            loseTo(letter, to, n, arrival);
        } else {
            messages.add(new Message(letter, to, 2 * n, arrival));
            if (doubled) {
                messages.add(new Message(
                        letter, to, 2 * n + 1, Ticks.after(tick, world.links().delay(me, to, n, 1))));
            }
        }
    }

    /** Whoever waits must learn of a loss; nobody else does. */
    private void loseTo(Letter letter, int to, long n, long arrival) {
        boolean awaited = letter.kind() == Kind.REPLY || letter.kind() == Kind.SNAPSHOT && world.waits();
        if (awaited) {
            messages.add(new Message(letter.lost(Kind.NOTICE), to, 2 * n, arrival));
        } else if (letter.bytes() > 0 && world.lines() != null) {
            messages.add(new Message(letter.lost(Kind.LOST), to, 2 * n, arrival));
        }
        if (letter.kind() == Kind.REQUEST) {
            messages.add(new Message(
                    letter.returned(),
                    me,
                    2 * n + 1,
                    Ticks.after(arrival, world.links().delay(to, me, n, 1))));
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
