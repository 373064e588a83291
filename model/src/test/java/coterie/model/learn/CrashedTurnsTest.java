package coterie.model.learn;

import static coterie.model.learn.LoraFixture.USERS;
import static coterie.model.learn.LoraFixture.comparing;
import static coterie.model.learn.LoraFixture.device;
import static coterie.model.learn.LoraFixture.learners;
import static coterie.model.learn.LoraFixture.predictions;
import static coterie.model.learn.LoraFixture.rules;
import static org.assertj.core.api.Assertions.assertThat;

import coterie.model.exchange.Exchange;
import coterie.model.exchange.Predictions;
import coterie.model.exchange.Snapshot;
import coterie.model.trust.ChangeSimilarity;
import coterie.model.trust.Fidelity;
import coterie.model.trust.MixingInput;
import coterie.model.trust.Selection;
import coterie.model.trust.TrustStrategy;
import coterie.model.trust.ValidationPerformance;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a user goes back to after a crash. */
class CrashedTurnsTest {
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
                        TurnPlan.turn(1, new TurnPlan.LastSave(), 5).train(5).build();
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
                assertThat(never.turn(TurnPlan.turn(0, new TurnPlan.LastSave(), 0)
                                        .train(5)
                                        .build())
                                .join()
                                .parameters())
                        .isEqualTo(first);
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
                TurnOutcome redone = me.turn(TurnPlan.turn(1, new TurnPlan.LastSave(), 5)
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
            TurnPlan again = TurnPlan.turn(1, new TurnPlan.LastSave(), 5)
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
            TurnPlan again = TurnPlan.turn(1, new TurnPlan.LastSave(), 5)
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
}
