package coterie.model.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What a task says of its metrics, and when a target for one of them is reached. */
class TaskTest {
    @Test
    void perplexityFollowsFromTheLoss() {
        assertThat(Task.LANGUAGE_MODELLING.values(2)).containsExactly(2.0, Math.exp(2));
        assertThat(Task.LANGUAGE_MODELLING.reported()).containsExactly(Task.PERPLEXITY);
    }

    @Test
    void accuracyIsMeasuredBesideTheLoss() {
        assertThat(Task.CLASSIFICATION.values(0.5, 0.75)).containsExactly(0.5, 0.75);
        assertThat(Task.CLASSIFICATION.headline()).isEqualTo(Task.ACCURACY);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Task.CLASSIFICATION.values(0.5))
                .withMessageContaining("measures more than 1 metrics");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Task.LANGUAGE_MODELLING.values(2, Math.exp(2)))
                .withMessageContaining("measures 1 metrics, found 2 values");
    }

    @Test
    void aTargetIsReachedFromTheWorseSide() {
        Target perplexity = new Target(Task.PERPLEXITY, 10);
        assertThat(perplexity.isReachedBy(9.9)).isTrue();
        assertThat(perplexity.isReachedBy(10)).isTrue();
        assertThat(perplexity.isReachedBy(10.1)).isFalse();
        Target accuracy = new Target(Task.ACCURACY, 0.8);
        assertThat(accuracy.isReachedBy(0.79)).isFalse();
        assertThat(accuracy.isReachedBy(0.8)).isTrue();
        assertThat(accuracy.isReachedBy(0.81)).isTrue();
        assertThat(accuracy.isReachedBy(Double.NaN)).isFalse();
        assertThat(accuracy.isReachedBy(0.79, 0.1)).as("with a tolerance").isTrue();
        assertThat(accuracy.isReachedBy(0.81, -0.1)).as("by more than a margin").isFalse();
        assertThat(perplexity.isReachedBy(10.5, 0.1)).isTrue();
    }

    @Test
    void aTaskWithoutALossOrWithTwoMetricsOfOneNameIsRefused() {
        List<Metric> twice = List.of(Task.LOSS, Task.ACCURACY, Task.ACCURACY);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Task("twice", Task.Data.VECTORS, twice, List.of(Task.ACCURACY)))
                .withMessage("two metrics of task twice are called accuracy");
        List<Metric> derived = List.of(Task.PERPLEXITY);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Task("derived", Task.Data.TEXT, derived, derived))
                .withMessageContaining("the first metric of task derived must be its loss");
    }
}
