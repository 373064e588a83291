package coterie.model.files;

import java.nio.ByteBuffer;

/** How files store the numbers of an array. Bytes are little-endian. */
public enum NumberType {
    F32(4),
    F16(2),
    BF16(2),
    F64(8);

    private final int bytes;

    NumberType(int bytes) {
        this.bytes = bytes;
    }

    /** Bytes of a number. */
    public int bytes() {
        return bytes;
    }

    /**
     * Decodes numbers to float32.
     *
     * @param from begins with the first number; little-endian
     * @param to written from {@code at}, {@code count} numbers
     */
    public void decode(ByteBuffer from, float[] to, int at, int count) {
        switch (this) {
            case F32 -> from.asFloatBuffer().get(to, at, count);
            case F16 -> {
                for (int i = 0; i < count; i++) {
                    to[at + i] = HalfFloat.fromFloat16(from.getShort(2 * i));
                }
            }
            case BF16 -> {
                for (int i = 0; i < count; i++) {
                    to[at + i] = HalfFloat.fromBfloat16(from.getShort(2 * i));
                }
            }
            case F64 -> {
                for (int i = 0; i < count; i++) {
                    to[at + i] = (float) from.getDouble(8 * i);
                }
            }
        }
    }
}
