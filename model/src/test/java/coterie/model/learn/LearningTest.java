package coterie.model.learn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import coterie.model.adapter.AdapterLayout;
import coterie.model.adapter.LoraConfig;
import coterie.model.adapter.Target;
import coterie.model.aggregation.Contribution;
import coterie.model.aggregation.WeightedMean;
import coterie.model.base.BaseWeights;
import coterie.model.base.gpt2.Gpt2Config;
import coterie.model.exchange.Exchange;
import coterie.model.exchange.PredictionChanges;
import coterie.model.exchange.Predictions;
import coterie.model.exchange.Snapshot;
import coterie.model.program.AdamW;
import coterie.model.program.Precision;
import coterie.model.text.DataException;
import coterie.model.text.FederatedDataset;
import coterie.model.text.UserData;
import coterie.model.torch.ComputeDevice;
import coterie.model.torch.Torch;
import coterie.model.trust.ChangeSimilarity;
import coterie.model.trust.Fidelity;
import coterie.model.trust.LogitSimilarity;
import coterie.model.trust.MixingInput;
import coterie.model.trust.ModelSimilarity;
import coterie.model.trust.Oracle;
import coterie.model.trust.Selection;
import coterie.model.trust.StalenessDiscount;
import coterie.model.trust.TrustManager;
import coterie.model.trust.TrustStrategy;
import coterie.model.trust.ValidationPerformance;
import coterie.topology.random.Purpose;
import coterie.topology.random.RandomStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Learners on a GPT-2 of two small layers. */
class LearningTest {
    private static final Gpt2Config SHAPE = Gpt2Config.of(2, 16, 2, 64, 16);
    static final AdapterLayout LAYOUT = new AdapterLayout(SHAPE, new LoraConfig(2, 8, 0.1, Set.of(Target.ALL_LINEAR)));
    static final int USERS = 5;

    static FederatedDataset dataset() {
        List<UserData> users = new ArrayList<>();
        for (int u = 0; u < USERS; u++) {
            users.add(new UserData(
                    text(u, 300), text(u + 50, 100), text(u + 100, 120), text(u + 200, 150), new double[] {1}));
        }
        return new FederatedDataset(List.of("noise"), users, new int[][] {text(999, 200)});
    }

    /** Tokens that repeat with a small period: something can be learned from them. */
    private static int[] text(long seed, int n) {
        RandomStream s = RandomStream.of(seed, Purpose.BATCH);
        int[] t = new int[n];
        for (int i = 0; i < n; i++) {
            t[i] = i % 4 == 0 ? s.below(8) : (t[i - 1] * 3 + 7) % 64;
        }
        return t;
    }

    static LearningRules rules(int batch, int accumulation, Exchange exchange) {
        return new LearningRules(
                1,
                batch,
                accumulation,
                16,
                new OneCycle(40, 0.01, 0.1, 10, 0.1),
                exchange,
                5,
                new LearningRules.EvaluationRules(0, false),
                new LearningRules.ValidationRules(0, false),
                new LearningRules.PredictionRules(5, 3, false, false, false),
                false,
                true);
    }

    static TrustStrategy predictions() {
        return new LogitSimilarity(3, LogitSimilarity.Normalise.MEAN, Predictions.Missing.FLOOR, Selection.ALL);
    }

    static TrustManager trustManager(int user, TrustStrategy strategy) {
        return new TrustManager(
                user,
                new TrustManager.Rules(
                        strategy, 1, new StalenessDiscount.Constant(), StalenessDiscount.Remainder.RENORMALISE));
    }

    static LearningDevice device(int threads, int stack) {
        return new LearningDevice(
                "cpu", BaseWeights.random(SHAPE, 3), AdamW.PAPER, Precision.FLOAT32, 0, threads, stack);
    }

