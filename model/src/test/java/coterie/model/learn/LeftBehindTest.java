package coterie.model.learn;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.BaseNDManager;
import ai.djl.ndarray.NDManager;
import coterie.model.exchange.Exchange;
import coterie.model.torch.Torch;
import coterie.model.trust.Local;
import coterie.model.trust.MixingInput;
import coterie.model.trust.TrustStrategy;
import coterie.topology.random.Purpose;
import coterie.topology.random.RandomStream;
import java.lang.reflect.Field;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** A process that makes one run after another keeps nothing of those that are over. */
class LeftBehindTest {
    private static int held(NDManager manager) {
        try {
            Field resources = BaseNDManager.class.getDeclaredField("resources");
            resources.setAccessible(true);
            return ((Map<?, ?>) resources.get(manager)).size();
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(e.getMessage(), e);
        }
    }

    private static void live(LearningDevice on, Exchange exchange, TrustStrategy strategy) {
        List<Learner> learners = LoraFixture.learners(on, LoraFixture.rules(2, 2, exchange), strategy);
        List<TurnOutcome> last = List.of();
        for (int turn = 0; turn < 3; turn++) {
            TurnPlan.Beginning from = last.isEmpty()
                    ? TurnPlan.Own.INSTANCE
                    : new TurnPlan.Mix(new MixingInput(
                            turn - 1,
                            0,
                            last.stream().map(TurnOutcome::snapshot).toList(),
                            new int[LoraFixture.USERS]));
            int number = turn;
            List<CompletableFuture<TurnOutcome>> all = learners.stream()
                    .map(l -> l.turn(TurnPlan.turn(number, from, 5 * number)
                            .evaluateFirst(true)
                            .train(5)
                            .publish(true)
                            .save(true)
                            .build()))
                    .toList();
            last = all.stream().map(CompletableFuture::join).toList();
        }
        on.continued(
                LoraFixture.LAYOUT,
                last.get(0).parameters(),
                new int[] {1, 2},
                5,
                3,
                1,
                RandomStream.of(1, Purpose.BATCH));
        learners.forEach(Learner::close);
    }

    @Test
    void aDeviceHoldsNothingOfLearnersThatAreClosedAndTheProcessNothingOfADeviceThatIs() {
        NDManager process;
        try (NDManager any = Torch.engine().newBaseManager()) {
            process = any.getParentManager();
        }
        int before = held(process);
        try (LearningDevice on = LoraFixture.device(2, 3)) {
            int own = held(on.device().root());
            assertThat(own).isPositive();
            live(on, Exchange.PARAMETERS, LoraFixture.predictions());
            live(on, Exchange.UPDATES, new Local());
            assertThat(held(on.device().root()))
                    .as("arrays and managers of the device")
                    .isEqualTo(own);
            assertThat(held(process)).isEqualTo(before + 1);
        }
        assertThat(held(process)).as("managers of the process").isEqualTo(before);
        assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .noneMatch(n -> n.startsWith("compute-cpu"));
    }
}
