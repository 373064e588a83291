package coterie.actors.cluster;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * Carries frames of bytes between nodes: of any length, in order, each exactly once. What the network loses (a broken
 * connection, a full queue) is sent again until it is acknowledged.
 *
 * <p>A frame is cut into chunks, of which at most {@link #MOST_UNACKNOWLEDGED} are unacknowledged between two nodes, so
 * that no queue of Artery overflows and no heartbeat waits behind a model. A node has two transports: one for small and
 * urgent frames, and one on Artery's lane for large messages for snapshots and states.
 *
 * <p>Time comes from the actor system's timers alone.
 */
final class ChunkedTransport extends AbstractBehavior<ChunkedTransport.Command> {
    /** Most unacknowledged chunks between two nodes. */
    static final int MOST_UNACKNOWLEDGED = 4;
    /** Time between two looks for missing acknowledgements. */
    static final Duration TICK = Duration.ofMillis(500);

    /** What a transport is told. */
    interface Command {}

    /** What a transport tells its clients. */
    sealed interface Notice {}

    /**
     * A frame has arrived.
     *
     * @param from number in the session of the node that sent it
     */
    record Arrived(long session, int from, byte[] frame) implements Notice {}

    /**
     * A frame has reached its receiver.
     *
     * @param id given to it by its sender
     */
    record Delivered(long session, long id) implements Notice {}

    /** Opens a session: its frames go to this client. */
    record Open(long session, ActorRef<Notice> client) implements Command {}

    /** Ends a session and drops its frames that are still in transit. */
    record Close(long session) implements Command {}

    /**
     * Sends a frame.
     *
     * @param from number of this node in the session
     * @param to the transport of the same lane on the other node
     * @param whenDelivered is told when it has arrived; null for no notice
     */
    record Send(long session, int from, ActorRef<Command> to, byte[] frame, long id, ActorRef<Notice> whenDelivered)
            implements Command {}

    /**
     * A part of a frame.
     *
     * @param stream of all chunks of one session from one node to another
     * @param number of chunks sent before on that stream
     * @param total length of the frame
     * @param at offset in the frame
     * @param bytes array that holds the chunk, from {@code begin}, {@code length} bytes long
     */
    record Chunk(
            ActorRef<Command> sender,
            long session,
            int from,
            long stream,
            long number,
            int total,
            int at,
            byte[] bytes,
            int begin,
            int length)
            implements Command {}

    /** All chunks of a stream before {@code next} have arrived. */
    record Ack(long stream, long next) implements Command {}

    private record Tick() implements Command {}

    private record Receiver(long session, ActorRef<Command> to) {}

    private record Outgoing(ActorRef<Command> to, OutgoingStream stream) {}

    private record Sender(ActorRef<Command> sender, long stream) {}

    private final int chunkBytes;
    private final int acknowledgeEvery;
    private final long largest;
    private final Map<Long, ActorRef<Notice>> clients = new HashMap<>();
    private final Map<Receiver, Outgoing> outgoing = new HashMap<>();
    private final Map<Long, Outgoing> outgoingById = new HashMap<>();
    private final Map<Sender, IncomingStream> incoming = new HashMap<>();
    private long streams;

    private ChunkedTransport(
            ActorContext<Command> context, TimerScheduler<Command> timers, int chunkBytes, int acknowledgeEvery) {
        super(context);
        this.chunkBytes = chunkBytes;
        this.acknowledgeEvery = acknowledgeEvery;
        largest = context.getSystem()
                .settings()
                .config()
                .getMemorySize("coterie.cluster.largest-frame")
                .toBytes();
        timers.startTimerWithFixedDelay(new Tick(), TICK);
    }

    /**
     * A transport.
     *
     * @param chunkBytes most bytes of a chunk
     * @param acknowledgeEvery chunks after which they are acknowledged at the latest; fewer than
     *     {@link #MOST_UNACKNOWLEDGED}
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
                .onMessage(Close.class, this::close)
                .onMessage(Tick.class, t -> tick())
                .build();
    }

    private Behavior<Command> close(Close c) {
        clients.remove(c.session());
        outgoing.keySet().removeIf(k -> k.session() == c.session());
        outgoingById.values().retainAll(outgoing.values());
        incoming.values().removeIf(s -> s.session() == c.session());
        return this;
    }

    private Behavior<Command> send(Send s) {
        if (s.frame().length > largest) {
            throw new IllegalArgumentException(
                    "a frame of " + s.frame().length + " bytes; coterie.cluster.largest-frame is " + largest);
        }
        Outgoing to = outgoing.computeIfAbsent(new Receiver(s.session(), s.to()), k -> {
            long id = streams++;
            Outgoing made =
                    new Outgoing(k.to(), new OutgoingStream(id, getContext().getSelf(), chunkBytes));
            outgoingById.put(id, made);
            return made;
        });
        to.stream.add(s);
        to.stream.next().forEach(to.to::tell);
        return this;
    }

    private Behavior<Command> acknowledged(Ack a) {
        Outgoing to = outgoingById.get(a.stream());
        if (to != null) {
            for (Send s : to.stream.acknowledged(a.next())) {
                if (s.whenDelivered() != null) {
                    s.whenDelivered().tell(new Delivered(s.session(), s.id()));
                }
            }
            to.stream.next().forEach(to.to::tell);
        }
        return this;
    }

    private Behavior<Command> tick() {
        incoming.forEach((from, stream) -> {
            if (stream.unacknowledged() > 0) {
                acknowledge(from, stream);
            }
        });
        outgoing.values().forEach(to -> to.stream.tick().forEach(to.to::tell));
        return this;
    }

    private Behavior<Command> chunk(Chunk c) {
        ActorRef<Notice> client = clients.get(c.session());
        if (client == null) {
            // The session is not open yet, or closed by now. A sender that still wants the chunk to arrive repeats it.
            return this;
        }
        Sender from = new Sender(c.sender(), c.stream());
        IncomingStream stream = incoming.computeIfAbsent(from, k -> new IncomingStream(c.session(), largest));
        boolean repeated = c.number() < stream.expected();
        if (stream.fits(c)) {
            byte[] frame = stream.accept(c);
            if (frame != null) {
                client.tell(new Arrived(c.session(), c.from(), frame));
            }
        } else if (c.number() == stream.expected()) {
            getContext()
                    .getLog()
                    .error("dropped an impossible chunk: {} bytes at {} of {}", c.length(), c.at(), c.total());
        }
        if (repeated || stream.unacknowledged() >= acknowledgeEvery) {
            acknowledge(from, stream);
        }
        return this;
    }

    private static void acknowledge(Sender from, IncomingStream stream) {
        stream.acknowledge();
        from.sender.tell(new Ack(from.stream, stream.expected()));
    }
}
