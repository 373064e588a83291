package coterie.actors.cluster;

import coterie.actors.cluster.ChunkedTransport.Chunk;
import coterie.actors.cluster.ChunkedTransport.Command;
import coterie.actors.cluster.ChunkedTransport.Send;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;

/** What one transport sends to another in a session: cuts frames into chunks and keeps them until acknowledged. */
final class OutgoingStream {
    /** Ticks without an acknowledgement after which chunks are sent again. */
    static final int PATIENCE = 3;

    private final long id;
    private final ActorRef<Command> sender;
    private final int chunkBytes;
    private final Deque<Send> frames = new ArrayDeque<>();
    private final Deque<Chunk> unacknowledged = new ArrayDeque<>();
    /** Frames whose chunks are all sent, by the number of the chunk after their last. */
    private final Deque<Sent> sent = new ArrayDeque<>();

    private long number;
    /** Bytes of the first frame that are sent. */
    private int at;

    private int silentTicks;

    private record Sent(long end, Send frame) {}

    /**
     * @param id names the stream among all of its sender
     * @param sender receives the acknowledgements
     */
    OutgoingStream(long id, ActorRef<Command> sender, int chunkBytes) {
        this.id = id;
        this.sender = sender;
        this.chunkBytes = chunkBytes;
    }

    long id() {
        return id;
    }

    /** Queues a frame. */
    void add(Send frame) {
        frames.add(frame);
    }

    /** The next chunks, as many as may be unacknowledged. */
    List<Chunk> next() {
        List<Chunk> chunks = new ArrayList<>();
        while (!frames.isEmpty() && unacknowledged.size() < ChunkedTransport.MOST_UNACKNOWLEDGED) {
            if (unacknowledged.isEmpty()) {
                silentTicks = 0;
            }
            Send s = frames.peek();
            int length = Math.min(chunkBytes, s.frame().length - at);
            Chunk c =
                    new Chunk(sender, s.session(), s.from(), id, number++, s.frame().length, at, s.frame(), at, length);
            unacknowledged.add(c);
            chunks.add(c);
            at += length;
            if (at == s.frame().length) {
                frames.poll();
                at = 0;
                sent.add(new Sent(number, s));
            }
        }
        return chunks;
    }

    /**
     * All chunks before {@code next} have arrived.
     *
     * @return frames that are complete at the receiver by now
     */
    List<Send> acknowledged(long next) {
        while (!unacknowledged.isEmpty() && unacknowledged.peek().number() < next) {
            unacknowledged.poll();
            silentTicks = 0;
        }
        List<Send> complete = new ArrayList<>();
        while (!sent.isEmpty() && sent.peek().end <= next) {
            complete.add(sent.poll().frame);
        }
        return complete;
    }

    /** A tick has passed: the chunks to send again, usually none. */
    List<Chunk> tick() {
        if (unacknowledged.isEmpty() || ++silentTicks <= PATIENCE) {
            return List.of();
        }
        silentTicks = 0;
        return List.copyOf(unacknowledged);
    }
}