    static List<Learner> learners(LearningDevice on, LearningRules rules, TrustStrategy strategy) {
        List<Learner> all = new ArrayList<>();
        for (int u = 0; u < USERS; u++) {
            all.add(on.learner(
                    u,
                    dataset(),
                    LAYOUT,
                    LAYOUT.start(AdapterLayout.Start.SHARED, 1, u),
                    rules,
                    trustManager(u, strategy)));
        }
        return all;
    }

    /** Some rounds of a synchronous society; the outcomes of the last. */
    private static List<TurnOutcome> rounds(
            LearningDevice on, LearningRules rules, TrustStrategy strategy, int rounds) {
        List<Learner> learners = learners(on, rules, strategy);
        List<TurnOutcome> last = null;
        for (int r = 0; r < rounds; r++) {
            TurnPlan.Beginning mix = last == null
                    ? TurnPlan.Own.INSTANCE
                    : new TurnPlan.Mix(new MixingInput(
                            r - 1, 0, last.stream().map(TurnOutcome::snapshot).toList(), new int[USERS]));
            int round = r;
            var all = learners.stream()
                    .map(l -> l.turn(TurnPlan.turn(round, mix, 5 * round)
                            .evaluateFirst(true)
                            .train(5)
                            .publish(true)
                            .build()))
                    .toList();
            last = all.stream()
                    .map(java.util.concurrent.CompletableFuture::join)
                    .toList();
        }
        learners.forEach(Learner::close);
        return last;
    }

    @Test
    void neitherThreadsNorStackingChangeABit() {
        List<TurnOutcome> alone;
        try (LearningDevice on = device(1, 1)) {
            alone = rounds(on, rules(2, 1, Exchange.PARAMETERS), predictions(), 4);
        }
        for (int[] shape : new int[][] {{1, 5}, {2, 2}, {4, 3}}) {
            try (LearningDevice on = device(shape[0], shape[1])) {
                List<TurnOutcome> other = rounds(on, rules(2, 1, Exchange.PARAMETERS), predictions(), 4);
                for (int u = 0; u < USERS; u++) {
                    assertThat(other.get(u).parameters()).isEqualTo(alone.get(u).parameters());
                    assertThat(other.get(u).row().weights())
                            .isEqualTo(alone.get(u).row().weights());
                    assertThat(other.get(u).evaluations())
                            .isEqualTo(alone.get(u).evaluations());
                    assertThat(other.get(u).snapshot().predictions())
                            .isEqualTo(alone.get(u).snapshot().predictions());
                }
            }
        }
    }

    @Test
    void trainingLowersTheLoss() {
        try (LearningDevice on = device(2, 4)) {
            List<TurnOutcome> first = rounds(on, rules(4, 1, Exchange.PARAMETERS), predictions(), 1);
            List<TurnOutcome> later = rounds(on, rules(4, 1, Exchange.PARAMETERS), predictions(), 30);
            for (int u = 0; u < USERS; u++) {
                assertThat(later.get(u).evaluations().get(0).loss())
                        .isLessThan(first.get(u).evaluations().get(0).loss() - 0.1);
            }
        }
    }

    @Test
    void accumulatedPassesMakeOneUpdateOfTheirMeanGradient() {
        LearningRules rules = rules(2, 2, Exchange.PARAMETERS);
        float[] start = LAYOUT.start(AdapterLayout.Start.SHARED, 1, 0);
        try (LearningDevice on = device(1, 1);
                NDManager m = on.device().root().newSubManager()) {
            Torch.prepareThread();
            NDArray row = ComputeDevice.array(m, start, start.length);
            NDArray mean = m.zeros(row.getShape());
            for (int pass = 0; pass < 2; pass++) {
                TokenWindows w = TokenWindows.random(
                        dataset().users().get(0).train(), 2, 16, RandomStream.of(1, Purpose.BATCH, 0, 0, pass));
                long seed = RandomStream.name(1, Purpose.DROPOUT, 0, 0, pass) >>> 16;
                mean.addi(on.program()
                        .gradients(
                                m.create(w.ids(), new Shape(2, 16)),
                                m.create(w.targets(), new Shape(2, 16)),
                                LAYOUT,
                                List.of(row),
                                new long[] {seed},
                                on.base(),
                                m)
                        .gradient()
                        .get(0)
                        .mul(ComputeDevice.array(m, new float[] {0.5f}, 1)));
            }
            on.program()
                    .update(
                            List.of(row),
                            mean.reshape(1, start.length),
                            List.of(m.zeros(row.getShape())),
                            List.of(m.zeros(row.getShape())),
                            new double[] {rules.schedule().rate(0)},
                            new double[] {1},
                            1,
                            m);
            TurnOutcome o = learners(on, rules, predictions())
                    .get(0)
                    .turn(TurnPlan.turn(0, TurnPlan.Own.INSTANCE, 0).train(1).build())
                    .join();
            assertThat(o.tokens()).isEqualTo(2 * 2 * 16);
            assertThat(o.parameters()).containsExactly(row.toFloatArray(), within(1e-6f));
        }
    }

