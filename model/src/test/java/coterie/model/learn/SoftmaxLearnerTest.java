package coterie.model.learn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import coterie.model.exchange.Exchange;
import coterie.model.exchange.Snapshot;
import coterie.model.program.AdamW;
import coterie.model.trust.FedAvg;
import coterie.model.trust.MixingInput;
import coterie.model.trust.StalenessDiscount;
import coterie.model.trust.TrustManager;
import coterie.model.vectors.Rows;
import coterie.model.vectors.VectorDataset;
import coterie.model.vectors.VectorUser;
import coterie.topology.drift.PhaseShares;
import coterie.topology.random.Purpose;
import coterie.topology.random.RandomStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Softmax regression against an independent computation in float64. */
class SoftmaxLearnerTest {
    static final int CLASSES = 3;
    static final int INPUTS = 4;
    private static final int STEPS = 60;

    private static Rows rows(int n, long seed) {
        RandomStream s = RandomStream.of(seed, Purpose.DOCUMENTS);
        float[] x = new float[n * INPUTS];
        int[] labels = new int[n];
        for (int r = 0; r < n; r++) {
            labels[r] = s.below(CLASSES);
            for (int d = 0; d < INPUTS; d++) {
                x[r * INPUTS + d] = (float) (s.gaussian() + (d == labels[r] ? 1.5 : 0));
            }
        }
        return new Rows(INPUTS, x, labels);
    }

    static VectorDataset dataset(int users) {
        List<VectorUser> all = new ArrayList<>();
        for (int u = 0; u < users; u++) {
            Rows none = new Rows(INPUTS, new float[0], new int[0]);
            all.add(new VectorUser(rows(40, 10 + u), none, rows(9, 20 + u), rows(25, 30 + u), new double[CLASSES]));
        }
        return new VectorDataset(List.of("a", "b", "c", "d"), List.of("x", "y", "z"), List.of("x", "y", "z"), all);
    }

    static SoftmaxRules rules(int accumulation, double l2, Exchange exchange) {
        return rules(accumulation, l2, exchange, false);
    }

    private static SoftmaxRules rules(int accumulation, double l2, Exchange exchange, boolean crashes) {
        return new SoftmaxRules(
                7, 5, accumulation, Schedule.constant(0.05), AdamW.PAPER, l2, exchange, STEPS, crashes, null);
    }

    static TrustManager trust(int user) {
        return new TrustManager(
                user,
                new TrustManager.Rules(
                        new FedAvg(), 1, new StalenessDiscount.Constant(), StalenessDiscount.Remainder.SELF));
    }

    /** The reference: gradients of every parameter from the definition, AdamW as in its paper, all in float64. */
    private static double[] reference(Rows rows, int accumulation, double l2, int user) {
        int width = INPUTS + 1;
        double[][] w = new double[CLASSES][width];
        double[][] m = new double[CLASSES][width];
        double[][] v = new double[CLASSES][width];
        for (int t = 0; t < STEPS; t++) {
            double[][] g = new double[CLASSES][width];
            for (int pass = 0; pass < accumulation; pass++) {
                RandomStream draw = RandomStream.of(7, Purpose.BATCH, user, t, pass);
                for (int b = 0; b < 5; b++) {
                    int r = draw.below(rows.size());
                    double[] p = probabilities(w, rows, r);
                    for (int c = 0; c < CLASSES; c++) {
                        double error = p[c] - (rows.labels()[r] == c ? 1 : 0);
                        for (int d = 0; d < width; d++) {
                            g[c][d] += error * (d == INPUTS ? 1 : rows.x()[r * INPUTS + d]) / (5.0 * accumulation);
                        }
                    }
                }
            }
            for (int c = 0; c < CLASSES; c++) {
                for (int d = 0; d < width; d++) {
                    double all = g[c][d] + (d == INPUTS ? 0 : l2 * w[c][d]);
                    m[c][d] = 0.9 * m[c][d] + 0.1 * all;
                    v[c][d] = 0.95 * v[c][d] + 0.05 * all * all;
                    double mean = m[c][d] / (1 - Math.pow(0.9, t + 1));
                    double square = v[c][d] / (1 - Math.pow(0.95, t + 1));
                    w[c][d] -= 0.05 * (1e-3 * w[c][d] + mean / (Math.sqrt(square) + 1e-8));
                }
            }
        }
        double[] flat = new double[CLASSES * width];
        for (int k = 0; k < flat.length; k++) {
            flat[k] = w[k / width][k % width];
        }
        return flat;
    }

