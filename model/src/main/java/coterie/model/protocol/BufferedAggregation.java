package coterie.model.protocol;

import coterie.model.files.FieldState;
import java.util.ArrayList;
import java.util.List;

/**
 * FedBuff's server (Nguyen et al., "Federated Learning with Buffered Asynchronous Aggregation", arXiv 2106.06639):
 * updates are buffered, and when there are K, x ← x + η / K · Σ s(τ) Δ with s(τ) = 1/√(1 + τ), where τ is the number of
 * versions of x since the sender of the update downloaded it. The sum is divided by K and not by Σ s.
 *
 * <p>Worked example: K = 2, η = 1, x = 10; updates 2 (τ = 0) and 4 (τ = 3) give x = 10 + (2 + 4 · 0.5) / 2 = 12.
 */
public final class BufferedAggregation {
    /** An update in the buffer. */
    public record Update(float[] delta, int staleness) {}

    /** The model and the buffered updates. */
    public static final class State implements FieldState {
        private List<Update> buffer = new ArrayList<>();
        private float[] model;
        private int version;

        private State() {}

        /**
         * Creates an empty buffer.
         *
         * @param start x [P]
         */
        public State(float[] start) {
            model = start;
        }

        /** x [P]; must not be changed. */
        public float[] model() {
            return model;
        }
    }

    private final int size;
    private final double rate;
    private final State state;

    /**
     * Creates a server that works on a state.
     *
     * @param size K
     * @param rate η, the server's learning rate
     * @throws IllegalArgumentException if {@code size} is less than 1, or {@code rate} not greater than 0
     */
    public BufferedAggregation(int size, double rate, State state) {
        if (size < 1 || !(rate > 0)) {
            throw new IllegalArgumentException(
                    "buffer must be at least 1 and server_rate greater than 0, found " + size + " and " + rate);
        }
        this.size = size;
        this.rate = rate;
        this.state = state;
    }

    /** s(τ) = (1 + τ)^−½. */
    public static double discount(int staleness) {
        return 1 / Math.sqrt(1.0 + staleness);
    }

    /**
     * Adds an update to the buffer, and applies the buffer when it is full.
     *
     * @param delta [P]
     * @param from version of the model on which it was computed
     * @return its staleness τ
     */
    public int add(float[] delta, int from) {
        int staleness = Math.max(0, state.version - from);
        state.buffer.add(new Update(delta, staleness));
        if (state.buffer.size() == size) {
            aggregate();
        }
        return staleness;
    }

    private void aggregate() {
        float[] next = new float[state.model.length];
        for (int k = 0; k < next.length; k++) {
            double sum = 0;
            for (Update u : state.buffer) {
                sum += discount(u.staleness) * u.delta[k];
            }
            next[k] = (float) (state.model[k] + rate / size * sum);
        }
        state.model = next;
        state.version++;
        state.buffer.clear();
    }

    /** Returns to an earlier version, with an empty buffer. */
    public void reset(float[] model, int version) {
        state.buffer.clear();
        state.model = model;
        state.version = version;
    }

    /** x [P]; must not be changed. */
    public float[] model() {
        return state.model;
    }

    /** Number of times that x was changed. */
    public int version() {
        return state.version;
    }
}
