package coterie.model.exchange;

import coterie.model.files.HalfFloat;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;

/**
 * A sparse matrix over positions of the shared set and tokens: k values at each of M positions, each with its token id.
 * The values are the k largest logits, or the k largest changes ({@link PredictionChanges}). They are rounded to the
 * precision of their encoding when made, so that a run computes the same whether or not they are encoded.
 *
 * <p>Encoding, little-endian: M, k and the vocabulary as int32; then for every position the largest number as float32,
 * k token ids in rising order (uint16, or int32 if the vocabulary exceeds 65,536) and for each, as float16, the largest
 * number minus its own. That is 4 bytes an entry (6 beyond 65,536 tokens), 4 a position and 12 for the header; the
 * paper counts 28 an entry.
 */
public final class Predictions {
    /** Larger changed numbers count as this one: differences must be finite as float16. */
    private static final float MOST_CHANGED = 30_000;

    private final int vocabulary;
    private final int k;
    private final int[] tokens;
    private final float[] logits;
    private final float[] floors;
    /** Computed on first use; a race is harmless, since all threads compute the same value. */
    private double length = Double.NaN;

    private Predictions(int vocabulary, int k, int[] tokens, float[] logits) {
        this.vocabulary = vocabulary;
        this.k = k;
        this.tokens = tokens;
        this.logits = logits;
        floors = new float[k == 0 ? 0 : tokens.length / k];
        for (int p = 0; p < floors.length; p++) {
            float least = Float.POSITIVE_INFINITY;
            for (int i = p * k; i < (p + 1) * k; i++) {
                least = Math.min(least, logits[i]);
            }
            floors[p] = least;
        }
    }

    /**
     * Predictions from the k largest logits.
     *
     * @param tokens [M · k] their ids, any order within a position, each id once
     * @param logits [M · k]
     */
    public static Predictions of(int vocabulary, int k, long[] tokens, float[] logits) {
        if (k < 1 || tokens.length % k != 0 || tokens.length != logits.length) {
            throw new IllegalArgumentException("need k logits at every position: k = " + k + ", " + tokens.length
                    + " ids, " + logits.length + " logits");
        }
        int[] ids = new int[tokens.length];
        float[] rounded = new float[tokens.length];
        // Token id and index in one long, so that primitives are sorted.
        long[] order = new long[k];
        for (int at = 0; at < tokens.length; at += k) {
            int start = at;
            float top = Float.NEGATIVE_INFINITY;
            for (int i = 0; i < k; i++) {
                order[i] = tokens[start + i] << 32 | i;
                top = Math.max(top, logits[start + i]);
            }
            Arrays.sort(order);
            for (int i = 0; i < k; i++) {
                ids[at + i] = (int) (order[i] >>> 32);
                rounded[at + i] =
                        top - HalfFloat.fromFloat16(HalfFloat.toFloat16(top - logits[start + (int) order[i]]));
            }
        }
        return new Predictions(vocabulary, k, ids, rounded);
    }

    /**
     * The same tokens with other numbers, rounded as by {@link #of}.
     *
     * @param change is given the numbers, position after position, in rising order of tokens
     */
    public Predictions with(DoubleUnaryOperator change) {
        float[] changed = new float[logits.length];
        for (int at = 0; at < changed.length; at += k) {
            float top = Float.NEGATIVE_INFINITY;
            for (int i = at; i < at + k; i++) {
                double x = change.applyAsDouble(logits[i]);
                changed[i] = (float) Math.max(-MOST_CHANGED, Math.min(MOST_CHANGED, x));
                top = Math.max(top, changed[i]);
            }
            for (int i = at; i < at + k; i++) {
                changed[i] = top - HalfFloat.fromFloat16(HalfFloat.toFloat16(top - changed[i]));
            }
        }
        return new Predictions(vocabulary, k, tokens, changed);
    }

    /** Whether all logits are finite; a position with one that is not has no finite minimum. */
    public boolean finite() {
        return Snapshot.finite(floors);
    }

    /** A 64-bit hash of tokens and numbers. ({@link #hashCode} is the same for negated numbers of an even count.) */
    public long hash() {
        return 31 * Snapshot.hash(logits) + Arrays.hashCode(tokens);
    }

    public int positions() {
        return floors.length;
    }

    public int k() {
        return k;
    }

    int vocabulary() {
        return vocabulary;
    }

    /** The i-th token of a position, in rising order. */
    int token(int position, int i) {
        return tokens[position * k + i];
    }

    /** The i-th number of a position, in the order of its tokens. */
    float value(int position, int i) {
        return logits[position * k + i];
    }

    /** The smallest number of a position. */
    float floor(int position) {
        return floors[position];
    }

    /** The same tokens with √p, where p is the softmax of each position's logits. */
    Predictions roots() {
        float[] roots = new float[logits.length];
        for (int at = 0; at < roots.length; at += k) {
            double top = Double.NEGATIVE_INFINITY;
            for (int i = at; i < at + k; i++) {
                top = Math.max(top, logits[i]);
            }
            double sum = 0;
            for (int i = at; i < at + k; i++) {
                sum += StrictMath.exp(logits[i] - top);
            }
            for (int i = at; i < at + k; i++) {
                roots[i] = (float) Math.sqrt(StrictMath.exp(logits[i] - top) / sum);
            }
        }
        return new Predictions(vocabulary, k, tokens, roots);
    }

