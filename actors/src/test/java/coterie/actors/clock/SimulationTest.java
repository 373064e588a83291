package coterie.actors.clock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import coterie.actors.ArithmeticLearner;
import coterie.actors.ArithmeticLearner.Setting;
import coterie.actors.life.Observation;
import coterie.model.learn.Learner;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SimulationTest {
    private final ExecutorService executor = Executors.newFixedThreadPool(2);

    @AfterEach
    void shutDown() {
        executor.shutdownNow();
    }

    @Test
    void aStoppedRunKeepsWhatItHasAndSaysSo() {
        Setting setting = RepeatabilityTest.busy(12);
        List<Observation> seen = new ArrayList<>();
        try (Simulation s = new Simulation(setting.world(), ArithmeticLearner.of(setting, task -> {
            // Never enough time for the whole run.
            executor.execute(() -> {
                try {
                    Thread.sleep(20);
                    task.run();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
        }), seen::add)) {
            s.stop();
            s.stop();
            assertThat(s.await().completed()).isFalse();
        }
    }

    @Test
    void anObserverThatCannotRecordEndsTheRun() {
        Setting setting = RepeatabilityTest.busy(12);
        try (Simulation s = new Simulation(setting.world(), ArithmeticLearner.of(setting, executor), o -> {
            throw new IllegalStateException("disk full");
        })) {
            assertThatThrownBy(s::await).isInstanceOf(RunFailedException.class).hasMessageContaining("recording failed: disk full");
        }
    }

    @Test
    void aUserThatFailsEndsTheRunAndIsNamed() {
        Setting setting = RepeatabilityTest.busy(12);
        List<Learner> learners = ArithmeticLearner.of(setting, executor);
        int failing = learners.size() - 1;
        learners.set(failing, new ArithmeticLearner(failing, 1, 2, task -> {
            throw new IllegalStateException("no device");
        }, ArithmeticLearner.rules()));
        try (Simulation s = new Simulation(setting.world(), learners, o -> { })) {
            assertThatThrownBy(s::await).hasMessageContaining("user " + failing + " failed").hasMessageContaining("no device");
        }
    }
}
