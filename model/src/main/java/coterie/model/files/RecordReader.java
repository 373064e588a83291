package coterie.model.files;

import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads one value in the encoding of {@link RecordCodec}, and all that it refers to. */
final class RecordReader {
    private static final int LONGEST_TEXT = 1 << 20;
    private static final int DEEPEST = 100;
    private static final int CHUNK = 1 << 14;

    private final RecordTypes types;
    private final DataInputStream in;
    /** No length can be greater. */
    private final int most;

    private final List<Object> read = new ArrayList<>();
    private int depth;

    RecordReader(RecordTypes types, DataInputStream in, int most) {
        this.types = types;
        this.in = in;
        this.most = most;
    }

    Object value() throws IOException {
        int tag = in.readUnsignedByte();
        if (tag >= RecordTag.ALL.length) {
            throw new IOException("no such tag: " + tag);
        }
        return switch (RecordTag.ALL[tag]) {
            case NULL -> null;
            case INT -> in.readInt();
            case LONG -> in.readLong();
            case DOUBLE -> in.readDouble();
            case BOOLEAN -> in.readBoolean();
            case TEXT -> new String(bytes(Math.min(length(), LONGEST_TEXT)), StandardCharsets.UTF_8);
            case ENUM -> constant();
            case BACK -> back();
            default -> composite(RecordTag.ALL[tag]);
        };
    }

    private Object constant() throws IOException {
        Class<?> type = type();
        int ordinal = in.readUnsignedShort();
        Object[] constants = type.getEnumConstants();
        if (constants == null || ordinal >= constants.length) {
            throw new IOException("no constant " + ordinal + " of " + type.getSimpleName());
        }
        return constants[ordinal];
    }

    private Object back() throws IOException {
        int at = in.readInt();
        if (at < 0 || at >= read.size() || read.get(at) == null) {
            throw new IOException("a reference to nothing");
        }
        return read.get(at);
    }

    private Object composite(RecordTag tag) throws IOException {
        int slot = read.size();
        read.add(null);
        if (++depth > DEEPEST) {
            throw new IOException("values within values, more than " + DEEPEST + " deep");
        }
        Object v = switch (tag) {
            case FLOATS -> floats(length());
            case INTS -> {
                int[] x = new int[length()];
                for (int k = 0; k < x.length; k++) {
                    x[k] = in.readInt();
                }
                yield x;
            }
            case LONGS -> {
                long[] x = new long[length()];
                for (int k = 0; k < x.length; k++) {
                    x[k] = in.readLong();
                }
                yield x;
            }
            case DOUBLES -> {
                double[] x = new double[length()];
                for (int k = 0; k < x.length; k++) {
                    x[k] = in.readDouble();
                }
                yield x;
            }
            case BOOLEANS -> {
                boolean[] x = new boolean[length()];
                for (int k = 0; k < x.length; k++) {
                    x[k] = in.readBoolean();
                }
                yield x;
            }
            case BYTES -> bytes(length());
            case LIST -> {
                int n = length();
                List<Object> list = new ArrayList<>();
                for (int k = 0; k < n; k++) {
                    list.add(value());
                }
                yield list;
            }
            case MAP -> {
                int n = length();
                Map<Object, Object> map = new LinkedHashMap<>();
                for (int k = 0; k < n; k++) {
                    map.put(value(), value());
                }
                yield map;
            }
            default -> record();
        };
        depth--;
        read.set(slot, v);
        return v;
    }

    private Object record() throws IOException {
        int place = types.place(type());
        RecordCodec.Encoded<?> own = types.encoding(place);
        if (own != null) {
            if (!(value() instanceof byte[] bytes)) {
                throw new IOException("bytes are wanted");
            }
            try {
                return own.decode().apply(bytes);
            } catch (IllegalArgumentException e) {
                throw new IOException(e);
            }
        }
        Shape shape = types.shape(place);
        if (shape == null) {
            throw new IOException("an enum where a record is wanted");
        }
        Object[] parts = new Object[shape.size()];
        for (int k = 0; k < parts.length; k++) {
            parts[k] = value();
        }
        return shape.instance(parts);
    }

    private Class<?> type() throws IOException {
        int place = in.readUnsignedShort();
        Class<?> type = types.type(place);
        if (type == null) {
            throw new IOException("no such type: " + place);
        }
        return type;
    }

    private int length() throws IOException {
        int n = in.readInt();
        if (n < 0 || n > most) {
            throw new IOException("a length of " + n);
        }
        return n;
    }

    private byte[] bytes(int n) throws IOException {
        byte[] b = in.readNBytes(n);
        if (b.length < n) {
            throw new IOException("the end comes too early");
        }
        return b;
    }

    private float[] floats(int n) throws IOException {
        float[] x = new float[n];
        for (int at = 0; at < n; at += CHUNK) {
            int m = Math.min(CHUNK, n - at);
            ByteBuffer.wrap(bytes(4 * m)).asFloatBuffer().get(x, at, m);
        }
        return x;
    }
}
