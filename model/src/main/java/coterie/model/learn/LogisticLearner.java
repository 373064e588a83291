package coterie.model.learn;

import coterie.model.exchange.Snapshot;
import coterie.model.task.Task;
import coterie.model.trust.TrustManager;
import coterie.model.trust.TrustRow;
import coterie.topology.random.Purpose;
import coterie.topology.random.RandomStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Softmax regression on data of its own, in plain Java: the smallest learner that learns, for studies of many users and
 * for measuring the engine with something to do. An iteration is one step of stochastic gradient descent on half of the
 * rows, one half after the other.
 *
 * <p>Parameters [2 · (D + 1)]: the weights of class 0, then of class 1, each with its bias last. Data: rows drawn
 * around the means of two classes that are the same for all users, in proportions that are each user's own.
 */
public final class LogisticLearner implements Learner {
    private static final int CLASSES = 2;
    private static final float RATE = 0.1f;
    private final int user;
    private final int inputs;
    private final int rows;
    private final int evaluateEvery;
    private final TrustManager trustManager;
    /** [rows][D + 1], the last column 1. */
    private final float[] x;

    private final byte[] label;
    private float[] parameters;
    private float[] saved;

    /**
     * A user and its data.
     *
     * @param rows even
     * @param evaluateEvery iterations between evaluations of the loss on its own data
     */
    public LogisticLearner(int user, long seed, int inputs, int rows, int evaluateEvery, TrustManager trustManager) {
        this.user = user;
        this.inputs = inputs;
        this.rows = rows;
        this.evaluateEvery = evaluateEvery;
        this.trustManager = trustManager;
        x = new float[rows * (inputs + 1)];
        label = new byte[rows];
        RandomStream means = RandomStream.of(seed, Purpose.DOCUMENTS, -1);
        float[] mean = new float[CLASSES * inputs];
        for (int k = 0; k < mean.length; k++) {
            mean[k] = (float) means.gaussian() / 2;
        }
        RandomStream own = RandomStream.of(seed, Purpose.DOCUMENTS, user);
        double share = own.uniform(0.2, 0.8);
        for (int r = 0; r < rows; r++) {
            label[r] = (byte) (own.chance(share) ? 1 : 0);
            for (int d = 0; d < inputs; d++) {
                // A uniform number does: drawing normal ones would be most of the work.
                x[r * (inputs + 1) + d] = mean[label[r] * inputs + d] + (float) own.uniform(-2, 2);
            }
            x[r * (inputs + 1) + inputs] = 1;
        }
        parameters = new float[CLASSES * (inputs + 1)];
        saved = parameters;
    }

    /** Computes on the caller's thread: a step takes microseconds, less than handing it to another. */
    @Override
    public CompletableFuture<TurnOutcome> turn(TurnPlan plan) {
        if (plan.save()) {
            saved = parameters;
            trustManager.save();
        }
        TrustRow row = null;
        long mixed = 0;
        if (plan.beginning() instanceof TurnPlan.Mix m) {
            TrustManager.Mixed result = trustManager.mix(m.input(), null, c -> loss(c.parameters()), known -> {});
            row = result.row();
            parameters = result.parameters();
            mixed = Snapshot.hash(parameters);
        } else if (plan.beginning() instanceof TurnPlan.Given g) {
            parameters = g.parameters();
            mixed = Snapshot.hash(parameters);
        } else if (plan.beginning() instanceof TurnPlan.Saved) {
            parameters = saved;
            trustManager.restore();
        }
        List<TurnOutcome.Evaluation> evaluations = new ArrayList<>(1);
        if (plan.evaluateFirst()) {
            evaluations.add(evaluation(plan.firstIteration(), parameters));
        }
        float[] w = parameters.clone();
        int end = plan.firstIteration() + plan.iterations();
        for (int i = plan.firstIteration(); i < end; i++) {
            if (i > plan.firstIteration() && i % evaluateEvery == 0) {
                evaluations.add(evaluation(i, w));
            }
            int half = rows / 2;
            step(w, i % 2 * half, half);
        }
        if (!Snapshot.finite(w)) {
            return CompletableFuture.completedFuture(
                    TurnOutcome.diverged(row, mixed, evaluations, new Divergence(end, Divergence.Symptom.PARAMETERS)));
        }
        parameters = w;
        long hash = Snapshot.hash(w);
        Snapshot snapshot = plan.publish() ? new Snapshot(user, plan.turn(), end, w, null, hash) : null;
        return CompletableFuture.completedFuture(
                new TurnOutcome(row, mixed, evaluations, Double.NaN, plan.iterations(), w, hash, snapshot));
    }

    private TurnOutcome.Evaluation evaluation(int iteration, float[] w) {
        return new TurnOutcome.Evaluation(iteration, Task.LANGUAGE_MODELLING.values(loss(w)));
    }

    /** w ← w − rate / n · Σ (p − y) x over n rows. */
    private void step(float[] w, int from, int n) {
        int width = inputs + 1;
        float[] gradient = new float[w.length];
        for (int r = from; r < from + n; r++) {
            float p1 = probability(w, r);
            float error = p1 - label[r];
            int at = r * width;
            // Both classes' errors are each other's opposite.
            for (int d = 0; d < width; d++) {
                gradient[d] -= error * x[at + d];
            }
        }
        float scale = RATE / n;
        for (int d = 0; d < width; d++) {
            w[d] -= scale * gradient[d];
            w[width + d] += scale * gradient[d];
        }
    }

    /** Of class 1. */
    private float probability(float[] w, int row) {
        int width = inputs + 1;
        int at = row * width;
        // Four sums: the processor need not wait for one addition to begin the next.
        float a = 0;
        float b = 0;
        float c = 0;
        float e = 0;
        int d = 0;
        for (; d + 3 < width; d += 4) {
            a += x[at + d] * (w[width + d] - w[d]);
            b += x[at + d + 1] * (w[width + d + 1] - w[d + 1]);
            c += x[at + d + 2] * (w[width + d + 2] - w[d + 2]);
            e += x[at + d + 3] * (w[width + d + 3] - w[d + 3]);
        }
        for (; d < width; d++) {
            a += x[at + d] * (w[width + d] - w[d]);
        }
        return (float) (1 / (1 + StrictMath.exp(-(a + b + c + e))));
    }

    /** Mean cross-entropy on the user's own data, in nats. */
    private double loss(float[] w) {
        double sum = 0;
        for (int r = 0; r < rows; r++) {
            float p = probability(w, r);
            sum -= StrictMath.log(Math.max(1e-12, label[r] == 1 ? p : 1 - p));
        }
        return sum / rows;
    }

    @Override
    public LearnerState state() {
        return new LearnerState(
                parameters,
                null,
                null,
                null,
                false,
                0,
                new LearnerState.Saved(saved, null, null, null, 0, null),
                null,
                trustManager.state());
    }

    @Override
    public void restore(LearnerState state) {
        parameters = state.row();
        saved = state.saved().row();
        trustManager.restore(state.trust());
    }

    @Override
    public void close() {
        // Everything is on Java's heap.
    }
}
