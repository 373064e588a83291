package coterie.model.files;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;

/**
 * Arrays by name, as one or more files hold them. They are read in pieces, so that no array need be in Java's memory as
 * a whole. Every format of weights is one implementation. For one thread at a time.
 */
public interface NamedArrays extends AutoCloseable {
    /** Numbers in a piece, about: 4 MB in float32. */
    int PIECE = 1 << 20;

    /** What messages call the source. */
    String origin();

    /** What messages call the file that holds an array. */
    default String origin(String name) {
        return origin();
    }

    Set<String> names();

    /** How many arrays are of each type, by the format's own names. */
    Map<String, Long> types();

    /**
     * Checks that an array is there, has this shape and a readable type, without reading it.
     *
     * @throws IOException which of these does not hold
     */
    void check(String name, int... shape) throws IOException;

    /**
     * Reads an array, row-major.
     *
     * @param multiple of which every piece but the last has a multiple of numbers
     * @throws IOException where there is none of this name or it cannot be read
     */
    void read(String name, int multiple, Sink to) throws IOException;

    /** Takes pieces of an array in their order. */
    interface Sink {
        /**
         * Takes a piece.
         *
         * @param at place of its first number in the array
         * @param count of numbers
         * @param type F32, F16 or BF16
         * @param bytes of the numbers, a direct buffer in little-endian order; overwritten when this returns
         */
        void piece(int at, int count, NumberType type, ByteBuffer bytes) throws IOException;
    }

    /**
     * The numbers of an array as float32.
     *
     * @throws IOException as {@link #check} and {@link #read}, and where a number is NaN or infinite
     */
    default float[] floats(String name, int... shape) throws IOException {
        check(name, shape);
        float[] out = new float[Arrays.stream(shape).reduce(1, Math::multiplyExact)];
        read(name, 1, (at, count, type, bytes) -> {
            type.decode(bytes, out, at, count);
            checkFinite(name, shape, out, at, at, count);
        });
        return out;
    }

    /**
     * Checks that numbers are finite.
     *
     * @param from place of the numbers in {@code numbers}
     * @param at place of the first of them in the array
     * @throws IOException with array and index of the first that is not
     */
    default void checkFinite(String name, int[] shape, float[] numbers, int from, int at, int count)
            throws IOException {
        for (int i = 0; i < count; i++) {
            if (!Float.isFinite(numbers[from + i])) {
                throw new IOException(origin(name) + ": array " + name + " is " + numbers[from + i] + " at index "
                        + Arrays.toString(index(at + i, shape)) + "; all numbers must be finite");
            }
        }
    }

    private static int[] index(int flat, int[] shape) {
        int[] index = new int[shape.length];
        int rest = flat;
        for (int k = shape.length - 1; k >= 0; k--) {
            index[k] = rest % shape[k];
            rest /= shape[k];
        }
        return index;
    }

    @Override
    void close() throws IOException;
}