    @Test
    void exchangingUpdatesFromAnEqualStartIsFedAvgOfParametersToo() {
        TrustStrategy uniform = new coterie.model.trust.FedAvg();
        try (LearningDevice on = device(2, 4)) {
            List<TurnOutcome> parameters = rounds(on, rules(2, 1, Exchange.PARAMETERS), uniform, 3);
            List<TurnOutcome> updates = rounds(on, rules(2, 1, Exchange.UPDATES), uniform, 3);
            for (int u = 0; u < USERS; u++) {
                for (int i = 0; i < LAYOUT.size(); i++) {
                    assertThat(updates.get(u).parameters()[i])
                            .isCloseTo(parameters.get(u).parameters()[i], within(2e-4f));
                }
            }
        }
    }

    @Test
    void validationPerformanceTrustsWhoseAdapterFitsOnesOwnData() {
        try (LearningDevice on = device(2, 4)) {
            TrustStrategy s2 = new ValidationPerformance(1.0, Fidelity.PAPER, Selection.ALL);
            Learner me = on.learner(
                    0,
                    dataset(),
                    LAYOUT,
                    LAYOUT.start(AdapterLayout.Start.SHARED, 1, 0),
                    rules(4, 1, Exchange.PARAMETERS),
                    trustManager(0, s2));
            Snapshot trained = me.turn(TurnPlan.turn(0, TurnPlan.Own.INSTANCE, 0)
                            .train(40)
                            .publish(true)
                            .build())
                    .join()
                    .snapshot();
            Snapshot untrained = new Snapshot(1, 0, 0, LAYOUT.start(AdapterLayout.Start.SHARED, 1, 1), null);
            float[] noise = trained.values().clone();
            RandomStream s = RandomStream.of(4, Purpose.BATCH);
            for (int i = 0; i < noise.length; i++) {
                noise[i] += (float) (0.5 * s.gaussian());
            }
            double[] w = me.turn(TurnPlan.turn(
                                    1,
                                    new TurnPlan.Mix(new MixingInput(
                                            0,
                                            0,
                                            List.of(trained, untrained, new Snapshot(2, 0, 0, noise, null)),
                                            new int[3])),
                                    40)
                            .build())
                    .join()
                    .row()
                    .weights();
            assertThat(w[0]).isGreaterThan(w[1]).isGreaterThan(w[2]);
            me.close();
        }
    }

