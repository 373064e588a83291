package coterie.model.files;

/**
 * Conversions between float32 and the two 16-bit formats, which Java 17 lacks. All round to the nearest, ties to even.
 */
public final class HalfFloat {
    private HalfFloat() {}

    /** IEEE binary16 of a float32; too large becomes infinite. */
    public static short toFloat16(float f) {
        int bits = Float.floatToRawIntBits(f);
        int sign = bits >>> 16 & 0x8000;
        int magnitude = bits & 0x7fffffff;
        if (magnitude > 0x7f800000) {
            return (short) (sign | 0x7e00);
        }
        if (magnitude >= 0x477ff000) {
            return (short) (sign | 0x7c00);
        }
        if (magnitude < 0x38800000) {
            // Below the smallest normal: adding 0.5 makes the hardware round to the subnormals' spacing of 2^-24.
            return (short) (sign | Float.floatToRawIntBits(Float.intBitsToFloat(magnitude) + 0.5f) - 0x3f000000);
        }
        int odd = magnitude >>> 13 & 1;
        return (short) (sign | magnitude + 0xc8000fff + odd >>> 13);
    }

    /** The float32 of an IEEE binary16, exactly. */
    public static float fromFloat16(short h) {
        int sign = (h & 0x8000) << 16;
        int magnitude = h & 0x7fff;
        if (magnitude >= 0x7c00) {
            return Float.intBitsToFloat(sign | 0x7f800000 | (magnitude & 0x3ff) << 13);
        }
        if (magnitude < 0x400) {
            float value = magnitude * 0x1.0p-24f;
            return sign == 0 ? value : -value;
        }
        return Float.intBitsToFloat(sign | (magnitude << 13) + 0x38000000);
    }

    /** bfloat16 of a float32. */
    public static short toBfloat16(float f) {
        int bits = Float.floatToRawIntBits(f);
        if ((bits & 0x7fffffff) > 0x7f800000) {
            return (short) (bits >>> 16 | 0x40);
        }
        return (short) (bits + 0x7fff + (bits >>> 16 & 1) >>> 16);
    }

    /** The float32 of a bfloat16, exactly. */
    public static float fromBfloat16(short b) {
        return Float.intBitsToFloat(b << 16);
    }
}
