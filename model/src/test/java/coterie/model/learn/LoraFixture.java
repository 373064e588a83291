package coterie.model.learn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import coterie.model.adapter.AdapterLayout;
import coterie.model.adapter.LoraConfig;
import coterie.model.adapter.Target;
import coterie.model.base.DecoderConfig;
import coterie.model.base.MemoryWeights;
import coterie.model.base.family.Gpt2Family;
import coterie.model.exchange.Exchange;
import coterie.model.exchange.Predictions;
import coterie.model.program.AdamW;
import coterie.model.program.Precision;
import coterie.model.text.FederatedDataset;
import coterie.model.text.UserData;
import coterie.model.trust.LogitSimilarity;
import coterie.model.trust.MixingInput;
import coterie.model.trust.Selection;
import coterie.model.trust.StalenessDiscount;
import coterie.model.trust.TrustManager;
import coterie.model.trust.TrustStrategy;
import coterie.topology.random.Purpose;
import coterie.topology.random.RandomStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Learners on a base of two small layers, and what tests feed them. */
final class LoraFixture {
    static final DecoderConfig SHAPE = Gpt2Family.shape(2, 16, 2, 64, 16);

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
    static int[] text(long seed, int n) {
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
                "cpu", MemoryWeights.random(SHAPE, 3), AdamW.PAPER, Precision.FLOAT32, 0, threads, stack);
    }

    /** @param helpers as a GPU has them */
    static LearningDevice device(int threads, int stack, int helpers) {
        return new LearningDevice(
                "cpu",
                MemoryWeights.random(SHAPE, 3),
                AdamW.PAPER,
                Precision.FLOAT32,
                0,
                threads,
                stack,
                helpers,
                p -> p);
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

    /** Runs synchronous rounds of all users; returns the outcomes of the last. */
    static List<TurnOutcome> rounds(LearningDevice on, LearningRules rules, TrustStrategy strategy, int rounds) {
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

    static double[] doubles(float[] x) {
        double[] d = new double[x.length];
        for (int k = 0; k < d.length; k++) {
            d[k] = x[k];
        }
        return d;
    }

    static void assertClose(float[] x, double[] y, String of) {
        for (int k = 0; k < x.length; k++) {
            assertThat((double) x[k]).as("number %d of %s", k, of).isCloseTo(y[k], within(1e-5));
        }
    }

    static LearningRules comparing(boolean changes) {
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

    static Predictions predicted(Learner by, float[] parameters) {
        return by.turn(TurnPlan.turn(0, new TurnPlan.Given(parameters), 0)
                        .publish(true)
                        .build())
                .join()
                .snapshot()
                .predictions();
    }

    private LoraFixture() {}
}