    @Test
    void afterACrashEverythingIsAsItWasSavedMomentsIncluded() {
        for (Exchange exchange : Exchange.values()) {
            try (LearningDevice on = device(1, 1)) {
                Learner me = learners(on, rules(4, 1, exchange), predictions()).get(0);
                me.turn(TurnPlan.turn(0, TurnPlan.Own.INSTANCE, 0).train(5).build())
                        .join();
                TurnPlan next = TurnPlan.turn(1, TurnPlan.Own.INSTANCE, 5)
                        .train(5)
                        .save(true)
                        .build();
                float[] undisturbed = me.turn(next).join().parameters();
                // Two turns that are lost; the state of a learner goes elsewhere in between.
                me.turn(TurnPlan.turn(2, TurnPlan.Own.INSTANCE, 10).train(7).build())
                        .join();
                TurnPlan again =
                        TurnPlan.turn(1, new TurnPlan.Saved(), 5).train(5).build();
                assertThat(me.turn(again).join().parameters()).isEqualTo(undisturbed);
                Learner elsewhere =
                        learners(on, rules(4, 1, exchange), predictions()).get(0);
                elsewhere.restore(me.state());
                assertThat(elsewhere.turn(again).join().parameters()).isEqualTo(undisturbed);
                Learner never =
                        learners(on, rules(4, 1, exchange), predictions()).get(0);
                float[] first = never.turn(TurnPlan.turn(0, TurnPlan.Own.INSTANCE, 0)
                                .train(5)
                                .build())
                        .join()
                        .parameters();
                assertThat(never.turn(TurnPlan.turn(0, new TurnPlan.Saved(), 0)
                                        .train(5)
                                        .build())
                                .join()
                                .parameters())
                        .isEqualTo(first);
            }
        }
    }

    @Test
    void threeRoundsOfUpdatesFromUnequalStartsAreAlgorithmOne() {
        double[][] mixtures = {{0.9, 0.1}, {0.7, 0.3}, {0.5, 0.5}, {0.3, 0.7}, {0.1, 0.9}};
        try (LearningDevice on = device(2, 3)) {
            List<Learner> learners = new ArrayList<>();
            double[][] theta = new double[USERS][];
            for (int u = 0; u < USERS; u++) {
                float[] start = LAYOUT.start(AdapterLayout.Start.PER_USER, 1, u);
                theta[u] = doubles(start);
                learners.add(on.learner(
                        u,
                        dataset(),
                        LAYOUT,
                        start,
                        rules(2, 1, Exchange.UPDATES),
                        trustManager(u, new Oracle(mixtures))));
            }
            List<TurnOutcome> last = null;
            for (int r = 0; r <= 3; r++) {
                TurnPlan.Beginning mix = last == null
                        ? TurnPlan.Own.INSTANCE
                        : new TurnPlan.Mix(new MixingInput(
                                r - 1,
                                0,
                                last.stream().map(TurnOutcome::snapshot).toList(),
                                new int[USERS]));
                int round = r;
                last = learners.stream()
                        .map(l -> l.turn(TurnPlan.turn(round, mix, 5 * round)
                                .train(5)
                                .publish(true)
                                .build()))
                        .toList()
                        .stream()
                        .map(CompletableFuture::join)
                        .toList();
                double[][] next = new double[USERS][];
                for (int i = 0; i < USERS; i++) {
                    // What the turn began with is what the rounds before make of it.
                    assertClose(learners.get(i).state().before(), theta[i], "user " + i + " in round " + r);
                    next[i] = theta[i].clone();
                    double sum = 0;
                    for (int j = 0; j < USERS; j++) {
                        sum += mixtures[i][0] * mixtures[j][0] + mixtures[i][1] * mixtures[j][1];
                    }
                    for (int j = 0; j < USERS; j++) {
                        double w = (mixtures[i][0] * mixtures[j][0] + mixtures[i][1] * mixtures[j][1]) / sum;
                        for (int k = 0; k < next[i].length; k++) {
                            next[i][k] += w * (last.get(j).parameters()[k] - theta[j][k]);
                        }
                    }
                    assertThat(last.get(i).snapshot().parameters())
                            .as("θ beside Δθ, which this strategy does not look at")
                            .isNull();
                }
                theta = next;
            }
        }
    }

    private static double[] doubles(float[] x) {
        double[] d = new double[x.length];
        for (int k = 0; k < d.length; k++) {
            d[k] = x[k];
        }
        return d;
    }

