package coterie.model.learn;

import static coterie.model.learn.LoraFixture.USERS;
import static coterie.model.learn.LoraFixture.comparing;
import static coterie.model.learn.LoraFixture.device;
import static coterie.model.learn.LoraFixture.learners;
import static coterie.model.learn.LoraFixture.predicted;
import static coterie.model.learn.LoraFixture.predictions;
import static org.assertj.core.api.Assertions.assertThat;

import coterie.model.aggregation.AggregationInput;
import coterie.model.aggregation.Contribution;
import coterie.model.aggregation.WeightedMean;
import coterie.model.exchange.PredictionChanges;
import coterie.model.exchange.Predictions;
import coterie.model.exchange.Snapshot;
import coterie.model.trust.ChangeSimilarity;
import coterie.model.trust.MixingInput;
import coterie.model.trust.Selection;
import coterie.model.trust.TrustStrategy;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Changes of predictions that a user publishes. */
class LearnedChangesTest {
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
            float[] mixed = new WeightedMean()
                    .aggregate(new AggregationInput(contributions, 0, null))
                    .parameters();
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
}
