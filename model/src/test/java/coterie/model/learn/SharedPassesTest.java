package coterie.model.learn;

import static org.assertj.core.api.Assertions.assertThat;

import coterie.model.adapter.AdapterLayout;
import coterie.model.adapter.LoraConfig;
import coterie.model.adapter.Target;
import coterie.model.base.DecoderConfig;
import coterie.model.base.MemoryWeights;
import coterie.model.base.family.Gpt2Family;
import coterie.model.exchange.Exchange;
import coterie.model.learn.Passes.Kind;
import coterie.model.program.AdamW;
import coterie.model.program.Precision;
import coterie.model.text.FederatedDataset;
import coterie.model.text.UserData;
import coterie.model.trust.Local;
import coterie.model.trust.StalenessDiscount;
import coterie.model.trust.TrustManager;
import coterie.topology.random.Purpose;
import coterie.topology.random.RandomStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Users of a real program have the same bits in every pass, alone or with others. */
class SharedPassesTest {
    private static final String FORCED = "coterie.passes";
    private static final int USERS = 5;
    private static final int STEPS = 2;

    @AfterEach
    void forget() {
        System.clearProperty(FORCED);
    }

    private static LearningDevice device(
            DecoderConfig config, Precision precision, double baseDropout, int threads, int stack) {
        return new LearningDevice(
                "cpu", MemoryWeights.random(config, 3), AdamW.PAPER, precision, baseDropout, threads, stack);
    }

    private static AdapterLayout layout(DecoderConfig config) {
        return new AdapterLayout(config, new LoraConfig(4, 32, 0.1, Set.of(Target.ALL_LINEAR)));
    }

    private static LearningRules rules(int batch, int accumulation, int context) {
        return new LearningRules(
                1,
                batch,
                accumulation,
                context,
                Schedule.constant(0.01),
                Exchange.PARAMETERS,
                100,
                new LearningRules.EvaluationRules(0, false),
                new LearningRules.ValidationRules(0, false),
                null,
                false,
                false);
    }

    /** Parameters of all users after some steps, all taken at once. */
    private static List<float[]> trained(LearningDevice on, DecoderConfig config, LearningRules rules) {
        int[] text = new int[8 * rules.context() + 1];
        RandomStream stream = RandomStream.of(1, Purpose.BATCH);
        for (int i = 0; i < text.length; i++) {
            text[i] = stream.below(config.vocabulary());
        }
        UserData data = new UserData(text, new int[0], text, text, new double[] {1});
        FederatedDataset dataset =
                new FederatedDataset(List.of("random"), Collections.nCopies(USERS, data), new int[1][0]);
        TrustManager.Rules alone = new TrustManager.Rules(
                new Local(), 1, new StalenessDiscount.Constant(), StalenessDiscount.Remainder.SELF);
        List<Learner> learners = new ArrayList<>();
        for (int u = 0; u < USERS; u++) {
            AdapterLayout layout = layout(config);
            float[] start = layout.start(AdapterLayout.Start.PER_USER, 1, u);
            learners.add(on.learner(u, dataset, layout, start, rules, new TrustManager(u, alone)));
        }
        TurnPlan plan = TurnPlan.turn(0, TurnPlan.Own.INSTANCE, 0).train(STEPS).build();
        var turns = learners.stream().map(l -> l.turn(plan)).toList();
        List<float[]> all = turns.stream().map(t -> t.join().parameters()).toList();
        learners.forEach(Learner::close);
        return all;
    }

    /** Before {@link PassRule} there were processors on which users stacked at these shapes had other bits. */
    @ParameterizedTest
    @CsvSource({
        "192, 6, 4096, 1, 64",
        "192, 6, 4096, 3, 32",
        "192, 6, 4096, 4, 16",
        "384, 6, 1999, 1, 7",
        "384, 6, 1999, 1, 64",
        "20, 2, 1001, 1, 97",
        "100, 4, 515, 3, 17"
    })
    void whoSharesAPassChangesNoBit(int width, int heads, int vocabulary, int batch, int context) {
        DecoderConfig config = Gpt2Family.shape(2, width, heads, vocabulary, 128);
        for (Precision precision : Precision.values()) {
            double baseDropout = precision == Precision.FLOAT32 ? 0 : 0.1;
            LearningRules rules = rules(batch, 1, context);
            List<float[]> alone;
            try (LearningDevice on = device(config, precision, baseDropout, 1, 1)) {
                alone = trained(on, config, rules);
            }
            for (int[] shape : new int[][] {{1, 4}, {2, 5}}) {
                try (LearningDevice on = device(config, precision, baseDropout, shape[0], shape[1])) {
                    assertThat(trained(on, config, rules))
                            .as("%s, %s", precision, on.passes(rules, layout(config), USERS))
                            .containsExactlyElementsOf(alone);
                }
            }
        }
    }

    /** At width 192 no processor is known on which users cannot share passes: speed is not given away for nothing. */
    @Test
    void usersOfTheBuiltInBaseShareTheirPasses() {
        DecoderConfig tiny = Gpt2Family.shape(6, 192, 6, 4096, 128);
        try (LearningDevice on = device(tiny, Precision.FLOAT32, 0, 1, 4)) {
            assertThat(on.passes(rules(1, 1, 64), layout(tiny), 8).most()).isEqualTo(4);
            assertThat(on.passes(rules(8, 1, 128), layout(tiny), 8)).isEqualTo(Passes.SINGLE);
        }
    }

    /** Where every pass has the same places, those that are empty change nothing, nor how many threads there are. */
    @Test
    void emptyPlacesChangeNoBit() {
        System.setProperty(FORCED, "constant");
        DecoderConfig config = Gpt2Family.shape(2, 64, 4, 300, 32);
        for (int accumulation = 1; accumulation <= 2; accumulation++) {
            LearningRules rules = rules(2, accumulation, 32);
            List<float[]> one;
            try (LearningDevice on = device(config, Precision.FLOAT32, 0.1, 1, 4)) {
                assertThat(on.passes(rules, layout(config), USERS)).isEqualTo(new Passes(Kind.CONSTANT, 4));
                one = trained(on, config, rules);
            }
            for (int threads = 1; threads <= 3; threads++) {
                try (LearningDevice on = device(config, Precision.FLOAT32, 0.1, threads, 4)) {
                    assertThat(trained(on, config, rules)).containsExactlyElementsOf(one);
                }
            }
        }
    }
}