    private static void assertClose(float[] x, double[] y, String of) {
        for (int k = 0; k < x.length; k++) {
            assertThat((double) x[k]).as("number %d of %s", k, of).isCloseTo(y[k], within(1e-5));
        }
    }

    @Test
    void aTurnThatIsNotMixedIsInTheNextUpdateNoMore() {
        try (LearningDevice on = device(1, 1)) {
            Learner me =
                    learners(on, rules(2, 1, Exchange.UPDATES), predictions()).get(0);
            TurnOutcome first = me.turn(TurnPlan.turn(0, TurnPlan.Own.INSTANCE, 0)
                            .train(5)
                            .publish(true)
                            .build())
                    .join();
            TurnOutcome second = me.turn(TurnPlan.turn(1, TurnPlan.Own.INSTANCE, 5)
                            .train(5)
                            .publish(true)
                            .build())
                    .join();
            assertThat(second.snapshot().values())
                    .isEqualTo(Snapshot.difference(second.parameters(), first.parameters()));
        }
    }

    @Test
    void whatWasTrainedInATurnSatOutIsInTheNextUpdate() {
        try (LearningDevice on = device(1, 1)) {
            Learner me =
                    learners(on, rules(3, 1, Exchange.UPDATES), predictions()).get(0);
            Learner elsewhere =
                    learners(on, rules(3, 1, Exchange.UPDATES), predictions()).get(0);
            TurnOutcome first = me.turn(TurnPlan.turn(0, TurnPlan.Own.INSTANCE, 0)
                            .train(5)
                            .publish(true)
                            .build())
                    .join();
            me.turn(TurnPlan.turn(1, TurnPlan.Own.INSTANCE, 5).train(5).build()).join();
            elsewhere.restore(me.state());
            // The user saves what the turn it sat out has left. What follows is lost with a crash.
            me.turn(TurnPlan.turn(2, TurnPlan.Own.INSTANCE, 10)
                            .train(5)
                            .publish(true)
                            .save(true)
                            .build())
                    .join();
            for (TurnPlan.Beginning from : List.of(TurnPlan.Own.INSTANCE, new TurnPlan.Saved())) {
                Learner by = from instanceof TurnPlan.Saved ? me : elsewhere;
                TurnOutcome third = by.turn(TurnPlan.turn(2, from, 10)
                                .train(5)
                                .publish(true)
                                .build())
                        .join();
                assertThat(third.snapshot().values())
                        .isEqualTo(Snapshot.difference(third.parameters(), first.parameters()));
            }
        }
    }

    @Test
    void whatIsExchangedChangesNothingOfTheFirstTrust() {
        List<TrustStrategy> strategies = List.of(
                new ModelSimilarity(3.0, Fidelity.PAPER, Selection.ALL, LAYOUT),
                new ModelSimilarity(3.0, Fidelity.REFERENCE_CODE, Selection.ALL, LAYOUT),
                new ValidationPerformance(3.0, Fidelity.PAPER, Selection.ALL),
                predictions());
        try (LearningDevice on = device(2, 3)) {
            for (TrustStrategy strategy : strategies) {
                List<TurnOutcome> parameters = rounds(on, rules(2, 1, Exchange.PARAMETERS), strategy, 2);
                List<TurnOutcome> updates = rounds(on, rules(2, 1, Exchange.UPDATES), strategy, 2);
                for (int u = 0; u < USERS; u++) {
                    assertThat(updates.get(u).row().weights())
                            .as("%s, user %d", strategy, u)
                            .isEqualTo(parameters.get(u).row().weights());
                    Snapshot sent = updates.get(u).snapshot();
                    boolean looks = strategy.needsParameters();
                    assertThat(sent.parameters())
                            .isEqualTo(looks ? updates.get(u).parameters() : null);
                    assertThat(sent.parameterBytes()).isEqualTo((looks ? 8L : 4L) * LAYOUT.size());
                    Double distance = updates.get(u).row().distance();
                    assertThat(distance)
                            .isEqualTo(looks ? (Double) parameters.get(u).row().distance() : (Double) Double.NaN);
                }
            }
        }
    }

