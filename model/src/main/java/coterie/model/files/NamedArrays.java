package coterie.model.files;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;

/**
 * Named arrays in one or more files. They are read in pieces, so that no array need be in Java's memory as a whole.
 * Each format of weights has one implementation. For one thread at a time.
 */
public interface NamedArrays extends AutoCloseable {
    /** Approximate number of numbers in a piece: 4 MB in float32. */
    int PIECE = 1 << 20;

    /** The name of the source in messages. */
    String origin();

    /** The name in messages of the file with an array. */
    default String origin(String name) {
        return origin();
    }

    Set<String> names();

    /** Number of arrays of each type, by the format's own names. */
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
     * @param multiple every piece but the last has a multiple of this number of numbers
     * @throws IOException if there is none of this name, or it cannot be read
     */
    void read(String name, int multiple, Sink to) throws IOException;

    /** Receives the pieces of an array in order. */
    interface Sink {
        /**
         * Receives a piece.
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
     * @throws IOException as {@link #check} and {@link #read}, and if a number is NaN or infinite
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
