package coterie.model.learn;

import static coterie.model.learn.LoraFixture.LAYOUT;
import static coterie.model.learn.LoraFixture.SHAPE;
import static coterie.model.learn.LoraFixture.USERS;
import static coterie.model.learn.LoraFixture.predictions;
import static coterie.model.learn.LoraFixture.rounds;
import static coterie.model.learn.LoraFixture.rules;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.engine.EngineException;
import coterie.model.base.MemoryWeights;
import coterie.model.exchange.Exchange;
import coterie.model.learn.LearningDevice.PassProgram;
import coterie.model.program.AdamW;
import coterie.model.program.PassMemory;
import coterie.model.program.PassMode;
import coterie.model.program.Precision;
import coterie.model.torch.DeviceFailedException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiPredicate;
import java.util.function.IntPredicate;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A device whose memory does not suffice for the passes that were asked for. */
class ScarceMemoryTest {
    private static final String MEMORY = "coterie.memory";
    private static final String FORCED = "coterie.passes";
    private static final String RECOMPUTE = "coterie.recompute";
    private static final String FULL = "RuntimeError: CUDA out of memory. Tried to allocate 2.00 GiB.";

    @AfterEach
    void forget() {
        System.clearProperty(MEMORY);
        System.clearProperty(FORCED);
        System.clearProperty(RECOMPUTE);
    }

    /** A program that fails for lack of memory in some passes, before or after it has computed. */
    private static UnaryOperator<PassProgram> full(IntPredicate fails, boolean afterwards) {
        return full((users, mode) -> fails.test(users), afterwards);
    }

    /** @param fails whether a pass of so many users fails, by its mode */
    private static UnaryOperator<PassProgram> full(BiPredicate<Integer, PassMode> fails, boolean afterwards) {
        return program -> (ids, targets, layout, rows, seeds, base, mode, results) -> {
            boolean full = fails.test(rows.size(), mode);
            if (full && !afterwards) {
                throw new EngineException(FULL);
            }
            var gradients = program.gradients(ids, targets, layout, rows, seeds, base, mode, results);
            if (full) {
                throw new EngineException(FULL);
            }
            return gradients;
        };
    }

    private static LearningDevice device(int threads, int stack, UnaryOperator<PassProgram> program) {
        return new LearningDevice(
                "cpu", MemoryWeights.random(SHAPE, 3), AdamW.PAPER, Precision.FLOAT32, 0, threads, stack, 0, program);
    }

    private static List<TurnOutcome> trained(LearningDevice on, int accumulation) {
        return rounds(on, rules(2, accumulation, Exchange.PARAMETERS), predictions(), 2);
    }

    private static void assertSame(List<TurnOutcome> found, List<TurnOutcome> expected) {
        for (int u = 0; u < USERS; u++) {
            assertThat(found.get(u).parameters()).isEqualTo(expected.get(u).parameters());
            assertThat(found.get(u).evaluations()).isEqualTo(expected.get(u).evaluations());
        }
    }

    @ParameterizedTest
    @CsvSource({"joint, 1", "apart, 1", "joint, 2", "apart, 3"})
    void passesAreHalvedUntilTheyFitAndResultsStay(String kind, int accumulation) {
        List<TurnOutcome> enough;
        try (LearningDevice on = LoraFixture.device(1, 1)) {
            enough = trained(on, accumulation);
        }
        System.setProperty(FORCED, kind);
        for (int most = 1; most <= 2; most++) {
            int fitting = most;
            try (LearningDevice on = device(most, 5, full(n -> n > fitting, fitting == 2))) {
                assertSame(trained(on, accumulation), enough);
                assertThat(on.fitting().most()).isEqualTo(fitting);
                assertThat(on.recomputes()).isFalse();
            }
        }
    }

    /** Lack of memory may come from other programs, and go again. */
    @ParameterizedTest
    @CsvSource({"1", "2"})
    void aPassThatIsRepeatedIsExact(int accumulation) {
        List<TurnOutcome> enough;
        try (LearningDevice on = LoraFixture.device(1, 1)) {
            enough = trained(on, accumulation);
        }
        AtomicInteger passes = new AtomicInteger();
        try (LearningDevice on = device(1, 5, full(n -> passes.incrementAndGet() % 2 == 0, true))) {
            assertSame(trained(on, accumulation), enough);
            assertThat(on.fitting().most()).isEqualTo(1);
        }
    }

    /** Places that hold no user are lacking too, and those that are left are the same in every pass. */
    @Test
    void constantPassesKeepTheirNumberOfPlaces() {
        System.setProperty(FORCED, "constant");
        AtomicInteger largest = new AtomicInteger();
        try (LearningDevice on = device(
                1,
                4,
                full(
                        n -> {
                            largest.set(n);
                            return n > 2;
                        },
                        false))) {
            trained(on, 1);
            assertThat(largest).hasValue(2);
        }
    }

    @Test
    void aUserWhoDoesNotFitEndsTheRunInWords() {
        try (LearningDevice on = device(1, 5, full(n -> true, false))) {
            assertThatThrownBy(() -> trained(on, 1))
                    .hasCauseInstanceOf(DeviceFailedException.class)
                    .cause()
                    .hasMessageStartingWith("cpu has too little memory: a pass of one user, 2 x 16 tokens in float32,"
                            + " does not fit: it takes about ")
                    .hasMessageContainingAll(
                            "with activations recomputed",
                            "training.batch_size",
                            "training.context",
                            "model.precision: bfloat16");
        }
    }