    /** √(Σ x²) over positions and tokens. */
    double length() {
        double known = length;
        if (Double.isNaN(known)) {
            known = Math.sqrt(product(this));
            length = known;
        }
        return known;
    }

    /** Σ x y over positions and the tokens present in both. */
    double product(Predictions other) {
        if (positions() != other.positions()) {
            throw cannotBeCompared(other);
        }
        double sum = 0;
        for (int p = 0; p < positions(); p++) {
            int i = p * k;
            int j = p * other.k;
            int iEnd = i + k;
            int jEnd = j + other.k;
            while (i < iEnd && j < jEnd) {
                if (tokens[i] == other.tokens[j]) {
                    sum += (double) logits[i++] * other.logits[j++];
                } else if (tokens[i] < other.tokens[j]) {
                    i++;
                } else {
                    j++;
                }
            }
        }
        return sum;
    }

    private IllegalArgumentException cannotBeCompared(Predictions other) {
        return new IllegalArgumentException(
                "predictions at " + positions() + " and at " + other.positions() + " positions cannot be compared");
    }

    /** Length of the encoding in bytes. */
    public long bytes() {
        return bytes(positions(), k, vocabulary);
    }

    /** Length in bytes of the encoding of k logits at each of {@code positions} positions. */
    static long bytes(long positions, int k, int vocabulary) {
        return 12 + positions * (4L + k * (vocabulary <= 1 << 16 ? 4L : 6L));
    }

    public byte[] encode() {
        ByteBuffer b = ByteBuffer.allocate(Math.toIntExact(bytes())).order(ByteOrder.LITTLE_ENDIAN);
        b.putInt(positions()).putInt(k).putInt(vocabulary);
        for (int p = 0; p < positions(); p++) {
            float top = Float.NEGATIVE_INFINITY;
            for (int i = p * k; i < (p + 1) * k; i++) {
                top = Math.max(top, logits[i]);
            }
            b.putFloat(top);
            for (int i = p * k; i < (p + 1) * k; i++) {
                if (vocabulary <= 1 << 16) {
                    b.putShort((short) tokens[i]);
                } else {
                    b.putInt(tokens[i]);
                }
            }
            for (int i = p * k; i < (p + 1) * k; i++) {
                b.putShort(HalfFloat.toFloat16(top - logits[i]));
            }
        }
        return b.array();
    }

    /** @throws IllegalArgumentException if the bytes are not an encoding made by {@link #encode} */
    public static Predictions decode(byte[] bytes) {
        ByteBuffer b = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        try {
            int m = b.getInt();
            int k = b.getInt();
            int vocabulary = b.getInt();
            long expected = 12 + m * (4L + k * (vocabulary <= 1 << 16 ? 4L : 6L));
            if (m < 0 || k < 1 || vocabulary < 1 || expected != bytes.length) {
                throw new IllegalArgumentException(
                        "predictions of " + bytes.length + " bytes say " + m + " positions of " + k + " logits");
            }
            int[] tokens = new int[m * k];
            float[] logits = new float[m * k];
            for (int p = 0; p < m; p++) {
                float top = b.getFloat();
                for (int i = p * k; i < (p + 1) * k; i++) {
                    tokens[i] = vocabulary <= 1 << 16 ? b.getShort() & 0xffff : b.getInt();
                }
                for (int i = p * k; i < (p + 1) * k; i++) {
                    logits[i] = top - HalfFloat.fromFloat16(b.getShort());
                }
            }
            return new Predictions(vocabulary, k, tokens, logits);
        } catch (BufferUnderflowException e) {
            throw new IllegalArgumentException("predictions of " + bytes.length + " bytes end too early", e);
        }
    }

    /** The value assumed for a logit that is among the k largest of only one of two users. */
    public enum Missing {
        /** The smallest logit kept at that position: the missing one cannot be larger. */
        FLOOR,
        /**
         * Zero, as in the paper's released code. Raw logits are far from zero, so the token sets dominate the distance.
         */
        ZERO
    }

    /**
     * ‖f_i − f_j‖₁ summed over vocabulary and positions, over the tokens among the k largest of either.
     *
     * @throws IllegalArgumentException if the numbers of positions differ
     */
    public double distance(Predictions other, Missing missing) {
        if (positions() != other.positions()) {
            throw cannotBeCompared(other);
        }
        double sum = 0;
        for (int p = 0; p < positions(); p++) {
            float mine = missing == Missing.FLOOR ? floors[p] : 0;
            float theirs = missing == Missing.FLOOR ? other.floors[p] : 0;
            int i = p * k;
            int j = p * other.k;
            int iEnd = i + k;
            int jEnd = j + other.k;
            while (i < iEnd || j < jEnd) {
                int a = i < iEnd ? tokens[i] : Integer.MAX_VALUE;
                int b = j < jEnd ? other.tokens[j] : Integer.MAX_VALUE;
                float x = a <= b ? logits[i++] : mine;
                float y = b <= a ? other.logits[j++] : theirs;
                sum += Math.abs((double) x - y);
            }
        }
        return sum;
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof Predictions p
                && p.vocabulary == vocabulary
                && p.k == k
                && Arrays.equals(p.tokens, tokens)
                && Arrays.equals(p.logits, logits);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(tokens) * 31 + Arrays.hashCode(logits);
    }
}
