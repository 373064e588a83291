package coterie.actors.cluster;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * Carries parcels of bytes between nodes: of any length, in order, each once, and with few bytes outstanding. What a
 * network underneath loses (a connection that broke, a queue that was full) is sent again until it is acknowledged.
 *
 * <p>A parcel goes in chunks, at most {@link #CREDITS} of them unacknowledged between two nodes, so that no queue
 * underneath can overflow and no heartbeat waits behind a model. A node has two of these: one for what is small and
 * urgent, one, on Artery's lane for large messages, for snapshots and states.
 */
final class ChunkedTransport extends AbstractBehavior<ChunkedTransport.Command> {
    /** Chunks on their way between two nodes at most. */
    static final int CREDITS = 4;

    private static final Duration TICK = Duration.ofMillis(500);
    private static final long RESEND_NANOS = 1_500_000_000L;

    /** What a post is told. */
    interface Command {}

    /** What a post tells those it works for. */
    sealed interface Notice {}

    /**
     * A parcel has come.
     *
     * @param from the node that sent it, by its number in the session
     */
    record Arrived(long session, int from, byte[] parcel) implements Notice {}

    /**
     * A parcel is where it was to go.
     *
     * @param id that its sender gave it
     */
    record Sent(long session, long id) implements Notice {}

    /** Opens a session: parcels of it are for this client. */
    record Open(long session, ActorRef<Notice> client) implements Command {}

    /** Ends a session; what of it is still under way is let go. */
    record Close(long session) implements Command {}

    /**
     * Sends a parcel.
     *
     * @param from number of this node in the session
     * @param to the same lane's post on the other node
     * @param whenThere is told when it has arrived; null for nobody
     */
    record Send(long session, int from, ActorRef<Command> to, byte[] parcel, long id, ActorRef<Notice> whenThere)
            implements Command {}

    /**
     * A piece of a parcel, on its way.
     *
     * @param line of all chunks of one session from one node to another
     * @param number of chunks on that line before
     * @param total length of the parcel
     * @param at where in it the piece begins
     * @param bytes in which the piece stands, from {@code begin}, {@code length} long
     */
    record Chunk(
            ActorRef<Command> sender,
            long session,
            int from,
            long line,
            long number,
            int total,
            int at,
            byte[] bytes,
            int begin,
            int length)
            implements Command {}

    /** All chunks of a line before this number have arrived. */
    record Ack(long line, long next) implements Command {}

    private record Tick() implements Command {}

    private record LineKey(long session, ActorRef<Command> to) {}

    /** What goes from here to one other node. */
    private static final class Line {
        private final long id;
        private final ActorRef<Command> to;
        private final Deque<Send> parcels = new ArrayDeque<>();
        private final Deque<Chunk> unacknowledged = new ArrayDeque<>();
        /** Parcels all of whose chunks are sent, by the number of the chunk after their last. */
        private final Deque<Map.Entry<Long, Send>> sent = new ArrayDeque<>();

        private long number;
        /** Of the first parcel, how much is sent. */
        private int at;

        private long lastHeard = System.nanoTime();

        Line(long id, ActorRef<Command> to) {
            this.id = id;
            this.to = to;
        }
    }

    private record ArrivingKey(ActorRef<Command> sender, long line) {}

    /** What comes from one other node. */
    private static final class Arriving {
        private final long session;
        private long expected;
        private long acknowledged;
        private byte[] parcel;

        Arriving(long session) {
            this.session = session;
        }
    }

    private final int chunkBytes;
    /** Chunks after which they are acknowledged at the latest. */
    private final int acknowledgeEvery;

    private final long largest;
    private final Map<Long, ActorRef<Notice>> clients = new HashMap<>();
    private final Map<LineKey, Line> lines = new HashMap<>();
    private final Map<Long, Line> byId = new HashMap<>();
    private final Map<ArrivingKey, Arriving> arriving = new HashMap<>();
    private long lineIds;

    private ChunkedTransport(
            ActorContext<Command> context, TimerScheduler<Command> timers, int chunkBytes, int acknowledgeEvery) {
        super(context);
        this.chunkBytes = chunkBytes;
        this.acknowledgeEvery = acknowledgeEvery;
        largest = context.getSystem()
                .settings()
                .config()
                .getMemorySize("coterie.cluster.largest-parcel")
                .toBytes();
        timers.startTimerWithFixedDelay(new Tick(), TICK);
    }

    /**
     * A post.
     *
     * @param chunkBytes a chunk is never longer
     * @param acknowledgeEvery chunks after which they are acknowledged at the latest; fewer than there are credits
     */
    static Behavior<Command> create(int chunkBytes, int acknowledgeEvery) {
        return Behaviors.setup(context ->
                Behaviors.withTimers(timers -> new ChunkedTransport(context, timers, chunkBytes, acknowledgeEvery)));
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Send.class, this::send)
                .onMessage(Chunk.class, this::chunk)
                .onMessage(Ack.class, this::acknowledged)
                .onMessage(Open.class, o -> {
                    clients.put(o.session(), o.client());
                    return this;
                })
                .onMessage(Close.class, c -> {
                    clients.remove(c.session());
                    lines.keySet().removeIf(k -> k.session() == c.session());
                    byId.values().retainAll(lines.values());
                    arriving.values().removeIf(a -> a.session == c.session());
                    return this;
                })
                .onMessage(Tick.class, t -> resend())
                .build();
    }

    private Behavior<Command> send(Send s) {
        if (s.parcel().length > largest) {
            throw new IllegalArgumentException(
                    "a parcel of " + s.parcel().length + " bytes; coterie.cluster.largest-parcel is " + largest);
        }
        Line line = lines.computeIfAbsent(new LineKey(s.session(), s.to()), k -> {
            Line made = new Line(lineIds++, k.to());
            byId.put(made.id, made);
            return made;
        });
        line.parcels.add(s);
        fill(line);
        return this;
    }

    /** Sends as many chunks as there are credits. */
    private void fill(Line line) {
        while (!line.parcels.isEmpty() && line.unacknowledged.size() < CREDITS) {
            Send s = line.parcels.peek();
            int length = Math.min(chunkBytes, s.parcel().length - line.at);
            Chunk c = new Chunk(
                    getContext().getSelf(),
                    s.session(),
                    s.from(),
                    line.id,
                    line.number++,
                    s.parcel().length,
                    line.at,
                    s.parcel(),
                    line.at,
                    length);
            if (line.unacknowledged.isEmpty()) {
                line.lastHeard = System.nanoTime();
            }
            line.unacknowledged.add(c);
            line.to.tell(c);
            line.at += length;
            if (line.at == s.parcel().length) {
                line.parcels.poll();
                line.at = 0;
                line.sent.add(Map.entry(line.number, s));
            }
        }
    }

    private Behavior<Command> acknowledged(Ack a) {
        Line line = byId.get(a.line());
        if (line == null) {
            return this;
        }
        while (!line.unacknowledged.isEmpty() && line.unacknowledged.peek().number() < a.next()) {
            line.unacknowledged.poll();
            line.lastHeard = System.nanoTime();
        }
        while (!line.sent.isEmpty() && line.sent.peek().getKey() <= a.next()) {
            Send s = line.sent.poll().getValue();
            if (s.whenThere() != null) {
                s.whenThere().tell(new Sent(s.session(), s.id()));
            }
        }
        fill(line);
        return this;
    }

    /** Acknowledges what has waited for it, and sends again what nobody has acknowledged. */
    private Behavior<Command> resend() {
        arriving.forEach((key, a) -> {
            if (a.acknowledged < a.expected) {
                acknowledge(key.sender(), key.line(), a);
            }
        });
        long now = System.nanoTime();
        for (Line line : lines.values()) {
            if (!line.unacknowledged.isEmpty() && now - line.lastHeard > RESEND_NANOS) {
                line.lastHeard = now;
                List<Chunk> again = new ArrayList<>(line.unacknowledged);
                again.forEach(line.to::tell);
            }
        }
        return this;
    }

    private Behavior<Command> chunk(Chunk c) {
        ActorRef<Notice> client = clients.get(c.session());
        if (client == null) {
            // Not yet, or not any more: whoever still wants it to arrive will send it again.
            return this;
        }
        Arriving a = arriving.computeIfAbsent(new ArrivingKey(c.sender(), c.line()), k -> new Arriving(c.session()));
        boolean again = c.number() < a.expected;
        if (c.number() == a.expected && fits(a, c)) {
            a.expected++;
            if (a.parcel == null && c.length() == c.total() && c.bytes().length == c.total()) {
                client.tell(new Arrived(c.session(), c.from(), c.bytes()));
            } else {
                a.parcel = a.parcel == null ? new byte[c.total()] : a.parcel;
                System.arraycopy(c.bytes(), c.begin(), a.parcel, c.at(), c.length());
                if (c.at() + c.length() == c.total()) {
                    client.tell(new Arrived(c.session(), c.from(), a.parcel));
                    a.parcel = null;
                }
            }
        }
        if (again || a.expected - a.acknowledged >= acknowledgeEvery) {
            acknowledge(c.sender(), c.line(), a);
        }
        return this;
    }

    private static void acknowledge(ActorRef<Command> sender, long line, Arriving a) {
        a.acknowledged = a.expected;
        sender.tell(new Ack(line, a.expected));
    }

    private boolean fits(Arriving a, Chunk c) {
        boolean fits = c.total() >= 0
                && c.total() <= largest
                && c.at() >= 0
                && c.length() >= 0
                && (long) c.at() + c.length() <= c.total()
                && (a.parcel == null ? c.at() == 0 : a.parcel.length == c.total());
        if (!fits) {
            getContext()
                    .getLog()
                    .error("a piece of a parcel that cannot be: {} bytes at {} of {}", c.length(), c.at(), c.total());
        }
        return fits;
    }
}