    @ParameterizedTest
    @CsvSource({"1, joint, 1", "2, joint, 1", "2, apart, 2"})
    void aUserWhoDoesNotFitRecomputesActivationsAndResultsStay(int threads, String kind, int accumulation) {
        List<TurnOutcome> enough;
        try (LearningDevice on = LoraFixture.device(1, 1)) {
            enough = trained(on, accumulation);
        }
        System.setProperty(FORCED, kind);
        for (boolean afterwards : new boolean[] {false, true}) {
            try (LearningDevice on =
                    device(threads, 4, full((users, mode) -> users > 1 || !mode.recompute(), afterwards))) {
                assertSame(trained(on, accumulation), enough);
                assertThat(on.fitting().most()).isEqualTo(1);
                assertThat(on.recomputes()).isTrue();
            }
        }
    }

    @Test
    void activationsThatExceedTheBudgetAreRecomputedFromTheFirstPassOn() {
        LearningRules rules = rules(2, 1, Exchange.PARAMETERS);
        List<TurnOutcome> enough;
        PassMemory kept = PassMemory.of(LAYOUT, 2, 16, 0, false, true);
        try (LearningDevice on = LoraFixture.device(1, 4)) {
            enough = trained(on, 1);
            assertThat(on.recomputes()).isFalse();
        }
        for (double share : new double[] {0.9, 1.1}) {
            // What users' own arrays take is not there for passes.
            System.setProperty(
                    MEMORY, String.valueOf((long) (kept.once() + share * kept.perUser()) + 80L * LAYOUT.size()));
            Set<Boolean> modes = ConcurrentHashMap.newKeySet();
            Set<Integer> users = ConcurrentHashMap.newKeySet();
            UnaryOperator<PassProgram> observed = full(
                    (n, mode) -> {
                        users.add(n);
                        modes.add(mode.recompute());
                        return false;
                    },
                    false);
            try (LearningDevice on = device(1, 4, observed)) {
                assertSame(trained(on, 1), enough);
                assertThat(modes).as("%s of a pass fits", share).containsExactly(share < 1);
                assertThat(users).containsExactly(1);
                assertThat(on.recomputes()).isEqualTo(share < 1);
                assertThat(on.passes(rules, LAYOUT, USERS)).isEqualTo(Passes.SINGLE.withRecompute(share < 1));
            }
        }
    }

    @Test
    void recomputationCanBeForcedAndForbidden() {
        List<TurnOutcome> enough;
        try (LearningDevice on = LoraFixture.device(1, 4)) {
            enough = trained(on, 1);
        }
        System.setProperty(RECOMPUTE, "always");
        try (LearningDevice on = device(2, 4, full((users, mode) -> !mode.recompute(), false))) {
            assertSame(trained(on, 1), enough);
            assertThat(on.fitting().most()).as("no pass failed").isEqualTo(Integer.MAX_VALUE);
        }
        System.setProperty(RECOMPUTE, "never");
        System.setProperty(MEMORY, "1000000");
        try (LearningDevice on = device(1, 4, full((users, mode) -> !mode.recompute(), false))) {
            assertThatThrownBy(() -> trained(on, 1))
                    .hasCauseInstanceOf(DeviceFailedException.class)
                    .cause()
                    .hasMessageContaining("does not fit")
                    .hasMessageNotContaining("recomputed");
        }
        System.setProperty(RECOMPUTE, "seldom");
        try (LearningDevice on = LoraFixture.device(1, 4)) {
            assertThatThrownBy(() -> trained(on, 1)).hasMessageContaining("auto, always or never, found seldom");
        }
    }

    @Test
    void anErrorOfAGpuIsToldAsItsLoss() {
        try (LearningDevice on = device(1, 5, program -> (ids, targets, layout, rows, seeds, base, mode, results) -> {
            throw new EngineException("RuntimeError: CUDA error: an illegal memory access was encountered");
        })) {
            assertThatThrownBy(() -> trained(on, 1))
                    .cause()
                    .isInstanceOfSatisfying(
                            DeviceFailedException.class,
                            e -> assertThat(e.isLost()).isTrue())
                    .hasMessage("cpu has failed: CUDA error: an illegal memory access was encountered");
        }
    }

    @Test
    void howManyShareFollowsFromFreeMemory() {
        LearningRules rules = rules(2, 1, Exchange.PARAMETERS);
        List<TurnOutcome> enough;
        long user;
        try (LearningDevice on = LoraFixture.device(1, 4)) {
            assertThat(on.passes(rules, LAYOUT, 4).most()).isEqualTo(4);
            enough = trained(on, 1);
            PassMemory memory = PassMemory.of(LAYOUT, 2, 16, 0, false, true);
            user = memory.perUser();
            System.setProperty(
                    MEMORY, String.valueOf((long) ((memory.once() + 2.5 * user) / 0.8) + 80L * LAYOUT.size()));
        }
        try (LearningDevice on = LoraFixture.device(1, 4)) {
            Passes passes = on.passes(rules, LAYOUT, USERS);
            assertThat(passes.most()).isEqualTo(2);
            assertSame(trained(on, 1), enough);
            System.setProperty(MEMORY, "1000000000000");
            assertThat(on.passes(rules, LAYOUT, USERS)).as("decided once").isEqualTo(passes);
        }
    }
}
