package coterie.model.files.gguf;

import coterie.topology.files.Shown;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The header of a GGUF file, checked against the file's size: no count or length is used before the bytes are known to
 * exist.
 *
 * @param metadata values by key: Boolean, Long, Double, String, or a list of one of these
 * @param entries arrays by name, in the file's order
 * @param data offset of the data in the file
 */
record GgufHeader(Map<String, Object> metadata, Map<String, Entry> entries, long data) {
    private static final int MAGIC = 0x46554747;
    private static final int LONGEST_NAME = 1 << 16;
    /** The kinds of values, by the numbers of the format. */
    private static final String[] KINDS = {
        "uint8", "int8", "uint16", "int16", "uint32", "int32", "float32", "bool", "string", "array", "uint64", "int64",
        "float64"
    };

    private static final int[] SIZES = {1, 1, 2, 2, 4, 4, 4, 1, 8, 12, 8, 8, 8};
    private static final int STRING = 8;
    private static final int ARRAY = 9;

    /**
     * An array.
     *
     * @param type of its numbers
     * @param shape outermost dimension first, as safetensors has it; the file's order is the reverse
     * @param begin first byte, counted from the beginning of the data
     * @param end byte after the last one
     */
    record Entry(GgufType type, long[] shape, long begin, long end) {}

    /**
     * Reads a header.
     *
     * @param bytes the file's beginning
     * @param size of the file
     * @throws IOException with the file and the key or array, if it is not valid
     */
    static GgufHeader parse(ByteBuffer bytes, long size, String file) throws IOException {
        ByteBuffer in = bytes.order(ByteOrder.LITTLE_ENDIAN);
        try {
            if (in.remaining() < 24 || in.getInt() != MAGIC) {
                throw new IOException(file + " is not a GGUF file: it does not begin with GGUF");
            }
            int version = in.getInt();
            if (version != 2 && version != 3) {
                throw new IOException(file + ": GGUF version must be 2 or 3, found "
                        + (Integer.reverseBytes(version) <= 3 && version != 0
                                ? "the big-endian form of " + Integer.reverseBytes(version)
                                : Integer.toUnsignedString(version)));
            }
            int arrays = count(in, 1 + 8 + 4 + 8 + 4 + 8, file + ": the number of arrays");
            int keys = count(in, 8 + 4 + 1, file + ": the number of metadata keys");
            Map<String, Object> metadata = new LinkedHashMap<>();
            for (int i = 0; i < keys; i++) {
                String key = text(in, file + ": metadata key " + i);
                String at = file + ": " + Shown.of(key, 60);
                if (metadata.put(key, value(in, in.getInt(), at)) != null) {
                    throw new IOException(at + " is there twice");
                }
            }
            return withArrays(in, arrays, metadata, size, file);
        } catch (BufferUnderflowException e) {
            throw new IOException(file + ": it is cut off within its header, at byte " + in.position(), e);
        }
    }

    private static GgufHeader withArrays(
            ByteBuffer in, int arrays, Map<String, Object> metadata, long size, String file) throws IOException {
        long alignment = metadata.get("general.alignment") instanceof Long a ? a : 32;
        if (alignment < 8 || alignment > 1 << 20 || alignment % 8 != 0) {
            throw new IOException(
                    file + ": general.alignment must be a multiple of 8 from 8 to 1048576, found " + alignment);
        }
        Map<String, Entry> entries = new LinkedHashMap<>();
        for (int i = 0; i < arrays; i++) {
            String name = text(in, file + ": name of array " + i);
            String at = file + ": array " + Shown.of(name, 60);
            if (entries.put(name, entry(in, alignment, at)) != null) {
                throw new IOException(at + " is there twice");
            }
        }
        long data = (in.position() + alignment - 1) / alignment * alignment;
        refuseOverlaps(entries, size - data, file);
        return new GgufHeader(metadata, entries, data);
    }

