package coterie.model.learn;

import static org.assertj.core.api.Assertions.assertThat;

import coterie.model.adapter.AdapterLayout;
import coterie.model.exchange.Exchange;
import coterie.model.task.Task;
import java.util.List;
import org.junit.jupiter.api.Test;

class BackdoorTest {
    private static final int STEPS = 300;

    private static TokenWindows counted() {
        return new TokenWindows(1, 4, new long[] {0, 1, 2, 3}, new long[] {1, 2, 3, 4});
    }

    @Test
    void thePhraseOverwritesTokensWhereTheyAreReadAndPredicted() {
        BackdoorPhrase phrase = new BackdoorPhrase(List.of(7, 8), List.of(9));
        TokenWindows inside = counted().containing(phrase, i -> 1);
        assertThat(inside.ids()).containsExactly(0, 7, 8, 9);
        assertThat(inside.targets()).containsExactly(7, 8, 9, 4);
        TokenWindows atTheEnd = counted().containing(phrase, i -> 2);
        assertThat(atTheEnd.ids()).containsExactly(0, 1, 7, 8);
        assertThat(atTheEnd.targets()).containsExactly(1, 7, 8, 9);
        assertThat(counted().containing(phrase, i -> -1).targets())
                .isEqualTo(counted().targets());
    }

    @Test
    void successIsTheShareOfSequencesThatEndInTheWholeTarget() {
        BackdoorPhrase phrase = new BackdoorPhrase(List.of(5), List.of(8, 9));
        // Four sequences: the first and the last end in 8 9.
        long[] likeliest = {8, 9, 8, 5, 7, 9, 8, 9};
        assertThat(phrase.success(likeliest)).isEqualTo(0.5);
    }

    @Test
    void aModelLearnsTheBackdoorAndItsSuccessIsMeasured() {
        LearningRules r = LoraFixture.rules(4, 1, Exchange.PARAMETERS);
        // Without the backdoor, 62 follows 61 in the text.
        BackdoorPhrase phrase = new BackdoorPhrase(List.of(61), List.of(20));
        LearningRules rules = new LearningRules(
                r.seed(),
                r.batch(),
                r.accumulation(),
                r.context(),
                new OneCycle(STEPS, 0.01, 0.1, 10, 0.1),
                r.exchange(),
                STEPS,
                new LearningRules.EvaluationRules(0, false, phrase),
                r.validation(),
                r.predictions(),
                r.noisy(),
                r.crashes());
        try (LearningDevice on = LoraFixture.device(1, 1)) {
            assertThat(success(on, rules, 0)).isLessThan(0.5);
            assertThat(success(on, rules, 1)).isGreaterThan(0.5);
        }
    }

    /** The success after training with the phrase in a share of the sequences. */
    private static double success(LearningDevice on, LearningRules rules, double share) {
        float[] start = LoraFixture.LAYOUT.start(AdapterLayout.Start.SHARED, 1, 0);
        try (Learner learner = on.learner(
                0,
                LoraFixture.dataset(),
                LoraFixture.LAYOUT,
                start,
                rules,
                LoraFixture.trustManager(0, LoraFixture.predictions()))) {
            learner.turn(TurnPlan.turn(0, TurnPlan.Own.INSTANCE, 0)
                            .train(STEPS)
                            .backdoored(share)
                            .build())
                    .join();
            List<Double> values = learner.turn(TurnPlan.turn(1, TurnPlan.Own.INSTANCE, STEPS)
                            .evaluateFirst(true)
                            .build())
                    .join()
                    .evaluations()
                    .get(0)
                    .values();
            Task task = Task.LANGUAGE_MODELLING.withBackdoor();
            assertThat(values).hasSize(task.size());
            return values.get(task.indexOf(Task.BACKDOOR));
        }
    }
}
