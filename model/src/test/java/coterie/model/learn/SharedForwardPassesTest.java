package coterie.model.learn;

import static coterie.model.learn.LoraFixture.LAYOUT;
import static coterie.model.learn.LoraFixture.USERS;
import static coterie.model.learn.LoraFixture.comparing;
import static coterie.model.learn.LoraFixture.text;
import static coterie.model.learn.LoraFixture.trustManager;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import coterie.model.adapter.AdapterLayout;
import coterie.model.exchange.Snapshot;
import coterie.model.text.FederatedDataset;
import coterie.model.text.UserData;
import coterie.model.trust.ChangeSimilarity;
import coterie.model.trust.Fidelity;
import coterie.model.trust.MixingInput;
import coterie.model.trust.Selection;
import coterie.model.trust.TrustStrategy;
import coterie.model.trust.ValidationPerformance;
import coterie.topology.drift.PhaseShares;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Evaluations, predictions and validation losses that are computed for several adapters together. */
class SharedForwardPassesTest {
    private static final String FORCED = "coterie.passes";
    private static final int ROUNDS = 3;
    /** Evaluations come at multiples of 5: within turns, and where turns begin. */
    private static final int ITERATIONS = 8;

    private static final PhaseShares HALVES = new PhaseShares(new double[] {0.5, 0.5});

    @BeforeEach
    void share() {
        System.setProperty(FORCED, "constant");
    }

    @AfterEach
    void forget() {
        System.clearProperty(FORCED);
    }

    /** Users whose data changes; users 3 and 4 have more to be tested on than the others. */
    private static FederatedDataset drifting() {
        List<UserData> users = new ArrayList<>();
        for (int u = 0; u < USERS; u++) {
            UserData second = new UserData(
                    text(u + 300, 300), new int[0], text(u + 400, 120), text(u + 500, 100), new double[] {1});
            users.add(new UserData(
                    text(u, 300),
                    new int[0],
                    text(u + 100, 120),
                    text(u + 200, u < 3 ? 150 : 400),
                    new double[] {1},
                    List.of(second)));
        }
        return new FederatedDataset(List.of("noise"), users, new int[][] {text(999, 200)});
    }

    /** Outcomes of all users' turns, round after round. */
    private static List<TurnOutcome> rounds(
            int threads, int stack, int helpers, LearningRules rules, TrustStrategy strategy) {
        try (LearningDevice on = LoraFixture.device(threads, stack, helpers)) {
            List<Learner> learners = new ArrayList<>();
            for (int u = 0; u < USERS; u++) {
                float[] start = LAYOUT.start(AdapterLayout.Start.SHARED, 1, u);
                learners.add(on.learner(u, drifting(), LAYOUT, start, rules, trustManager(u, strategy)));
            }
            List<TurnOutcome> all = new ArrayList<>();
            for (int r = 0; r < ROUNDS; r++) {
                List<Snapshot> sent = all.subList(Math.max(0, all.size() - USERS), all.size()).stream()
                        .map(TurnOutcome::snapshot)
                        .toList();
                TurnPlan plan = TurnPlan.turn(
                                r,
                                r == 0
                                        ? TurnPlan.Own.INSTANCE
                                        : new TurnPlan.Mix(new MixingInput(r - 1, 0, sent, new int[USERS])),
                                ITERATIONS * r)
                        .evaluateFirst(true)
                        .train(ITERATIONS)
                        .data(r == 1 ? HALVES : PhaseShares.FIRST)
                        .publish(true)
                        .build();
                List<CompletableFuture<TurnOutcome>> turns =
                        learners.stream().map(l -> l.turn(plan)).toList();
                turns.forEach(t -> all.add(t.join()));
            }
            learners.forEach(Learner::close);
            return all;
        }
    }

