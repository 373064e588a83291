package coterie.model.base;

import coterie.model.files.NumberType;
import coterie.model.text.DataException;
import java.nio.ByteBuffer;
import java.util.Map;

/** A base's parameters: in Java's memory, or in files that are read when they are needed. */
public interface BaseWeights {
    DecoderConfig config();

    /** How many arrays are of each type, as files or memory hold them. */
    Map<String, Long> types();

    /** The same parameters, computed with in another way. */
    BaseWeights as(DecoderConfig config);

    /**
     * Passes all arrays on, in the order of {@link DecoderConfig#arrays}, each in pieces. An array in files is decoded
     * here, and its numbers are checked, so that loading a base decodes it once.
     *
     * @throws DataException if an array cannot be read from files, a number there is NaN or infinite, or an output head
     *     that is tied to the token embedding differs from it
     */
    void read(Sink to);

    /**
     * Checks the numbers where they are not needed.
     *
     * @throws DataException as {@link #read}
     */
    default void check() {
        read(piece -> {});
    }

    /** Takes the pieces of arrays in their order. */
    interface Sink {
        void piece(Piece piece);
    }

    /**
     * A piece of an array.
     *
     * @param array it belongs to
     * @param transposed whether pieces hold rows of the transpose
     * @param at place of its first number in the array as it is passed on
     * @param count of numbers; whole rows if the array is transposed
     * @param type F32, F16 or BF16
     * @param bytes of the numbers, a direct little-endian buffer; to be read before the call returns
     */
    record Piece(BaseArray array, boolean transposed, int at, int count, NumberType type, ByteBuffer bytes) {
        /** The numbers as float32. */
        public float[] floats() {
            float[] out = new float[count];
            type.decode(bytes, out, 0, count);
            return out;
        }
    }
}