    static double[] probabilities(double[][] w, Rows rows, int r) {
        double[] p = new double[CLASSES];
        double sum = 0;
        for (int c = 0; c < CLASSES; c++) {
            double z = w[c][INPUTS];
            for (int d = 0; d < INPUTS; d++) {
                z += w[c][d] * rows.x()[r * INPUTS + d];
            }
            p[c] = Math.exp(z);
            sum += p[c];
        }
        for (int c = 0; c < CLASSES; c++) {
            p[c] /= sum;
        }
        return p;
    }

    /** One user that has the data of two others of {@link #dataset}, one after the other. */
    private static VectorDataset drifting() {
        VectorDataset two = dataset(2);
        VectorUser first = two.users().get(0);
        VectorUser both = new VectorUser(
                first.train(),
                first.fineTune(),
                first.validation(),
                first.test(),
                first.mixture(),
                List.of(two.users().get(1)));
        return new VectorDataset(two.inputs(), two.classes(), two.categories(), List.of(both));
    }

    private static TurnOutcome turn(VectorDataset data, double... shares) {
        try (SoftmaxWorkers workers = new SoftmaxWorkers(1)) {
            Learner learner = workers.learner(0, data, rules(1, 0, Exchange.PARAMETERS), trust(0));
            learner.turn(TurnPlan.turn(0, TurnPlan.Own.INSTANCE, 0)
                            .train(STEPS)
                            .data(new PhaseShares(shares))
                            .build())
                    .join();
            return learner.turn(TurnPlan.turn(1, TurnPlan.Own.INSTANCE, STEPS)
                            .evaluateFirst(true)
                            .data(new PhaseShares(shares))
                            .build())
                    .join();
        }
    }

    @Test
    void aTurnUsesTheDataOfItsPhases() {
        VectorDataset two = dataset(2);
        VectorDataset second = new VectorDataset(
                two.inputs(),
                two.classes(),
                two.categories(),
                List.of(two.users().get(1)));
        TurnOutcome later = turn(drifting(), 0, 1);
        assertThat(later.hash()).isEqualTo(turn(second, 1).hash());
        assertThat(later.evaluations()).isEqualTo(turn(second, 1).evaluations());
        assertThat(turn(drifting(), 1, 0).hash()).isEqualTo(turn(two, 1).hash());
        TurnOutcome between = turn(drifting(), 0.5, 0.5);
        assertThat(between.hash()).isNotIn(later.hash(), turn(two, 1).hash());
    }

    @Test
    void flippedLabelsAreThoseOfDataThatHasThemAndTestsStay() {
        VectorUser user = dataset(1).users().get(0);
        Rows train = user.train();
        int[] flipped = Arrays.stream(train.labels()).map(y -> CLASSES - 1 - y).toArray();
        VectorUser other = new VectorUser(
                new Rows(INPUTS, train.x(), flipped), user.fineTune(), user.validation(), user.test(), user.mixture());
        VectorDataset one = dataset(1);
        VectorDataset two = new VectorDataset(one.inputs(), one.classes(), one.categories(), List.of(other));
        assertThat(trained(one, true)).isEqualTo(trained(two, false)).isNotEqualTo(trained(one, false));
    }