    private static Entry entry(ByteBuffer in, long alignment, String at) throws IOException {
        int dimensions = in.getInt();
        if (dimensions < 1 || dimensions > 4) {
            throw new IOException(at + " must have 1 to 4 dimensions, found " + Integer.toUnsignedString(dimensions));
        }
        long[] shape = new long[dimensions];
        long numbers = 1;
        for (int d = dimensions - 1; d >= 0; d--) {
            shape[d] = in.getLong();
            if (shape[d] < 1 || shape[d] > Integer.MAX_VALUE || numbers > (1L << 40) / shape[d]) {
                throw new IOException(
                        at + " has a dimension of " + Long.toUnsignedString(shape[d]) + ", which is more than is read");
            }
            numbers *= shape[d];
        }
        int id = in.getInt();
        GgufType type = GgufType.of(id)
                .orElseThrow(() -> new IOException(at + " is of type " + Integer.toUnsignedString(id)
                        + " of ggml, readable are " + GgufType.all()));
        if (shape[dimensions - 1] % type.block != 0) {
            throw new IOException(at + " has rows of " + shape[dimensions - 1] + " numbers; those of " + type
                    + " are multiples of " + type.block);
        }
        long begin = in.getLong();
        long bytes = numbers / type.block * type.bytes;
        if (begin < 0 || begin % alignment != 0 || begin > Long.MAX_VALUE - bytes) {
            throw new IOException(at + " begins at byte " + Long.toUnsignedString(begin)
                    + " of the data, which is not a multiple of general.alignment, " + alignment);
        }
        return new Entry(type, shape, begin, begin + bytes);
    }

    private static void refuseOverlaps(Map<String, Entry> entries, long data, String file) throws IOException {
        List<Map.Entry<String, Entry>> inOrder = new ArrayList<>(entries.entrySet());
        inOrder.sort(Comparator.comparingLong(e -> e.getValue().begin));
        long end = 0;
        for (Map.Entry<String, Entry> e : inOrder) {
            if (e.getValue().begin < end) {
                throw new IOException(file + ": array " + e.getKey() + " begins within the array before it, at byte "
                        + e.getValue().begin + " of the data");
            }
            end = e.getValue().end;
            if (end > data) {
                throw new IOException(file + ": it is cut off: array " + e.getKey() + " ends at byte " + end
                        + " of the data, the file has " + Math.max(0, data));
            }
        }
    }

    /** A count of items, each of at least the given number of bytes. */
    private static int count(ByteBuffer in, int bytes, String what) throws IOException {
        long n = in.getLong();
        if (n < 0 || n > in.remaining() / bytes) {
            throw new IOException(what + " is " + Long.toUnsignedString(n) + ", more than the file has room for");
        }
        return (int) n;
    }

    private static String text(ByteBuffer in, String what) throws IOException {
        int n = count(in, 1, what + ": its length");
        if (n > in.remaining() || n > LONGEST_NAME) {
            throw new IOException(what + " is longer than " + LONGEST_NAME + " bytes");
        }
        return utf8(in, n, what);
    }

    private static String utf8(ByteBuffer in, int n, String what) throws IOException {
        ByteBuffer bytes = in.slice(in.position(), n);
        in.position(in.position() + n);
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
        } catch (CharacterCodingException e) {
            throw new IOException(what + " is not UTF-8", e);
        }
    }

    private static Object value(ByteBuffer in, int kind, String at) throws IOException {
        return switch (kind) {
            case 0 -> (long) (in.get() & 0xff);
            case 1 -> (long) in.get();
            case 2 -> (long) (in.getShort() & 0xffff);
            case 3 -> (long) in.getShort();
            case 4 -> in.getInt() & 0xffffffffL;
            case 5 -> (long) in.getInt();
            case 6 -> (double) in.getFloat();
            case 7 -> bool(in.get(), at);
            case STRING -> utf8(in, count(in, 1, at + ": its length"), at);
            case ARRAY -> list(in, at);
            case 10 -> unsigned(in.getLong(), at);
            case 11 -> in.getLong();
            case 12 -> in.getDouble();
            default ->
                throw new IOException(at + " must be of kind 0 to " + (KINDS.length - 1) + ", found "
                        + Integer.toUnsignedString(kind));
        };
    }

    private static boolean bool(byte b, String at) throws IOException {
        if (b != 0 && b != 1) {
            throw new IOException(at + " must be true (1) or false (0), found " + b);
        }
        return b == 1;
    }

    private static long unsigned(long v, String at) throws IOException {
        if (v < 0) {
            throw new IOException(at + " must be less than 2^63, found " + Long.toUnsignedString(v));
        }
        return v;
    }

    private static List<Object> list(ByteBuffer in, String at) throws IOException {
        int kind = in.getInt();
        if (kind < 0 || kind >= KINDS.length || kind == ARRAY) {
            throw new IOException(at + " must be a list of numbers, truth values or texts, found one of "
                    + (kind == ARRAY ? "lists" : "kind " + Integer.toUnsignedString(kind)));
        }
        int n = count(in, SIZES[kind], at + ": its length");
        List<Object> values = new ArrayList<>(n);
        for (int i = 0; i < n; i++) {
            values.add(value(in, kind, at));
        }
        return values;
    }
}