    @Test
    void aTurnThatIsLostLeavesNoTraceInWhatIsSaved() {
        for (Exchange exchange : Exchange.values()) {
            try (LearningDevice on = device(1, 1)) {
                TrustStrategy measured = new ValidationPerformance(1.0, Fidelity.PAPER, Selection.ALL);
                List<Learner> learners = learners(on, rules(4, 1, exchange), measured);
                List<Snapshot> sent = learners.stream()
                        .map(l -> l.turn(TurnPlan.turn(0, TurnPlan.Own.INSTANCE, 0)
                                        .train(5)
                                        .publish(true)
                                        .build())
                                .join()
                                .snapshot())
                        .toList();
                Learner me = learners.get(0);
                // Saves what turn 0 has left, then mixes, measures and trains: all of that is lost with the turn.
                me.turn(TurnPlan.turn(1, new TurnPlan.Mix(new MixingInput(0, 0, sent, new int[USERS])), 5)
                                .train(5)
                                .publish(true)
                                .save(true)
                                .build())
                        .join();
                TurnOutcome redone = me.turn(TurnPlan.turn(1, new TurnPlan.Saved(), 5)
                                .train(5)
                                .publish(true)
                                .build())
                        .join();

                Learner other = learners(on, rules(4, 1, exchange), measured).get(0);
                other.turn(TurnPlan.turn(0, TurnPlan.Own.INSTANCE, 0)
                                .train(5)
                                .publish(true)
                                .build())
                        .join();
                TurnOutcome undisturbed = other.turn(TurnPlan.turn(1, TurnPlan.Own.INSTANCE, 5)
                                .train(5)
                                .publish(true)
                                .build())
                        .join();
                assertThat(redone.parameters()).isEqualTo(undisturbed.parameters());
                assertThat(redone.snapshot().values())
                        .isEqualTo(undisturbed.snapshot().values());
                assertThat(me.state().optimiser().expAvg())
                        .isEqualTo(other.state().optimiser().expAvg());
                assertThat(me.state().optimiser().expAvgSq())
                        .isEqualTo(other.state().optimiser().expAvgSq());
                assertThat(me.state().optimiser().updates())
                        .isEqualTo(other.state().optimiser().updates());
                assertThat(me.state().trust().known())
                        .isEqualTo(other.state().trust().known())
                        .isEmpty();
            }
        }
    }

    private static LearningRules comparing(boolean changes) {
        LearningRules r = rules(4, 1, Exchange.PARAMETERS);
        return new LearningRules(
                r.seed(),
                r.batch(),
                r.accumulation(),
                r.context(),
                r.schedule(),
                r.exchange(),
                r.evaluateEvery(),
                r.evaluation(),
                r.validation(),
                new LearningRules.PredictionRules(5, 3, false, changes, false),
                r.noisy(),
                r.crashes());
    }

    private static Predictions predicted(Learner by, float[] parameters) {
        return by.turn(TurnPlan.turn(0, new TurnPlan.Given(parameters), 0)
                        .publish(true)
                        .build())
                .join()
                .snapshot()
                .predictions();
    }

