package coterie.model.learn;

import static org.assertj.core.api.Assertions.assertThat;

import coterie.model.adapter.AdapterLayout;
import coterie.model.base.MemoryWeights;
import coterie.model.exchange.Exchange;
import coterie.model.exchange.Snapshot;
import coterie.model.program.AdamW;
import coterie.model.program.Precision;
import coterie.model.trust.Fidelity;
import coterie.model.trust.MixingInput;
import coterie.model.trust.Selection;
import coterie.model.trust.ValidationPerformance;
import coterie.model.utility.Evidence;
import coterie.model.utility.UtilityRow;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What a user with an adapter measures of its neighbours. */
class MeasuredUtilityTest {
    private static final double EPSILON = 0.25;

    private static LearningRules measuring(boolean noisy, boolean comparing) {
        LearningRules r = LoraFixture.comparing(true);
        return new LearningRules(
                r.seed(),
                r.batch(),
                r.accumulation(),
                r.context(),
                r.schedule(),
                Exchange.PARAMETERS,
                r.evaluateEvery(),
                r.evaluation(),
                r.validation(),
                comparing ? r.predictions() : null,
                noisy,
                r.crashes(),
                new LearningRules.UtilityRules(EPSILON, new LearningRules.PredictionRules(5, 3, false, false, false)));
    }

    private static TurnPlan plan(MixingInput input, boolean utility) {
        return TurnPlan.turn(1, new TurnPlan.Mix(input), 5)
                .evaluateFirst(true)
                .train(5)
                .utility(utility)
                .publish(true)
                .build();
    }

    private static float[] between(float[] x, float[] y) {
        float[] z = new float[x.length];
        for (int k = 0; k < z.length; k++) {
            z[k] = (float) (x[k] + EPSILON * ((double) y[k] - x[k]));
        }
        return z;
    }

    @Test
    void itIsMeasuredBeforeTheMixingAndChangesNothing() {
        ValidationPerformance strategy = new ValidationPerformance(null, Fidelity.COTERIE, Selection.ALL);
        try (LearningDevice device = LoraFixture.device(1, 1)) {
            List<Snapshot> first = LoraFixture.rounds(device, measuring(false, true), strategy, 1).stream()
                    .map(TurnOutcome::snapshot)
                    .toList();
            MixingInput input = new MixingInput(0, 0, first, new int[first.size()]);
            TurnOutcome plain;
            try (Learner user = first(device, strategy)) {
                plain = user.turn(plan(input, false)).join();
            }
            TurnOutcome measured;
            try (Learner user = first(device, strategy)) {
                measured = user.turn(plan(input, true)).join();
            }
            assertThat(plain.utility()).isNull();
            assertThat(measured.hash()).isEqualTo(plain.hash());
            assertThat(measured.mixedHash()).isEqualTo(plain.mixedHash());
            assertThat(measured.evaluations()).isEqualTo(plain.evaluations());
            assertThat(measured.row().passes()).isEqualTo(plain.row().passes());
            UtilityRow row = measured.utility();
            assertThat(row.neighbours()).containsExactly(1, 2, 3, 4);
            // The strategy's scores are the losses of all candidates, on the same validation set.
            for (int k = 0; k < 4; k++) {
                assertThat(row.evidence(k)[Evidence.VALIDATION_LOSS.ordinal()])
                        .isEqualTo(-measured.row().scores()[k + 1]);
            }
            for (Evidence e : Evidence.values()) {
                assertThat(row.evidence(0)[e.ordinal()])
                        .as(e.label())
                        .satisfies(v -> assertThat(e.allows(v)).isTrue());
            }
            // And so are those of the mixtures, if they come as candidates of their own.
            Snapshot little = first.get(2)
                    .with(between(first.get(0).parameters(), first.get(2).parameters()), null);
            try (Learner user = first(device, strategy)) {
                TurnOutcome other = user.turn(
                                plan(new MixingInput(0, 0, List.of(first.get(0), little), new int[2]), false))
                        .join();
                assertThat(row.utilities()[1])
                        .isEqualTo(other.row().scores()[0] - other.row().scores()[1]);
            }
        }
    }

    private static Learner first(LearningDevice device, ValidationPerformance strategy) {
        List<Learner> all = LoraFixture.learners(device, measuring(false, true), strategy);
        all.subList(1, all.size()).forEach(Learner::close);
        return all.get(0);
    }

    /** With dropout left on in evaluations, as in the released code, two losses of one model differ by chance. */
    @Test
    void thereIsNoDropoutInIt() {
        ValidationPerformance strategy = new ValidationPerformance(null, Fidelity.COTERIE, Selection.ALL);
        float[] own = LoraFixture.LAYOUT.start(AdapterLayout.Start.SHARED, 1, 0);
        List<Snapshot> same = Stream.of(0, 3)
                .map(u -> new Snapshot(u, 0, 5, LoraFixture.LAYOUT.name(), own, null, Snapshot.hash(own)))
                .toList();
        LearningRules rules = measuring(true, false);
        try (LearningDevice device = new LearningDevice(
                        "cpu", MemoryWeights.random(LoraFixture.SHAPE, 3), AdamW.PAPER, Precision.FLOAT32, 0.2, 1, 1);
                Learner user = LoraFixture.learners(device, rules, strategy).get(0)) {
            TurnOutcome o = user.turn(plan(new MixingInput(0, 0, same, new int[2]), true))
                    .join();
            assertThat(o.row().scores()[0]).isNotEqualTo(o.row().scores()[1]);
            assertThat(o.utility().utilities()).containsExactly(0);
        }
    }
}
