package coterie.actors.cluster;

import java.io.NotSerializableException;
import java.nio.BufferOverflowException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.typed.ActorRefResolver;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.serialization.ByteBufferSerializer;
import org.apache.pekko.serialization.SerializerWithStringManifest;

/** Writes chunks and acknowledgements as raw bytes straight into Artery's buffers. */
public final class ChunkSerializer extends SerializerWithStringManifest implements ByteBufferSerializer {
    private static final int IDENTIFIER = 1_804_289_383;
    private static final String CHUNK = "c";
    private static final String ACK = "a";
    private static final int HEAD_BYTES = 64;
    private static final int LONGEST_PATH = 4096;
    private final ExtendedActorSystem system;
    private volatile ActorRefResolver resolver;

    /** Called by Pekko. */
    public ChunkSerializer(ExtendedActorSystem system) {
        this.system = system;
    }

    private ActorRefResolver resolver() {
        if (resolver == null) {
            resolver = ActorRefResolver.get(Adapter.toTyped(system));
        }
        return resolver;
    }

    @Override
    public int identifier() {
        return IDENTIFIER;
    }

    @Override
    public String manifest(Object o) {
        return o instanceof ChunkedTransport.Chunk ? CHUNK : ACK;
    }

    @Override
    public void toBinary(Object o, ByteBuffer buffer) {
        // Artery's own header is in the same buffer, in little-endian order: write through a view.
        ByteBuffer to = buffer.slice().order(ByteOrder.BIG_ENDIAN);
        if (o instanceof ChunkedTransport.Chunk c) {
            byte[] sender = path(c);
            to.putInt(sender.length)
                    .put(sender)
                    .putLong(c.session())
                    .putInt(c.from())
                    .putLong(c.stream())
                    .putLong(c.number())
                    .putInt(c.total())
                    .putInt(c.at())
                    .putInt(c.length())
                    .put(c.bytes(), c.begin(), c.length());
        } else {
            ChunkedTransport.Ack a = (ChunkedTransport.Ack) o;
            to.putLong(a.stream()).putLong(a.next());
        }
        buffer.position(buffer.position() + to.position());
    }

    private byte[] path(ChunkedTransport.Chunk c) {
        return resolver().toSerializationFormat(c.sender()).getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public byte[] toBinary(Object o) {
        ByteBuffer to = ByteBuffer.allocate(
                o instanceof ChunkedTransport.Chunk c ? HEAD_BYTES + path(c).length + c.length() : HEAD_BYTES);
        toBinary(o, to);
        return Arrays.copyOf(to.array(), to.position());
    }

    @Override
    public Object fromBinary(ByteBuffer buffer, String manifest) throws NotSerializableException {
        ByteBuffer from = buffer.slice().order(ByteOrder.BIG_ENDIAN);
        try {
            return switch (manifest) {
                case ACK -> new ChunkedTransport.Ack(from.getLong(), from.getLong());
                case CHUNK -> {
                    byte[] sender = bytes(from, LONGEST_PATH);
                    long session = from.getLong();
                    int node = from.getInt();
                    long stream = from.getLong();
                    long number = from.getLong();
                    int total = from.getInt();
                    int at = from.getInt();
                    byte[] bytes = bytes(from, from.limit());
                    yield new ChunkedTransport.Chunk(
                            resolver().resolveActorRef(new String(sender, StandardCharsets.UTF_8)),
                            session,
                            node,
                            stream,
                            number,
                            total,
                            at,
                            bytes,
                            0,
                            bytes.length);
                }
                default -> throw new NotSerializableException("not a message of a transport: " + manifest);
            };
        } catch (BufferUnderflowException | BufferOverflowException e) {
            throw new NotSerializableException("a message that ends too early");
        }
    }

    private static byte[] bytes(ByteBuffer from, int most) throws NotSerializableException {
        int length = from.getInt();
        if (length < 0 || length > most || length > from.remaining()) {
            throw new NotSerializableException("a length of " + length);
        }
        byte[] bytes = new byte[length];
        from.get(bytes);
        return bytes;
    }

    @Override
    public Object fromBinary(byte[] bytes, String manifest) throws NotSerializableException {
        return fromBinary(ByteBuffer.wrap(bytes), manifest);
    }
}