    @Test
    void changesAreThoseOfTrainingAndNotOfMixing() {
        try (LearningDevice on = device(1, 1)) {
            TrustStrategy strategy = new ChangeSimilarity(2, Selection.ALL);
            List<Learner> learners = learners(on, comparing(true), strategy);
            Learner me = learners.get(0);
            Learner model = learners(on, comparing(false), predictions()).get(0);
            Predictions before = predicted(model, me.state().parameters());
            List<Snapshot> sent = learners.stream()
                    .map(l -> l.turn(TurnPlan.turn(0, TurnPlan.Own.INSTANCE, 0)
                                    .train(5)
                                    .publish(true)
                                    .build())
                            .join()
                            .snapshot())
                    .toList();
            PredictionChanges first = PredictionChanges.plus(
                    null, before, predicted(model, sent.get(0).values()));
            assertThat(sent.get(0).predictions()).isEqualTo(first.numbers());

            TurnPlan mixing = TurnPlan.turn(1, new TurnPlan.Mix(new MixingInput(0, 0, sent, new int[USERS])), 5)
                    .train(5)
                    .publish(true)
                    .build();
            TurnOutcome second = me.turn(mixing).join();
            List<Contribution> contributions = new ArrayList<>();
            for (int k = 0; k < USERS; k++) {
                contributions.add(new Contribution(second.row().weights()[k], sent.get(k)));
            }
            float[] mixed = new WeightedMean().aggregate(contributions, 0, null);
            PredictionChanges both =
                    PredictionChanges.plus(first, predicted(model, mixed), predicted(model, second.parameters()));
            assertThat(second.snapshot().predictions()).isEqualTo(both.numbers());

            // A turn that is not published belongs to the stretch that the next one ends.
            me.turn(TurnPlan.turn(2, TurnPlan.Own.INSTANCE, 10).train(5).build())
                    .join();
            TurnOutcome fourth = me.turn(TurnPlan.turn(3, TurnPlan.Own.INSTANCE, 15)
                            .train(5)
                            .publish(true)
                            .build())
                    .join();
            PredictionChanges all = PredictionChanges.plus(
                    both, predicted(model, second.parameters()), predicted(model, fourth.parameters()));
            assertThat(fourth.snapshot().predictions()).isEqualTo(all.numbers());
        }
    }

    @Test
    void aSaveKeepsTheStretchThatWasNotPublished() {
        try (LearningDevice on = device(1, 1)) {
            Learner me = learners(on, comparing(true), new ChangeSimilarity(2, Selection.ALL))
                    .get(0);
            me.turn(TurnPlan.turn(0, TurnPlan.Own.INSTANCE, 0).train(5).build()).join();
            TurnPlan next = TurnPlan.turn(1, TurnPlan.Own.INSTANCE, 5)
                    .train(5)
                    .publish(true)
                    .save(true)
                    .build();
            Predictions undisturbed = me.turn(next).join().snapshot().predictions();
            TurnPlan again = TurnPlan.turn(1, new TurnPlan.Saved(), 5)
                    .train(5)
                    .publish(true)
                    .build();
            assertThat(me.turn(again).join().snapshot().predictions()).isEqualTo(undisturbed);
        }
    }

    @Test
    void aLostTurnLeavesNoTraceInTheChanges() {
        try (LearningDevice on = device(1, 1)) {
            TrustStrategy strategy = new ChangeSimilarity(2, Selection.ALL);
            List<Learner> learners = learners(on, comparing(true), strategy);
            Learner me = learners.get(0);
            List<Snapshot> sent = learners.stream()
                    .map(l -> l.turn(TurnPlan.turn(0, TurnPlan.Own.INSTANCE, 0)
                                    .train(5)
                                    .publish(true)
                                    .build())
                            .join()
                            .snapshot())
                    .toList();
            me.turn(TurnPlan.turn(1, new TurnPlan.Mix(new MixingInput(0, 0, sent, new int[USERS])), 5)
                            .train(5)
                            .publish(true)
                            .save(true)
                            .build())
                    .join();
            Learner elsewhere = learners(on, comparing(true), strategy).get(0);
            elsewhere.restore(me.state());
            TurnPlan again = TurnPlan.turn(1, new TurnPlan.Saved(), 5)
                    .train(5)
                    .publish(true)
                    .build();
            Predictions redone = me.turn(again).join().snapshot().predictions();
            assertThat(elsewhere.turn(again).join().snapshot().predictions()).isEqualTo(redone);

            Learner other = learners(on, comparing(true), strategy).get(0);
            other.turn(TurnPlan.turn(0, TurnPlan.Own.INSTANCE, 0)
                            .train(5)
                            .publish(true)
                            .build())
                    .join();
            TurnPlan undisturbed = TurnPlan.turn(1, TurnPlan.Own.INSTANCE, 5)
                    .train(5)
                    .publish(true)
                    .build();
            assertThat(other.turn(undisturbed).join().snapshot().predictions()).isEqualTo(redone);
        }
    }