    private static void assertSame(TurnOutcome found, TurnOutcome expected) {
        assertThat(found.parameters()).isEqualTo(expected.parameters());
        assertThat(found.evaluations()).isEqualTo(expected.evaluations());
        assertThat(found.trainingLoss()).isEqualTo(expected.trainingLoss());
        assertThat(found.snapshot().predictions()).isEqualTo(expected.snapshot().predictions());
        if (expected.row() != null) {
            assertThat(found.row().scores()).isEqualTo(expected.row().scores());
        }
    }

    @ParameterizedTest
    @CsvSource({"false, 4", "true, 4", "true, 3"})
    void whoSharesThemChangesNoBit(boolean changes, int stack) {
        TrustStrategy strategy = changes ? new ChangeSimilarity(2, Selection.ALL) : LoraFixture.predictions();
        List<TurnOutcome> expected = rounds(1, stack, 0, comparing(changes), strategy);
        for (int threads = 1; threads <= 3; threads++) {
            List<TurnOutcome> found = rounds(threads, stack, 4 - threads, comparing(changes), strategy);
            for (int k = 0; k < expected.size(); k++) {
                assertSame(found.get(k), expected.get(k));
            }
        }
    }

    /** Beside passes of one user each, of which the forward passes are computed by the turns themselves. */
    @ParameterizedTest
    @CsvSource({"false", "true"})
    void theyAreThoseOfUsersThatComputeTheirOwn(boolean changes) {
        ValidationPerformance strategy = new ValidationPerformance(1.0, Fidelity.COTERIE, Selection.ALL);
        List<TurnOutcome> shared = rounds(2, 4, 0, comparing(changes), strategy);
        System.setProperty(FORCED, "alone");
        List<TurnOutcome> own = rounds(2, 4, 0, comparing(changes), strategy);
        for (int k = 0; k < own.size(); k++) {
            assertThat(shared.get(k).trainingLoss()).isCloseTo(own.get(k).trainingLoss(), within(1e-3));
            List<TurnOutcome.Evaluation> evaluations = own.get(k).evaluations();
            assertThat(shared.get(k).evaluations()).hasSameSizeAs(evaluations).hasSizeGreaterThan(1);
            for (int e = 0; e < evaluations.size(); e++) {
                TurnOutcome.Evaluation found = shared.get(k).evaluations().get(e);
                assertThat(found.iteration()).isEqualTo(evaluations.get(e).iteration());
                assertThat(found.loss()).isCloseTo(evaluations.get(e).loss(), within(1e-3));
            }
            assertThat(shared.get(k).snapshot().predictions().positions())
                    .isEqualTo(own.get(k).snapshot().predictions().positions());
            if (k >= USERS) {
                assertThat(shared.get(k).row().scores())
                        .containsExactly(own.get(k).row().scores(), within(1e-3));
            }
        }
    }

    /** Five candidates in passes of at most four. */
    @Test
    void aCandidatesValidationLossIsThatOfItsOwnPass() {
        ValidationPerformance strategy = new ValidationPerformance(1.0, Fidelity.COTERIE, Selection.ALL);
        List<TurnOutcome> first = rounds(1, 4, 0, comparing(false), strategy).subList(0, USERS);
        List<Snapshot> candidates = first.stream().map(TurnOutcome::snapshot).toList();
        double[][] scores = new double[2][];
        for (int alone = 0; alone < 2; alone++) {
            System.setProperty(FORCED, alone == 1 ? "alone" : "constant");
            try (LearningDevice on = LoraFixture.device(1, 4);
                    Learner me = on.learner(
                            0,
                            drifting(),
                            LAYOUT,
                            LAYOUT.start(AdapterLayout.Start.SHARED, 1, 0),
                            comparing(false),
                            trustManager(0, strategy))) {
                scores[alone] = me.turn(
                                TurnPlan.turn(1, new TurnPlan.Mix(new MixingInput(0, 0, candidates, new int[USERS])), 5)
                                        .data(HALVES)
                                        .build())
                        .join()
                        .row()
                        .scores();
            }
        }
        assertThat(scores[0]).containsExactly(scores[1], within(1e-6)).doesNotHaveDuplicates();
    }
}
