package coterie.model.learn;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class StepLossesTest {
    @Test
    void lossesOfStepsUnderWayAreReadInTheirOrder() {
        StepLosses losses = new StepLosses();
        losses.add(2);
        losses.add(4, () -> 3);
        losses.add(5, () -> 0.5);
        assertThat(losses.sum()).isEqualTo(2);
        assertThat(losses.read()).isNull();
        assertThat(losses.sum()).isEqualTo(5.5);
    }

    @Test
    void theFirstThatIsNotFiniteIsToldAndTheOthersAreReadAllTheSame() {
        StepLosses losses = new StepLosses();
        List<Integer> read = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            int iteration = i;
            losses.add(iteration, () -> {
                read.add(iteration);
                return iteration == 0 ? 1 : Double.NaN;
            });
        }
        assertThat(losses.read()).isEqualTo(new Divergence(1, Divergence.Symptom.TRAINING_LOSS));
        assertThat(read).containsExactly(0, 1, 2, 3);
    }
}