    @Test
    void aTurnMayBeginFromGivenParameters() {
        try (LearningDevice on = device(1, 1)) {
            Learner me = learners(on, rules(4, 1, Exchange.PARAMETERS), predictions())
                    .get(0);
            float[] given = LAYOUT.start(AdapterLayout.Start.SHARED, 9, 3);
            assertThat(me.turn(TurnPlan.turn(0, new TurnPlan.Given(given), 0).build())
                            .join()
                            .parameters())
                    .isEqualTo(given);
        }
    }

    @Test
    void evaluationsComeAtTheirIterationsAndNotTwiceAtATurnsEnd() {
        try (LearningDevice on = device(1, 1)) {
            Learner me = learners(on, rules(2, 1, Exchange.PARAMETERS), predictions())
                    .get(0);
            TurnOutcome o = me.turn(TurnPlan.turn(0, TurnPlan.Own.INSTANCE, 0)
                            .evaluateFirst(true)
                            .train(15)
                            .build())
                    .join();
            assertThat(o.evaluations())
                    .extracting(TurnOutcome.Evaluation::iteration)
                    .containsExactly(0, 5, 10);
            assertThat(o.snapshot()).isNull();
            assertThat(o.tokens()).isEqualTo(15 * 2 * 16);
        }
    }

    @Test
    void aUserWithTooLittleTextIsRefused() {
        FederatedDataset poor = new FederatedDataset(
                List.of("a"),
                List.of(new UserData(new int[16], new int[0], new int[0], new int[40], new double[] {1})),
                new int[1][0]);
        try (LearningDevice on = device(1, 1)) {
            assertThatThrownBy(() -> on.learner(
                            0,
                            poor,
                            LAYOUT,
                            new float[LAYOUT.size()],
                            rules(2, 1, Exchange.PARAMETERS),
                            trustManager(0, predictions())))
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining("16 train tokens");
        }
    }

    @Test
    void turnsThatAreStoppedFailAndTheDeviceGoesOn() {
        try (LearningDevice on = device(2, 2)) {
            List<Learner> learners = learners(on, rules(4, 1, Exchange.PARAMETERS), predictions());
            var endless = learners.stream()
                    .map(l -> l.turn(TurnPlan.turn(0, TurnPlan.Own.INSTANCE, 0)
                            .train(1_000_000)
                            .build()))
                    .toList();
            on.settle();
            endless.forEach(f -> assertThatThrownBy(f::join).hasMessageContaining("stopped"));
            learners.forEach(Learner::close);
            assertThat(rounds(on, rules(2, 1, Exchange.PARAMETERS), predictions(), 1))
                    .hasSize(USERS);
        }
    }

    @Test
    void threeHundredTurnsLeaveNoNativeMemoryBehind() throws IOException {
        try (LearningDevice on = device(2, 4)) {
            rounds(on, rules(2, 1, Exchange.PARAMETERS), predictions(), 60);
            long before = resident();
            int arrays = on.device().root().getManagedArrays().size();
            rounds(on, rules(2, 1, Exchange.PARAMETERS), predictions(), 300);
            assertThat(on.device().root().getManagedArrays())
                    .as("arrays with an owner")
                    .hasSize(arrays);
            // A pass's arrays, once a turn, would be gigabytes; Java's own heap moves by some megabytes.
            assertThat(resident() - before)
                    .as("bytes grown over 300 turns of %d users", USERS)
                    .isLessThan(64L << 20);
        }
    }

    private static long resident() throws IOException {
        System.gc();
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(l -> l.startsWith("VmRSS:"))
                .mapToLong(l -> 1024 * Long.parseLong(l.replaceAll("\\D", "")))
                .findFirst()
                .orElseThrow();
    }
}
