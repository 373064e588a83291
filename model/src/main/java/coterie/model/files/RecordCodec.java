package coterie.model.files;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.function.Function;

/**
 * Encodes object graphs as bytes, and decodes them: records, {@link FieldState}s, enums, arrays of numbers, lists and
 * maps, of types on a closed list. Identity is preserved: an array with several references is written once, and is one
 * array when read.
 *
 * <p>A value is a tag followed by its contents. A record is the number of its type on the list, followed by its
 * components in order. Numbers are big-endian.
 */
public final class RecordCodec {
    private final RecordTypes types;

    /** A type with an encoding of its own. */
    public record Encoded<T>(Class<T> type, Function<T, byte[]> encode, Function<byte[], T> decode) {
        byte[] bytes(Object o) {
            return encode.apply(type.cast(o));
        }
    }

    /**
     * Creates a codec.
     *
     * @param types all records, {@link FieldState}s and enums that may occur; their order is part of the format
     * @param encoded types with encodings of their own, which are numbered after {@code types}
     */
    public RecordCodec(List<Class<?>> types, List<Encoded<?>> encoded) {
        this(RecordTypes.of(types, encoded));
    }

    private RecordCodec(RecordTypes types) {
        this.types = types;
    }

    /**
     * Returns a codec with other encodings of some types.
     *
     * @throws IllegalArgumentException for a type that is not on the list
     */
    public RecordCodec with(Encoded<?>... more) {
        return new RecordCodec(types.with(List.of(more)));
    }

    /**
     * Returns a codec with additional types.
     *
     * @param first number of the first; numbers are part of the format
     * @throws IllegalArgumentException for a type that is on the list already, or a number that is taken
     */
    public RecordCodec with(int first, List<Class<?>> more) {
        return more.isEmpty() ? this : new RecordCodec(types.with(first, more));
    }

    /**
     * Encodes a value and all that it refers to.
     *
     * @throws IllegalArgumentException for a type that is not on the list
     */
    public byte[] bytes(Object value) {
        return bytes(value, new byte[0], 0);
    }

    /**
     * Encodes a value after a head.
     *
     * @param room estimated length of the encoding in bytes
     */
    public byte[] bytes(Object value, byte[] head, int room) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(Math.max(32, head.length + room));
        try {
            bytes.write(head);
            new RecordWriter(types, new DataOutputStream(bytes)).value(value);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /**
     * Decodes what {@link #bytes} returned. Allocates no array longer than the input.
     *
     * @throws IOException if the bytes are something else
     */
    public Object read(byte[] bytes) throws IOException {
        return read(bytes, 0);
    }

    /** Decodes what follows a head of this length. */
    public Object read(byte[] bytes, int head) throws IOException {
        ByteArrayInputStream in = new ByteArrayInputStream(bytes, head, bytes.length - head);
        return new RecordReader(types, new DataInputStream(in), bytes.length).value();
    }
}
