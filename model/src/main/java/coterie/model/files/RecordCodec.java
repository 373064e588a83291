package coterie.model.files;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Encodes object graphs as bytes, and decodes them: records, {@link FieldState}s, enums, arrays of numbers, lists and
 * maps, of types on a closed list. Identity is kept: an array that many hold is written once, and is one array when
 * read.
 *
 * <p>A value is a tag and its contents; a record is the place of its type on the list and its components in order.
 * Numbers are big-endian.
 */
public final class RecordCodec {
    private static final int LONGEST_TEXT = 1 << 20;
    private static final int DEEPEST = 100;
    private static final int CHUNK = 1 << 14;

    private enum Tag {
        NULL,
        BACK,
        RECORD,
        ENUM,
        INT,
        LONG,
        DOUBLE,
        BOOLEAN,
        TEXT,
        INTS,
        LONGS,
        DOUBLES,
        FLOATS,
        BYTES,
        BOOLEANS,
        LIST,
        MAP
    }

    private static final Tag[] TAGS = Tag.values();

    private final Map<Integer, Class<?>> types;
    private final Map<Class<?>, Integer> places;
    /** By place; null for enums. */
    private final Map<Integer, Shape> shapes;
    /** By place. */
    private final Map<Integer, Encoded<?>> encoded;

    /** A type by an encoding of its own. */
    public record Encoded<T>(Class<T> type, Function<T, byte[]> encode, Function<byte[], T> decode) {
        private byte[] bytes(Object o) {
            return encode.apply(type.cast(o));
        }
    }

    /**
     * Creates a codec of these types.
     *
     * @param types all records, {@link FieldState}s and enums that may occur; their order is part of the format
     * @param encoded types with encodings of their own, which come after those
     */
    public RecordCodec(List<Class<?>> types, List<Encoded<?>> encoded) {
        this.types = new HashMap<>();
        places = new HashMap<>();
        shapes = new HashMap<>();
        List<Class<?>> all = new ArrayList<>(types);
        encoded.forEach(e -> all.add(e.type));
        add(0, all);
        this.encoded = encodings(Map.of(), encoded);
    }

    private RecordCodec(RecordCodec other, List<Encoded<?>> more) {
        types = other.types;
        places = other.places;
        shapes = other.shapes;
        encoded = encodings(other.encoded, more);
    }

    private RecordCodec(RecordCodec other, int first, List<Class<?>> more) {
        types = new HashMap<>(other.types);
        places = new HashMap<>(other.places);
        shapes = new HashMap<>(other.shapes);
        encoded = other.encoded;
        add(first, more);
    }

    private void add(int first, List<Class<?>> more) {
        for (int k = 0; k < more.size(); k++) {
            Class<?> t = more.get(k);
            if (places.putIfAbsent(t, first + k) != null || types.putIfAbsent(first + k, t) != null) {
                throw new IllegalArgumentException(t.getName() + " is on the list already, or its place is taken");
            }
            shapes.put(first + k, Shape.of(t));
        }
    }

    private Map<Integer, Encoded<?>> encodings(Map<Integer, Encoded<?>> some, List<Encoded<?>> more) {
        Map<Integer, Encoded<?>> all = new HashMap<>(some);
        more.forEach(e -> all.put(place(e.type), e));
        return all;
    }

    /**
     * The same types, some of them by other encodings.
     *
     * @throws IllegalArgumentException for a type that is not on the list
     */
    public RecordCodec with(Encoded<?>... more) {
        return new RecordCodec(this, List.of(more));
    }

    /**
     * Adds types.
     *
     * @param first place of the first; places are part of the format
     * @throws IllegalArgumentException for a type that is on the list already, or a place that is taken
     */
    public RecordCodec with(int first, List<Class<?>> more) {
        return more.isEmpty() ? this : new RecordCodec(this, first, more);
    }

    private final class Writing {
        private final DataOutputStream out;
        private final Map<Object, Integer> written = new IdentityHashMap<>();

        Writing(DataOutputStream out) {
            this.out = out;
        }

        private void tag(Tag t) throws IOException {
            out.writeByte(t.ordinal());
        }

        void value(Object v) throws IOException {
            if (v == null) {
                tag(Tag.NULL);
            } else if (v instanceof Integer i) {
                tag(Tag.INT);
                out.writeInt(i);
            } else if (v instanceof Long l) {
                tag(Tag.LONG);
                out.writeLong(l);
            } else if (v instanceof Double d) {
                tag(Tag.DOUBLE);
                out.writeDouble(d);
            } else if (v instanceof Boolean b) {
                tag(Tag.BOOLEAN);
                out.writeBoolean(b);
            } else if (v instanceof String s) {
                tag(Tag.TEXT);
                byte[] utf8 = s.getBytes(java.nio.charset.StandardCharsets.UTF_8);
                out.writeInt(utf8.length);
                out.write(utf8);
            } else if (v instanceof Enum<?> e) {
                tag(Tag.ENUM);
                out.writeShort(place(e.getDeclaringClass()));
                out.writeShort(e.ordinal());
            } else {
                Integer back = written.putIfAbsent(v, written.size());
                if (back != null) {
                    tag(Tag.BACK);
                    out.writeInt(back);
                } else {
                    composite(v);
                }
            }
        }

