package coterie.model.files;

import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/** Writes one value in the encoding of {@link RecordCodec}, and all that it refers to. */
final class RecordWriter {
    private static final int CHUNK = 1 << 14;

    private final RecordTypes types;
    private final DataOutputStream out;
    private final Map<Object, Integer> written = new IdentityHashMap<>();

    RecordWriter(RecordTypes types, DataOutputStream out) {
        this.types = types;
        this.out = out;
    }

    private void tag(RecordTag t) throws IOException {
        out.writeByte(t.ordinal());
    }

    void value(Object v) throws IOException {
        if (v == null) {
            tag(RecordTag.NULL);
        } else if (v instanceof Integer i) {
            tag(RecordTag.INT);
            out.writeInt(i);
        } else if (v instanceof Long l) {
            tag(RecordTag.LONG);
            out.writeLong(l);
        } else if (v instanceof Double d) {
            tag(RecordTag.DOUBLE);
            out.writeDouble(d);
        } else if (v instanceof Boolean b) {
            tag(RecordTag.BOOLEAN);
            out.writeBoolean(b);
        } else if (v instanceof String s) {
            tag(RecordTag.TEXT);
            byte[] utf8 = s.getBytes(StandardCharsets.UTF_8);
            out.writeInt(utf8.length);
            out.write(utf8);
        } else if (v instanceof Enum<?> e) {
            tag(RecordTag.ENUM);
            out.writeShort(types.place(e.getDeclaringClass()));
            out.writeShort(e.ordinal());
        } else {
            Integer back = written.putIfAbsent(v, written.size());
            if (back != null) {
                tag(RecordTag.BACK);
                out.writeInt(back);
            } else {
                composite(v);
            }
        }
    }

    private void composite(Object v) throws IOException {
        if (v instanceof float[] x) {
            tag(RecordTag.FLOATS);
            out.writeInt(x.length);
            ByteBuffer chunk = ByteBuffer.allocate(4 * CHUNK);
            for (int at = 0; at < x.length; at += CHUNK) {
                int n = Math.min(CHUNK, x.length - at);
                chunk.clear().asFloatBuffer().put(x, at, n);
                out.write(chunk.array(), 0, 4 * n);
            }
        } else if (v instanceof int[] x) {
            tag(RecordTag.INTS);
            out.writeInt(x.length);
            for (int i : x) {
                out.writeInt(i);
            }
        } else if (v instanceof long[] x) {
            tag(RecordTag.LONGS);
            out.writeInt(x.length);
            for (long l : x) {
                out.writeLong(l);
            }
        } else if (v instanceof double[] x) {
            tag(RecordTag.DOUBLES);
            out.writeInt(x.length);
            for (double d : x) {
                out.writeDouble(d);
            }
        } else if (v instanceof boolean[] x) {
            tag(RecordTag.BOOLEANS);
            out.writeInt(x.length);
            for (boolean b : x) {
                out.writeBoolean(b);
            }
        } else if (v instanceof byte[] x) {
            tag(RecordTag.BYTES);
            out.writeInt(x.length);
            out.write(x);
        } else if (v instanceof List<?> list) {
            tag(RecordTag.LIST);
            out.writeInt(list.size());
            for (Object o : list) {
                value(o);
            }
        } else if (v instanceof Map<?, ?> map) {
            tag(RecordTag.MAP);
            out.writeInt(map.size());
            for (Map.Entry<?, ?> e : map.entrySet()) {
                value(e.getKey());
                value(e.getValue());
            }
        } else {
            tag(RecordTag.RECORD);
            int place = types.place(v.getClass());
            out.writeShort(place);
            RecordCodec.Encoded<?> own = types.encoding(place);
            if (own != null) {
                value(own.bytes(v));
                return;
            }
            Shape shape = types.shape(place);
            for (int k = 0; k < shape.size(); k++) {
                value(shape.part(v, k));
            }
        }
    }
}
