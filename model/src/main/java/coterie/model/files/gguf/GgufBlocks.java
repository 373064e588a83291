package coterie.model.files.gguf;

import coterie.model.files.HalfFloat;
import java.nio.ByteBuffer;

/**
 * Decodes blocks of numbers to float32.
 *
 * <p>A block of a quantised type holds integers q and a scale d, for some types a minimum m too: x = d·q, or d·q + m.
 * In the K types a block of 256 has parts of 16 or 32 numbers whose scales are integers too. Products and sums are
 * float32 and in the order of the Python package {@code gguf}, so that both read the same bits. Source of the layouts:
 * {@code ggml-quants.c} of llama.cpp.
 */
final class GgufBlocks {
    private GgufBlocks() {}

    /**
     * Decodes whole blocks.
     *
     * @param in little-endian, begins with the first block
     * @param out receives the numbers
     * @param at index of the first
     * @param n how many, a multiple of the type's block
     */
    static void decode(ByteBuffer in, GgufType type, float[] out, int at, int n) {
        if (type == GgufType.F32) {
            in.asFloatBuffer().get(out, at, n);
            return;
        }
        for (int k = 0; k < n / type.block; k++) {
            int from = k * type.bytes;
            int to = at + k * type.block;
            switch (type) {
                case F16 -> out[to] = half(in, from);
                case BF16 -> out[to] = HalfFloat.fromBfloat16(in.getShort(from));
                case Q4_0 -> nibbles(in, from + 2, half(in, from), -8, 0, out, to);
                case Q4_1 -> nibbles(in, from + 4, half(in, from), 0, half(in, from + 2), out, to);
                case Q5_0 -> fives(in, from + 2, half(in, from), -16, 0, out, to);
                case Q5_1 -> fives(in, from + 4, half(in, from), 0, half(in, from + 2), out, to);
                case Q8_0 -> {
                    float d = half(in, from);
                    for (int j = 0; j < 32; j++) {
                        out[to + j] = d * in.get(from + 2 + j);
                    }
                }
                case Q4_K -> fourK(in, from, out, to);
                case Q5_K -> fiveK(in, from, out, to);
                case Q6_K -> sixK(in, from, out, to);
                default -> throw new AssertionError(type);
            }
        }
    }

    private static float half(ByteBuffer in, int at) {
        return HalfFloat.fromFloat16(in.getShort(at));
    }

    /** 32 numbers of four bits: the low halves of 16 bytes, then the high ones. */
    private static void nibbles(ByteBuffer in, int at, float d, int zero, float m, float[] out, int to) {
        for (int j = 0; j < 16; j++) {
            int b = in.get(at + j);
            out[to + j] = d * ((b & 15) + zero) + m;
            out[to + j + 16] = d * ((b >> 4 & 15) + zero) + m;
        }
    }

    /** As {@link #nibbles}, with the fifth bits of all numbers in four bytes before them. */
    private static void fives(ByteBuffer in, int at, float d, int zero, float m, float[] out, int to) {
        int fifth = in.getInt(at);
        for (int j = 0; j < 16; j++) {
            int b = in.get(at + 4 + j);
            out[to + j] = d * ((b & 15 | (fifth >>> j & 1) << 4) + zero) + m;
            out[to + j + 16] = d * ((b >> 4 & 15 | (fifth >>> j + 16 & 1) << 4) + zero) + m;
        }
    }

    /** Scale (six bits) of part {@code j} of eight in a block of the types Q4_K and Q5_K. */
    private static int scale(ByteBuffer in, int at, int j) {
        return j < 4 ? in.get(at + j) & 63 : in.get(at + j + 4) & 15 | (in.get(at + j - 4) >> 6 & 3) << 4;
    }

    /** Minimum (six bits) of the part. */
    private static int minimum(ByteBuffer in, int at, int j) {
        return j < 4 ? in.get(at + j + 4) & 63 : in.get(at + j + 4) >> 4 & 15 | (in.get(at + j) >> 6 & 3) << 4;
    }

    private static void fourK(ByteBuffer in, int from, float[] out, int to) {
        float d = half(in, from);
        float m = half(in, from + 2);
        for (int j = 0; j < 8; j++) {
            float scale = d * scale(in, from + 4, j);
            float minimum = m * minimum(in, from + 4, j);
            for (int l = 0; l < 32; l++) {
                int q = in.get(from + 16 + 32 * (j / 2) + l) >> 4 * (j % 2) & 15;
                out[to + 32 * j + l] = scale * q - minimum;
            }
        }
    }

    private static void fiveK(ByteBuffer in, int from, float[] out, int to) {
        float d = half(in, from);
        float m = half(in, from + 2);
        for (int j = 0; j < 8; j++) {
            float scale = d * scale(in, from + 4, j);
            float minimum = m * minimum(in, from + 4, j);
            for (int l = 0; l < 32; l++) {
                int low = in.get(from + 48 + 32 * (j / 2) + l) >> 4 * (j % 2) & 15;
                int fifth = in.get(from + 16 + l) >> j & 1;
                out[to + 32 * j + l] = scale * (low | fifth << 4) - minimum;
            }
        }
    }

    private static void sixK(ByteBuffer in, int from, float[] out, int to) {
        float d = half(in, from + 208);
        for (int i = 0; i < 256; i++) {
            int l = i % 32;
            int quarter = i / 32 % 4;
            int half = i / 128;
            int low = in.get(from + 64 * half + 32 * (quarter % 2) + l) >> 4 * (quarter / 2) & 15;
            int high = in.get(from + 128 + 32 * half + l) >> 2 * quarter & 3;
            float scale = d * in.get(from + 192 + i / 16);
            out[to + i] = scale * ((low | high << 4) - 32);
        }
    }
}