        private void composite(Object v) throws IOException {
            if (v instanceof float[] x) {
                tag(Tag.FLOATS);
                out.writeInt(x.length);
                ByteBuffer chunk = ByteBuffer.allocate(4 * CHUNK);
                for (int at = 0; at < x.length; at += CHUNK) {
                    int n = Math.min(CHUNK, x.length - at);
                    chunk.clear().asFloatBuffer().put(x, at, n);
                    out.write(chunk.array(), 0, 4 * n);
                }
            } else if (v instanceof int[] x) {
                tag(Tag.INTS);
                out.writeInt(x.length);
                for (int i : x) {
                    out.writeInt(i);
                }
            } else if (v instanceof long[] x) {
                tag(Tag.LONGS);
                out.writeInt(x.length);
                for (long l : x) {
                    out.writeLong(l);
                }
            } else if (v instanceof double[] x) {
                tag(Tag.DOUBLES);
                out.writeInt(x.length);
                for (double d : x) {
                    out.writeDouble(d);
                }
            } else if (v instanceof boolean[] x) {
                tag(Tag.BOOLEANS);
                out.writeInt(x.length);
                for (boolean b : x) {
                    out.writeBoolean(b);
                }
            } else if (v instanceof byte[] x) {
                tag(Tag.BYTES);
                out.writeInt(x.length);
                out.write(x);
            } else if (v instanceof List<?> list) {
                tag(Tag.LIST);
                out.writeInt(list.size());
                for (Object o : list) {
                    value(o);
                }
            } else if (v instanceof Map<?, ?> map) {
                tag(Tag.MAP);
                out.writeInt(map.size());
                for (Map.Entry<?, ?> e : map.entrySet()) {
                    value(e.getKey());
                    value(e.getValue());
                }
            } else {
                tag(Tag.RECORD);
                int place = place(v.getClass());
                out.writeShort(place);
                if (encoded.containsKey(place)) {
                    value(encoded.get(place).bytes(v));
                    return;
                }
                Shape shape = shapes.get(place);
                for (int k = 0; k < shape.size(); k++) {
                    value(shape.part(v, k));
                }
            }
        }
    }

    private int place(Class<?> type) {
        Integer p = places.get(type);
        if (p == null) {
            throw new IllegalArgumentException(type.getName() + " is not on the list of what may be written");
        }
        return p;
    }

    /**
     * A value and all that hangs on it, as bytes.
     *
     * @throws IllegalArgumentException for a type that is not on the list
     */
    public byte[] bytes(Object value) {
        return bytes(value, new byte[0], 0);
    }

    /**
     * The same behind some other bytes.
     *
     * @param room bytes that it will take, about
     */
    public byte[] bytes(Object value, byte[] head, int room) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(Math.max(32, head.length + room));
        try {
            bytes.write(head);
            new Writing(new DataOutputStream(bytes)).value(value);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /**
     * Reads what {@link #bytes} made.
     *
     * @throws IOException where they are something else; nothing larger than they are is ever made room for
     */
    public Object read(byte[] bytes) throws IOException {
        return read(bytes, 0);
    }

    /** Reads what stands in some bytes behind a head of a length. */
    public Object read(byte[] bytes, int head) throws IOException {
        return new Reading(
                        new DataInputStream(new ByteArrayInputStream(bytes, head, bytes.length - head)), bytes.length)
                .value();
    }

    private final class Reading {
        private final DataInputStream in;
        /** No length can be greater. */
        private final int most;

        private final List<Object> read = new ArrayList<>();
        private int depth;

        Reading(DataInputStream in, int most) {
            this.in = in;
            this.most = most;
        }

        Object value() throws IOException {
            int tag = in.readUnsignedByte();
            if (tag >= TAGS.length) {
                throw new IOException("no such tag: " + tag);
            }
            return switch (TAGS[tag]) {
                case NULL -> null;
                case INT -> in.readInt();
                case LONG -> in.readLong();
                case DOUBLE -> in.readDouble();
                case BOOLEAN -> in.readBoolean();
                case TEXT ->
                    new String(bytes(Math.min(length(), LONGEST_TEXT)), java.nio.charset.StandardCharsets.UTF_8);
                case ENUM -> constant();
                case BACK -> back();
                default -> composite(TAGS[tag]);
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

        private Object composite(Tag tag) throws IOException {
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
            int place = places.get(type());
            if (encoded.containsKey(place)) {
                if (!(value() instanceof byte[] bytes)) {
                    throw new IOException("bytes are wanted");
                }
                try {
                    return encoded.get(place).decode.apply(bytes);
                } catch (IllegalArgumentException e) {
                    throw new IOException(e);
                }
            }
            Shape shape = shapes.get(place);
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
            Class<?> type = types.get(place);
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
}
