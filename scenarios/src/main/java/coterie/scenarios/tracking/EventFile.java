package coterie.scenarios.tracking;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32C;

/**
 * A file of TensorBoard events: TFRecords (length, its masked CRC-32C, an {@code Event} as a protocol buffer, its
 * masked CRC-32C). Field numbers are those of TensorFlow's {@code event.proto} and {@code summary.proto}, and of
 * {@code plugin_data.proto} of the hparams plug-in.
 */
final class EventFile implements AutoCloseable {
    private static final int MASK = 0xa282ead8;
    private static final int FLOAT = 1;
    private final OutputStream out;

    /** Writes the fields of a message. */
    interface Fields {
        void write(CodedOutputStream to) throws IOException;
    }

    EventFile(Path file, double seconds) throws IOException {
        out = Files.newOutputStream(file);
        event(seconds, 0, e -> e.writeString(3, "brain.Event:2"));
    }

    /** The bytes of a message. */
    static ByteString message(Fields fields) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        CodedOutputStream to = CodedOutputStream.newInstance(bytes);
        try {
            fields.write(to);
            to.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return ByteString.copyFrom(bytes.toByteArray());
    }

    void scalar(String tag, double seconds, long step, double value) throws IOException {
        summary(seconds, step, v -> {
            v.writeString(1, tag);
            v.writeFloat(2, (float) value);
        });
    }

    void image(String tag, double seconds, long step, int width, int height, byte[] png) throws IOException {
        summary(seconds, step, v -> {
            v.writeString(1, tag);
            v.writeBytes(4, message(i -> {
                i.writeInt32(1, height);
                i.writeInt32(2, width);
                i.writeInt32(3, 3);
                i.writeByteArray(4, png);
            }));
        });
    }

    /** A value for a plug-in: the plug-in's message in the metadata, and an empty tensor. */
    void plugin(String tag, double seconds, String plugin, ByteString content) throws IOException {
        summary(seconds, 0, v -> {
            v.writeString(1, tag);
            v.writeBytes(
                    9,
                    message(m -> m.writeBytes(1, message(p -> {
                        p.writeString(1, plugin);
                        p.writeBytes(2, content);
                    }))));
            v.writeBytes(8, message(t -> {
                t.writeEnum(1, FLOAT);
                t.writeBytes(2, message(shape -> shape.writeBytes(2, message(d -> d.writeInt64(1, 1)))));
                t.writeFloat(5, 0);
            }));
        });
    }

    private void summary(double seconds, long step, Fields value) throws IOException {
        event(seconds, step, e -> e.writeBytes(5, message(s -> s.writeBytes(1, message(value)))));
    }

    private void event(double seconds, long step, Fields what) throws IOException {
        byte[] event = message(e -> {
                    e.writeDouble(1, seconds);
                    e.writeInt64(2, step);
                    what.write(e);
                })
                .toByteArray();
        ByteBuffer record = ByteBuffer.allocate(event.length + 16).order(ByteOrder.LITTLE_ENDIAN);
        record.putLong(event.length)
                .putInt(masked(record.array(), 0, 8))
                .put(event)
                .putInt(masked(event, 0, event.length));
        out.write(record.array());
    }

    private static int masked(byte[] bytes, int from, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, from, length);
        return Integer.rotateRight((int) crc.getValue(), 15) + MASK;
    }

    void flush() throws IOException {
        out.flush();
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
