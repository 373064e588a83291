package coterie.model.learn;

import coterie.model.exchange.Exchange;
import coterie.model.exchange.Snapshot;
import coterie.model.task.Task;
import coterie.model.trust.TrustManager;
import coterie.topology.drift.PhaseShares;
import coterie.topology.random.Purpose;
import coterie.topology.random.RandomStream;
import java.util.concurrent.CompletableFuture;

/**
 * Logistic regression on generated data, in plain Java: the load of benchmarks that time the engine with little to
 * compute. An iteration is one step of stochastic gradient descent on one half of the rows, the halves in turn.
 *
 * <p>Parameters [2 · (D + 1)]: the weights of class 0, then of class 1, each with its bias last. Data: rows drawn
 * around the means of two classes that are the same for all users, in proportions that are each user's own.
 */
public final class LogisticLearner extends TemplateLearner implements TrainedModel {
    private static final int CLASSES = 2;
    private static final float RATE = 0.1f;
    private final int inputs;
    private final int rows;
    private final TurnTemplate turns;
    /** [rows][D + 1], the last column 1. */
    private final float[] x;

    private final byte[] label;
    private float[] parameters;
    /** Whether the array of parameters is held elsewhere too, so that a step must copy it. */
    private boolean held;

    /**
     * A user and its data.
     *
     * @param rows even
     * @param evaluateEvery iterations between evaluations of the loss on its own data
     */
    public LogisticLearner(
            int user,
            long seed,
            int inputs,
            int rows,
            int evaluateEvery,
            Exchange exchange,
            TrustManager trustManager) {
        this.inputs = inputs;
        this.rows = rows;
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
                // Uniform, since drawing normal numbers would be most of the work.
                x[r * (inputs + 1) + d] = mean[label[r] * inputs + d] + (float) own.uniform(-2, 2);
            }
            x[r * (inputs + 1) + inputs] = 1;
        }
        parameters = new float[CLASSES * (inputs + 1)];
        held = true;
        TurnRules rules = new TurnRules(exchange, evaluateEvery, 1, 1, true);
        turns = new TurnTemplate(user, Task.LANGUAGE_MODELLING, rules, parameters, trustManager, this, null);
    }

    @Override
    TurnTemplate turns() {
        return turns;
    }

    /** Computes on the caller's thread: a step takes microseconds, less than handing it to another. */
    @Override
    public CompletableFuture<TurnOutcome> turn(TurnPlan plan, TurnProgress progress) {
        TurnTemplate.Turn turn = turns.begin(plan, progress);
        int half = rows / 2;
        while (turn.advance()) {
            step(own(), turn.iteration() % 2 * half, half);
            turn.stepped();
        }
        return turn.done();
    }

    /** The parameters in an array that may be written to. */
    private float[] own() {
        if (held) {
            parameters = parameters.clone();
            held = false;
        }
        return parameters;
    }

    @Override
    public String layout() {
        return Snapshot.ONE_LAYOUT;
    }

    @Override
    public float[] parameters() {
        held = true;
        return parameters;
    }

    @Override
    public void assign(float[] values) {
        parameters = values;
        held = true;
    }

    @Override
    public LearnerState.Optimiser optimiser() {
        return null;
    }

    @Override
    public void restore(LearnerState.Optimiser state) {
        // Plain gradient descent has no state.
    }

    @Override
    public double[] test(int iteration, PhaseShares data) {
        return new double[] {loss(parameters)};
    }

    @Override
    public double validationLoss(Snapshot candidate, int turn, PhaseShares data) {
        return loss(candidate.parameters());
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

    /** Probability of class 1. */
    private float probability(float[] w, int row) {
        int width = inputs + 1;
        int at = row * width;
        // Four independent sums keep the pipeline busy.
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
    public void close() {
        // Everything is on Java's heap.
    }
}
