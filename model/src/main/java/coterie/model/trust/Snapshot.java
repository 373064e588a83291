package coterie.model.trust;

/**
 * What a user publishes at the end of a turn. Immutable and shared by all who receive it; its arrays must not be
 * changed.
 *
 * @param user who published it
 * @param turn the turn at whose end it was made, counted from 0; also its version
 * @param iteration local iterations inside it
 * @param values what is mixed: the adapter's parameters θ [P], or the update Δθ [P] of the turn, as the scenario
 *     exchanges the one or the other
 * @param parameters θ [P] after training. Where parameters are exchanged, the same array as {@code values}. Where
 *     updates are, a second one if the strategy looks at parameters ({@link TrustStrategy#needsParameters}), since θ
 *     does not follow from Δθ; otherwise null
 * @param predictions logits on the shared set, where the strategy wants them, else null
 * @param hash of {@code values}, and of {@code parameters} where they are another array, bit for bit
 */
public record Snapshot(
        int user, int turn, int iteration, float[] values, float[] parameters, Predictions predictions, long hash) {
    /** Of parameters. */
    public Snapshot(int user, int turn, int iteration, float[] values, Predictions predictions) {
        this(user, turn, iteration, values, predictions, hash(values));
    }

    /** Of parameters whose hash is known. */
    public Snapshot(int user, int turn, int iteration, float[] values, Predictions predictions, long hash) {
        this(user, turn, iteration, values, values, predictions, hash);
    }

    /**
     * Of an update.
     *
     * @param update Δθ [P]
     * @param parameters θ [P] after training, where they are sent as well; otherwise null
     */
    public static Snapshot ofUpdate(
            int user, int turn, int iteration, float[] update, float[] parameters, Predictions predictions) {
        long hash = parameters == null ? hash(update) : 31 * hash(update) + hash(parameters);
        return new Snapshot(user, turn, iteration, update, parameters, predictions, hash);
    }

    /** What a snapshot is known by: two with the same key are the same. */
    public record Key(int user, int turn, int iteration, long hash) {}

    public Key key() {
        return new Key(user, turn, iteration, hash);
    }

    /** A snapshot of which nothing is here but its key: for those who only pass on that it was sent. */
    public static Snapshot absent(Key k) {
        return new Snapshot(k.user, k.turn, k.iteration, null, null, null, k.hash);
    }

    /** Bytes of the numbers that are mixed, and of the parameters beside them, on a wire: four each. */
    public long parameterBytes() {
        return 4L * values.length + (parameters == null || parameters == values ? 0 : 4L * parameters.length);
    }

    /** Bytes of the encoded predictions on a wire. */
    public long predictionBytes() {
        return predictions == null ? 0 : predictions.bytes();
    }

    /** Whether all numbers of a row are finite: none is infinite or NaN. */
    public static boolean finite(float[] values) {
        // Zero times a finite number is zero, times any other NaN. Four sums do not wait for one another.
        float a = 0;
        float b = 0;
        float c = 0;
        float d = 0;
        int k = 0;
        for (; k + 3 < values.length; k += 4) {
            a += values[k] * 0;
            b += values[k + 1] * 0;
            c += values[k + 2] * 0;
            d += values[k + 3] * 0;
        }
        for (; k < values.length; k++) {
            a += values[k] * 0;
        }
        return a + b + c + d == 0;
    }

    /** A 64-bit hash of a row's bits. */
    public static long hash(float[] values) {
        long h = values.length;
        for (float v : values) {
            h = (h ^ Float.floatToRawIntBits(v)) * 0x9E3779B97F4A7C15L;
            h ^= h >>> 29;
        }
        return h;
    }
}
