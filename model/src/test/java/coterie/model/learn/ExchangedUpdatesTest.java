package coterie.model.learn;

import static coterie.model.learn.LoraFixture.LAYOUT;
import static coterie.model.learn.LoraFixture.USERS;
import static coterie.model.learn.LoraFixture.assertClose;
import static coterie.model.learn.LoraFixture.dataset;
import static coterie.model.learn.LoraFixture.device;
import static coterie.model.learn.LoraFixture.doubles;
import static coterie.model.learn.LoraFixture.learners;
import static coterie.model.learn.LoraFixture.predictions;
import static coterie.model.learn.LoraFixture.rounds;
import static coterie.model.learn.LoraFixture.rules;
import static coterie.model.learn.LoraFixture.trustManager;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import coterie.model.adapter.AdapterLayout;
import coterie.model.exchange.Exchange;
import coterie.model.exchange.Snapshot;
import coterie.model.trust.Fidelity;
import coterie.model.trust.MixingInput;
import coterie.model.trust.ModelSimilarity;
import coterie.model.trust.Oracle;
import coterie.model.trust.Selection;
import coterie.model.trust.TrustStrategy;
import coterie.model.trust.ValidationPerformance;
import coterie.topology.random.Purpose;
import coterie.topology.random.RandomStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What users exchange and mix: parameters or updates. */
class ExchangedUpdatesTest {
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
            Snapshot untrained = trained.of(1, 0, 0, LAYOUT.start(AdapterLayout.Start.SHARED, 1, 1));
            float[] noise = trained.values().clone();
            RandomStream s = RandomStream.of(4, Purpose.BATCH);
            for (int i = 0; i < noise.length; i++) {
                noise[i] += (float) (0.5 * s.gaussian());
            }
            double[] w = me.turn(TurnPlan.turn(
                                    1,
                                    new TurnPlan.Mix(new MixingInput(
                                            0, 0, List.of(trained, untrained, trained.of(2, 0, 0, noise)), new int[3])),
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
                        trustManager(u, Oracle.of(mixtures))));
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
            for (TurnPlan.Beginning from : List.of(TurnPlan.Own.INSTANCE, new TurnPlan.LastSave())) {
                Learner by = from instanceof TurnPlan.LastSave ? me : elsewhere;
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
                new ModelSimilarity(3.0, Fidelity.RELEASED, Selection.ALL, LAYOUT),
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
}
