package coterie.model.files.gguf;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The bytes of a GGUF file, valid or invalid, written piece by piece by a test. */
public final class GgufBytes {
    static final int MAGIC = 0x46554747;
    private static final int ALIGNMENT = 32;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    /** The beginning of a file of version 3. */
    public static GgufBytes of(long arrays, long keys) {
        return new GgufBytes().u32(MAGIC).u32(3).u64(arrays).u64(keys);
    }

    GgufBytes raw(byte... b) {
        out.writeBytes(b);
        return this;
    }

    public GgufBytes u32(int v) {
        return raw(
                ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(v).array());
    }

    GgufBytes u64(long v) {
        return raw(
                ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(v).array());
    }

    GgufBytes text(String s) {
        byte[] b = s.getBytes(StandardCharsets.UTF_8);
        return u64(b.length).raw(b);
    }

    /** A key and its value: an Integer (uint32), Float, Boolean, String, or a list of texts, Floats or Integers. */
    public GgufBytes key(String key, Object value) {
        text(key);
        if (value instanceof Integer n) {
            return u32(4).u32(n);
        } else if (value instanceof Float f) {
            return u32(6).u32(Float.floatToRawIntBits(f));
        } else if (value instanceof Boolean b) {
            return u32(7).raw((byte) (b ? 1 : 0));
        } else if (value instanceof String s) {
            return u32(8).text(s);
        }
        List<?> list = (List<?>) value;
        Object first = list.get(0);
        u32(9).u32(first instanceof String ? 8 : first instanceof Float ? 6 : 5).u64(list.size());
        for (Object v : list) {
            if (v instanceof String s) {
                text(s);
            } else if (v instanceof Float x) {
                u32(Float.floatToRawIntBits(x));
            } else {
                u32((Integer) v);
            }
        }
        return this;
    }

    /** An array's entry in the header; dimensions innermost first. */
    public GgufBytes array(String name, int type, long offset, long... dimensions) {
        text(name).u32(dimensions.length);
        for (long d : dimensions) {
            u64(d);
        }
        return u32(type).u64(offset);
    }

    /** Adds zeros up to the next multiple of the alignment. */
    public GgufBytes aligned() {
        return raw(new byte[(ALIGNMENT - out.size() % ALIGNMENT) % ALIGNMENT]);
    }

    /** Aligns the data and adds this number of zeros. */
    byte[] with(int data) {
        return aligned().raw(new byte[data]).bytes();
    }

    public byte[] bytes() {
        return out.toByteArray();
    }
}
