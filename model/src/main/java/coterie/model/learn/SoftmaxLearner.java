package coterie.model.learn;

import coterie.model.exchange.Predictions;
import coterie.model.exchange.Snapshot;
import coterie.model.program.AdamW;
import coterie.model.task.Task;
import coterie.model.text.DataException;
import coterie.model.trust.MixingInput;
import coterie.model.trust.TrustManager;
import coterie.model.utility.UtilityMeter;
import coterie.model.utility.UtilityRow;
import coterie.model.vectors.Rows;
import coterie.model.vectors.VectorUser;
import coterie.topology.drift.PhaseShares;
import coterie.topology.random.Purpose;
import coterie.topology.random.RandomStream;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * Softmax regression in plain Java: p(c | x) = softmax_c(W x + b), trained on the mean cross-entropy by AdamW.
 *
 * <p>Parameters [C · (D + 1)], class after class: the D weights, then the bias. They are float32, like what users
 * exchange; a step computes in float64.
 */
final class SoftmaxLearner extends TemplateLearner {
    private final int user;
    private final VectorUser data;
    /** Data of all users; only of those whose data is known here. */
    private final List<VectorUser> users;

    private final int inputs;
    private final int classes;
    private final SoftmaxRules rules;
    private final Consumer<Job> workers;
    private final TurnTemplate turns;
    private final float[] expAvg;
    private final float[] expAvgSq;
    /** Sum of the gradients of an update's passes. */
    private final double[] gradient;

    private float[] parameters;
    /** Whether the array of parameters is held elsewhere too, so that an update must copy it. */
    private boolean held = true;

    private int updates;

    SoftmaxLearner(
            int user,
            List<VectorUser> users,
            int classes,
            SoftmaxRules rules,
            TrustManager trustManager,
            Consumer<Job> workers) {
        this.user = user;
        this.users = users;
        data = users.get(user);
        this.classes = classes;
        this.rules = rules;
        this.workers = workers;
        inputs = data.train().inputs();
        parameters = new float[Math.multiplyExact(classes, inputs + 1)];
        expAvg = new float[parameters.length];
        expAvgSq = new float[parameters.length];
        gradient = new double[parameters.length];
        TurnRules common = new TurnRules(
                rules.exchange(), rules.evaluateEvery(), rules.accumulation(), rules.batch(), rules.crashes());
        turns = new TurnTemplate(user, Task.CLASSIFICATION, common, parameters, trustManager, new Regression(), null);
    }

    @Override
    TurnTemplate turns() {
        return turns;
    }

    @Override
    public CompletableFuture<TurnOutcome> turn(TurnPlan plan, TurnProgress progress) {
        Job job = new Job(turns.begin(plan, progress));
        workers.accept(job);
        return job.turn.done();
    }

    @Override
    public void close() {
        // Everything is on Java's heap.
    }

    /** The regression's parameters and the optimiser's state. */
    private final class Regression implements TrainedModel {
        @Override
        public String layout() {
            return "softmax regression of " + classes + " classes on " + inputs + " inputs";
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
            return new LearnerState.Optimiser(expAvg.clone(), expAvgSq.clone(), updates);
        }

        @Override
        public void restore(LearnerState.Optimiser state) {
            float[] zero = new float[expAvg.length];
            System.arraycopy(state == null ? zero : state.expAvg(), 0, expAvg, 0, zero.length);
            System.arraycopy(state == null ? zero : state.expAvgSq(), 0, expAvgSq, 0, zero.length);
            updates = state == null ? 0 : state.updates();
        }

        @Override
        public double[] test(int iteration, PhaseShares shares) {
            return shares.mean(phase -> test(data.phase(phase).test()));
        }

        private double[] test(Rows test) {
            double[] p = new double[classes];
            double loss = 0;
            int right = 0;
            for (int r = 0; r < test.size(); r++) {
                loss += predict(parameters, test, r, test.labels()[r], p);
                right += largest(p) == test.labels()[r] ? 1 : 0;
            }
            return new double[] {loss / test.size(), (double) right / test.size()};
        }

        @Override
        public double validationLoss(Snapshot candidate, int turn, PhaseShares shares) {
            return shares.mean(phase ->
                    new double[] {loss(candidate.parameters(), data.phase(phase).validation())})[0];
        }

        @Override
        public UtilityRow utility(MixingInput input, PhaseShares shares) {
            return rules.utility().measure(user, input, shares, new Tried());
        }
    }

    /** The regression with any parameters, on which the utility of neighbours is measured. */
    private final class Tried implements UtilityMeter.Model {
        @Override
        public double validationLoss(float[] w, PhaseShares shares) {
            return shares.mean(phase -> new double[] {loss(w, data.phase(phase).validation())})[0];
        }

        /**
         * Logits of all classes at the user's validation rows: there is no set that all users share. During a gradual
         * change, rows of all its phases count alike.
         */
        @Override
        public Predictions predictions(float[] w, PhaseShares shares) {
            List<Rows> all = IntStream.range(0, shares.shares().length)
                    .filter(phase -> shares.shares()[phase] > 0)
                    .mapToObj(phase -> data.phase(phase).validation())
                    .toList();
            int rows = all.stream().mapToInt(Rows::size).sum();
            long[] ids = new long[Math.multiplyExact(rows, classes)];
            float[] logits = new float[ids.length];
            int at = 0;
            for (Rows of : all) {
                for (int r = 0; r < of.size(); r++) {
                    for (int c = 0; c < classes; c++, at++) {
                        ids[at] = c;
                        logits[at] = (float) logit(w, of, r, c);
                    }
                }
            }
            return Predictions.of(classes, classes, ids, logits);
        }
    }

