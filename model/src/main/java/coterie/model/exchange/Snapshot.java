package coterie.model.exchange;

/**
 * What a user publishes at the end of a turn. Immutable and shared by all receivers in a process; its arrays must not
 * be changed.
 *
 * @param user the publisher
 * @param turn the turn it ends, counted from 0; also its version
 * @param iteration local iterations done by its end
 * @param layout name of the layout of the parameters. Snapshots are mixed only if their layouts have the same name;
 *     what mixes them calls {@link #requireLayout}
 * @param values what is mixed: the parameters θ [P], or the update Δθ [P] of the turn, as the scenario exchanges
 *     parameters or updates
 * @param parameters θ [P] after training. The same array as {@code values} where parameters are exchanged. Where
 *     updates are exchanged, a second array if the strategy compares parameters, since θ does not follow from Δθ;
 *     otherwise null
 * @param predictions logits on the shared set if the strategy compares predictions, otherwise null
 * @param hash of the bits of {@code values}, and of {@code parameters} where that is another array; where the
 *     predictions do not follow from the parameters, of them too
 */
public record Snapshot(
        int user,
        int turn,
        int iteration,
        String layout,
        float[] values,
        float[] parameters,
        Predictions predictions,
        long hash) {
    /** The layout of parameters that all users of a run lay out alike. */
    public static final String ONE_LAYOUT = "";

    /** A snapshot of parameters in {@link #ONE_LAYOUT}. */
    public Snapshot(int user, int turn, int iteration, float[] values, Predictions predictions) {
        this(user, turn, iteration, ONE_LAYOUT, values, predictions, hash(values));
    }

    /** A snapshot of parameters whose hash is known. */
    public Snapshot(
            int user, int turn, int iteration, String layout, float[] values, Predictions predictions, long hash) {
        this(user, turn, iteration, layout, values, values, predictions, hash);
    }

    /** A snapshot of other parameters in the same layout, without predictions. */
    public Snapshot of(int publisher, int publishedTurn, int iterations, float[] others) {
        return new Snapshot(publisher, publishedTurn, iterations, layout, others, null, hash(others));
    }

    /**
     * This snapshot with other parameters and predictions in place of its own. User, turn, iteration and layout stay.
     *
     * @param others parameters or update [P], as {@code values} are
     * @param otherPredictions null if there are none
     */
    public Snapshot with(float[] others, Predictions otherPredictions) {
        return new Snapshot(
                user, turn, iteration, layout, others, otherPredictions, hash(others, others, otherPredictions));
    }

    /**
     * Requires the layout of the parameters that this snapshot is to be mixed with.
     *
     * @throws IllegalArgumentException if it is another
     */
    public void requireLayout(String expected) {
        if (!layout.equals(expected)) {
            throw new IllegalArgumentException("the parameters of user " + user + " are laid out as \"" + layout
                    + "\", expected \"" + expected + "\": parameters of different layouts cannot be mixed");
        }
    }

    /**
     * A snapshot of an update in the same layout, without parameters and predictions.
     *
     * @param update Δθ [P]
     */
    public Snapshot ofUpdate(float[] update) {
        return ofUpdate(user, turn, iteration, layout, update, null, null);
    }

    /**
     * A snapshot of an update.
     *
     * @param update Δθ [P]
     * @param parameters θ [P] after training, if they are sent as well, otherwise null
     */
    public static Snapshot ofUpdate(
            int user,
            int turn,
            int iteration,
            String layout,
            float[] update,
            float[] parameters,
            Predictions predictions) {
        long hash = parameters == null ? hash(update) : 31 * hash(update) + hash(parameters);
        return new Snapshot(user, turn, iteration, layout, update, parameters, predictions, hash);
    }

    /** Identifies a snapshot: two with the same key are equal. */
    public record Key(int user, int turn, int iteration, long hash) {}

    public Key key() {
        return new Key(user, turn, iteration, hash);
    }

    /** A snapshot without content, for a process that only relays the fact that it was sent. */
    public static Snapshot absent(Key k) {
        return new Snapshot(k.user, k.turn, k.iteration, null, null, null, null, k.hash);
    }

    /** Encoded size in bytes of {@code values}, and of {@code parameters} where that is another array: four each. */
    public long parameterBytes() {
        return 4L * values.length + (parameters == null || parameters == values ? 0 : 4L * parameters.length);
    }

    /** Encoded size in bytes of the predictions. */
    public long predictionBytes() {
        return predictions == null ? 0 : predictions.bytes();
    }

    /** Whether no element is infinite or NaN. */
    public static boolean finite(float[] values) {
        // 0 · x is 0 for finite x, otherwise NaN. Four independent sums keep the pipeline busy.
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

    /** x − y, element by element: a new array. */
    public static float[] difference(float[] x, float[] y) {
        float[] out = new float[x.length];
        for (int i = 0; i < out.length; i++) {
            out[i] = x[i] - y[i];
        }
        return out;
    }

    /** A 64-bit hash of the bits of an array. */
    public static long hash(float[] values) {
        long h = values.length;
        for (float v : values) {
            h = (h ^ Float.floatToRawIntBits(v)) * 0x9E3779B97F4A7C15L;
            h ^= h >>> 29;
        }
        return h;
    }

    /**
     * A 64-bit hash of all content of a snapshot, for one whose predictions do not follow from its parameters.
     *
     * @param parameters may be {@code values}, or null
     * @param predictions null if there are none
     */
    public static long hash(float[] values, float[] parameters, Predictions predictions) {
        long h = hash(values);
        if (parameters != values && parameters != null) {
            h = 31 * h + hash(parameters);
        }
        return predictions == null ? h : 31 * h + predictions.hash();
    }
}
