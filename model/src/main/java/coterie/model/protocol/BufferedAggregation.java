package coterie.model.protocol;

import java.util.ArrayList;
import java.util.List;

/**
 * FedBuff's server (Nguyen et al., "Federated Learning with Buffered Asynchronous Aggregation", arXiv 2106.06639):
 * updates are gathered, and when there are K, x ← x + η / K · Σ s(τ) Δ with s(τ) = 1/√(1 + τ), τ being the number of
 * server versions since the update's sender had its model. The sum is divided by K and not by Σ s.
 *
 * <p>Worked example: K = 2, η = 1, x = 10; updates 2 (τ = 0) and 4 (τ = 3) give x = 10 + (2 + 4 · 0.5) / 2 = 12.
 */
public final class BufferedAggregation {
    /** One that waits for others. */
    public record Update(float[] delta, int staleness) {}

    /** A server between two updates. */
    public record State(List<Update> buffer, float[] model, int version) {}

    private final int size;
    private final double rate;
    private final List<Update> buffer = new ArrayList<>();
    private float[] model;
    private int version;

    /**
     * A server.
     *
     * @param size K
     * @param rate η, the server's learning rate
     * @param start x [P]
     */
    public BufferedAggregation(int size, double rate, float[] start) {
        if (size < 1 || !(rate > 0)) {
            throw new IllegalArgumentException(
                    "buffer must be at least 1 and server_rate greater than 0, found " + size + " and " + rate);
        }
        this.size = size;
        this.rate = rate;
        model = start;
    }

    /** s(τ) = (1 + τ)^−½. */
    public static double discount(int staleness) {
        return 1 / Math.sqrt(1.0 + staleness);
    }

    /**
     * Takes an update.
     *
     * @param delta [P]
     * @param from version of the model it was computed on
     * @return its staleness τ
     */
    public int add(float[] delta, int from) {
        int staleness = Math.max(0, version - from);
        buffer.add(new Update(delta, staleness));
        if (buffer.size() == size) {
            aggregate();
        }
        return staleness;
    }

    private void aggregate() {
        float[] next = new float[model.length];
        for (int k = 0; k < next.length; k++) {
            double sum = 0;
            for (Update u : buffer) {
                sum += discount(u.staleness) * u.delta[k];
            }
            next[k] = (float) (model[k] + rate / size * sum);
        }
        model = next;
        version++;
        buffer.clear();
    }

    public State state() {
        return new State(new ArrayList<>(buffer), model, version);
    }

    /** Goes on from a state. */
    public void restore(State s) {
        buffer.clear();
        buffer.addAll(s.buffer);
        model = s.model;
        version = s.version;
    }

    /** x [P]; not to be changed. */
    public float[] model() {
        return model;
    }

    /** How often it was changed. */
    public int version() {
        return version;
    }
}