    /** Hash of the parameters, training loss, and the test after a turn. */
    private static List<Object> trained(VectorDataset data, boolean flips) {
        try (SoftmaxWorkers workers = new SoftmaxWorkers(1)) {
            Learner learner = workers.learner(0, data, rules(1, 0, Exchange.PARAMETERS), trust(0));
            TurnOutcome trained = learner.turn(TurnPlan.turn(0, TurnPlan.Own.INSTANCE, 0)
                            .train(STEPS)
                            .flipsLabels(flips)
                            .build())
                    .join();
            TurnOutcome tested = learner.turn(TurnPlan.turn(1, TurnPlan.Own.INSTANCE, STEPS)
                            .evaluateFirst(true)
                            .flipsLabels(flips)
                            .build())
                    .join();
            return List.of(trained.hash(), trained.trainingLoss(), tested.evaluations());
        }
    }

    @Test
    void duringAGradualChangeMetricsAreMeansOfThePhases() {
        List<double[]> values = new ArrayList<>();
        for (double[] shares : new double[][] {{1, 0}, {0, 1}, {0.75, 0.25}}) {
            try (SoftmaxWorkers workers = new SoftmaxWorkers(1)) {
                Learner learner = workers.learner(0, drifting(), rules(1, 0, Exchange.PARAMETERS), trust(0));
                learner.turn(TurnPlan.turn(0, TurnPlan.Own.INSTANCE, 0)
                                .train(STEPS)
                                .build())
                        .join();
                TurnOutcome.Evaluation e = learner.turn(TurnPlan.turn(1, TurnPlan.Own.INSTANCE, STEPS)
                                .evaluateFirst(true)
                                .data(new PhaseShares(shares))
                                .build())
                        .join()
                        .evaluations()
                        .get(0);
                values.add(e.values().stream().mapToDouble(v -> v).toArray());
            }
        }
        for (int k = 0; k < values.get(0).length; k++) {
            double mean = 0.75 * values.get(0)[k] + 0.25 * values.get(1)[k];
            assertThat(values.get(2)[k]).isCloseTo(mean, within(1e-12));
        }
        assertThat(values.get(0)[0]).isNotEqualTo(values.get(1)[0]);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.03})
    void trainedParametersLossAndAccuracyAreThoseOfTheReference(double l2) {
        VectorDataset data = dataset(1);
        try (SoftmaxWorkers workers = new SoftmaxWorkers(1)) {
            Learner learner = workers.learner(0, data, rules(2, l2, Exchange.PARAMETERS), trust(0));
            TurnOutcome trained = learner.turn(TurnPlan.turn(0, TurnPlan.Own.INSTANCE, 0)
                            .train(STEPS)
                            .publish(true)
                            .build())
                    .join();
            double[] expected = reference(data.users().get(0).train(), 2, l2, 0);
            for (int k = 0; k < expected.length; k++) {
                assertThat((double) trained.parameters()[k])
                        .as("parameter %d", k)
                        .isCloseTo(expected[k], within(2e-5));
            }
            assertThat(trained.tokens()).isEqualTo(2L * 5 * STEPS);
            TurnOutcome.Evaluation e = learner.turn(TurnPlan.turn(1, TurnPlan.Own.INSTANCE, STEPS)
                            .evaluateFirst(true)
                            .build())
                    .join()
                    .evaluations()
                    .get(0);
            Rows test = data.users().get(0).test();
            double[][] w = new double[CLASSES][INPUTS + 1];
            for (int k = 0; k < expected.length; k++) {
                w[k / (INPUTS + 1)][k % (INPUTS + 1)] = expected[k];
            }
            double loss = 0;
            int right = 0;
            for (int r = 0; r < test.size(); r++) {
                double[] p = probabilities(w, test, r);
                int label = test.labels()[r];
                loss -= Math.log(p[label]) / test.size();
                boolean best = true;
                for (double other : p) {
                    best &= p[label] >= other;
                }
                right += best ? 1 : 0;
            }
            assertThat(e.values().get(0)).isCloseTo(loss, within(1e-4));
            assertThat(e.values().get(1)).isEqualTo((double) right / test.size());
            assertThat(e.values().get(1)).as("it has learned").isGreaterThan(0.6);
        }
    }

    /** With one user's full weight, a mixing of updates and one of parameters come to the same parameters. */
    @ParameterizedTest
    @EnumSource(Exchange.class)
    void updatesAndParametersAreMixedAlike(Exchange exchange) {
        VectorDataset data = dataset(2);
        try (SoftmaxWorkers workers = new SoftmaxWorkers(2)) {
            List<Learner> learners = new ArrayList<>();
            for (int u = 0; u < 2; u++) {
                learners.add(workers.learner(u, data, rules(1, 0, exchange), trust(u)));
            }
            TurnPlan plan = TurnPlan.turn(0, TurnPlan.Own.INSTANCE, 0)
                    .train(10)
                    .publish(true)
                    .build();
            var turns = learners.stream().map(l -> l.turn(plan)).toList();
            List<TurnOutcome> first = turns.stream().map(t -> t.join()).toList();
            List<Snapshot> sent = first.stream().map(TurnOutcome::snapshot).toList();
            TurnPlan.Mix mix = new TurnPlan.Mix(new MixingInput(0, 1, sent, new int[2]));
            TurnOutcome next =
                    learners.get(0).turn(TurnPlan.turn(1, mix, 10).build()).join();
            for (int k = 0; k < next.parameters().length; k++) {
                float mean = (first.get(0).parameters()[k] + first.get(1).parameters()[k]) / 2;
                assertThat(next.parameters()[k]).isCloseTo(mean, within(1e-6f));
            }
        }
    }

    @Test
    void aTurnThatDivergedLeavesNothingToTheNext() {
        VectorDataset data = dataset(1);
        SoftmaxRules rules = rules(2, 0, Exchange.PARAMETERS, true);
        TurnPlan first = TurnPlan.turn(0, TurnPlan.Own.INSTANCE, 0).train(4).build();
        float[] notFinite = new float[CLASSES * (INPUTS + 1)];
        Arrays.fill(notFinite, Float.NaN);
        TurnPlan diverging = TurnPlan.turn(1, new TurnPlan.Given(notFinite), 4)
                .save(true)
                .train(4)
                .build();
        try (SoftmaxWorkers workers = new SoftmaxWorkers(1)) {
            Learner restarted = workers.learner(0, data, rules, trust(0));
            Learner fresh = workers.learner(0, data, rules, trust(0));
            restarted.turn(first).join();
            fresh.turn(first).join();
            assertThat(restarted.turn(diverging).join().divergence()).isNotNull();
            float[] found = restarted
                    .turn(TurnPlan.turn(2, new TurnPlan.LastSave(), 4).train(4).build())
                    .join()
                    .parameters();
            float[] expected = fresh.turn(
                            TurnPlan.turn(1, TurnPlan.Own.INSTANCE, 4).train(4).build())
                    .join()
                    .parameters();
            assertThat(found).containsExactly(expected);
        }
    }

    /** A turn from a saved state has the same bits as the turn that was not interrupted. */
    @Test
    void aStateGoesOnToTheSameBits() {
        VectorDataset data = dataset(1);
        TurnPlan before = TurnPlan.turn(0, TurnPlan.Own.INSTANCE, 0)
                .train(9)
                .publish(true)
                .build();
        TurnPlan after = TurnPlan.turn(1, TurnPlan.Own.INSTANCE, 9)
                .evaluateFirst(true)
                .train(9)
                .publish(true)
                .build();
        try (SoftmaxWorkers workers = new SoftmaxWorkers(1)) {
            Learner one = workers.learner(0, data, rules(1, 0, Exchange.UPDATES), trust(0));
            one.turn(before).join();
            LearnerState state = one.state();
            TurnOutcome expected = one.turn(after).join();
            Learner other = workers.learner(0, data, rules(1, 0, Exchange.UPDATES), trust(0));
            other.restore(state);
            TurnOutcome found = other.turn(after).join();
            assertThat(found.parameters()).isEqualTo(expected.parameters());
            assertThat(found.snapshot().values()).isEqualTo(expected.snapshot().values());
            assertThat(found.evaluations()).isEqualTo(expected.evaluations());
        }
    }
}