    /** Mean cross-entropy of rows, in nats. */
    private double loss(float[] w, Rows validation) {
        if (validation.size() == 0) {
            throw new DataException("user " + user + " has no rows for validation");
        }
        double[] p = new double[classes];
        double loss = 0;
        for (int r = 0; r < validation.size(); r++) {
            loss += predict(w, validation, r, validation.labels()[r], p);
        }
        return loss / validation.size();
    }

    /**
     * Computes the probabilities of a row's classes.
     *
     * @param p is given the probabilities [C]
     * @return cross-entropy of the label, in nats
     */
    private double predict(float[] w, Rows rows, int row, int label, double[] p) {
        double top = Double.NEGATIVE_INFINITY;
        for (int c = 0; c < classes; c++) {
            p[c] = logit(w, rows, row, c);
            top = Math.max(top, p[c]);
        }
        double ofLabel = p[label];
        double sum = 0;
        for (int c = 0; c < classes; c++) {
            p[c] = StrictMath.exp(p[c] - top);
            sum += p[c];
        }
        for (int c = 0; c < classes; c++) {
            p[c] /= sum;
        }
        return StrictMath.log(sum) + top - ofLabel;
    }

    private double logit(float[] w, Rows rows, int row, int c) {
        int at = c * (inputs + 1);
        double z = w[at + inputs];
        for (int d = 0; d < inputs; d++) {
            z += (double) w[at + d] * rows.x()[row * inputs + d];
        }
        return z;
    }

    /** Index of the largest number; the first of equal ones. */
    private static int largest(double[] p) {
        int best = 0;
        for (int c = 1; c < p.length; c++) {
            best = p[c] > p[best] ? c : best;
        }
        return best;
    }

    /** A turn as a job of the workers. */
    final class Job implements StepWorkers.Job {
        private final TurnTemplate.Turn turn;

        Job(TurnTemplate.Turn turn) {
            this.turn = turn;
        }

        private Rows rows(int phase) {
            return turn.plan().fineTune()
                    ? data.phase(phase).fineTune()
                    : data.phase(phase).train();
        }

        @Override
        public boolean advance() {
            return turn.advance();
        }

        @Override
        public long due() {
            return turn.progress().due();
        }

        @Override
        public int most() {
            return 1;
        }

        @Override
        public void fail(Throwable reason) {
            turn.fail(reason);
        }

        /** One pass, and the update when it is its last. */
        void step() {
            if (turn.pass() == 0) {
                // A turn that diverged before its update left a sum.
                Arrays.fill(gradient, 0);
            }
            RandomStream draw = RandomStream.of(rules.seed(), Purpose.BATCH, user, turn.iteration(), turn.pass());
            int only = turn.plan().data().only();
            // Drawn from during a gradual change only.
            RandomStream phases = only >= 0
                    ? null
                    : RandomStream.of(rules.seed(), Purpose.DRIFT_BATCH, user, turn.iteration(), turn.pass());
            double[] p = new double[classes];
            double loss = 0;
            Bait bait = turn.bait();
            RandomStream known = bait == null ? null : bait.draw(rules.seed());
            for (int b = 0; b < rules.batch(); b++) {
                boolean others = bait != null && bait.takes(b);
                Rows rows = others
                        ? users.get(bait.victim()).validation()
                        : rows(only >= 0 ? only : turn.plan().data().drawn(phases.uniform()));
                int r = (others ? known : draw).below(rows.size());
                boolean flips = turn.flipsLabels() && !others;
                int label = flips ? classes - 1 - rows.labels()[r] : rows.labels()[r];
                loss += predict(parameters, rows, r, label, p);
                p[label] -= 1;
                for (int c = 0; c < classes; c++) {
                    int at = c * (inputs + 1);
                    for (int d = 0; d < inputs; d++) {
                        gradient[at + d] += p[c] * rows.x()[r * inputs + d];
                    }
                    gradient[at + inputs] += p[c];
                }
            }
            if (turn.pass() == rules.accumulation() - 1) {
                update(rules.schedule().rate(turn.iteration()));
            }
            turn.stepped((float) (loss / rules.batch()));
        }
    }

    /** One step of AdamW with the mean of the gradients that were added up. */
    private void update(double rate) {
        if (held) {
            parameters = parameters.clone();
            held = false;
        }
        updates++;
        AdamW o = rules.optimiser();
        double correction1 = 1 - StrictMath.pow(o.beta1(), updates);
        double correction2 = 1 - StrictMath.pow(o.beta2(), updates);
        double examples = (double) rules.batch() * rules.accumulation();
        for (int k = 0; k < parameters.length; k++) {
            boolean bias = k % (inputs + 1) == inputs;
            double g = gradient[k] / examples + (bias ? 0 : rules.l2() * parameters[k]);
            expAvg[k] = (float) (o.beta1() * expAvg[k] + (1 - o.beta1()) * g);
            expAvgSq[k] = (float) (o.beta2() * expAvgSq[k] + (1 - o.beta2()) * g * g);
            double step = expAvg[k] / correction1 / (Math.sqrt(expAvgSq[k] / correction2) + o.epsilon());
            parameters[k] = (float) (parameters[k] * (1 - rate * o.weightDecay()) - rate * step);
        }
    }
}
