package coterie.actors.calendar;

import static org.assertj.core.api.Assertions.assertThat;

import coterie.actors.event.Observation;
import coterie.model.learn.Divergence;
import coterie.model.task.Target;
import coterie.model.task.Task;
import org.junit.jupiter.api.Test;

/** When a run has reached its target for the mean over users. */
class EarlyStopTest {
    private static boolean all(int user) {
        return true;
    }

    private static Observation.Evaluated evaluated(Task task, int user, int iteration, double... measured) {
        return new Observation.Evaluated(iteration + 0.1 * user, user, iteration, 0, task.values(measured));
    }

    @Test
    void accuracyIsReachedFromBelow() {
        EarlyStop stop = new EarlyStop(Task.CLASSIFICATION, new Target(Task.ACCURACY, 0.75), 2, EarlyStopTest::all);
        stop.observed(evaluated(Task.CLASSIFICATION, 0, 0, 0.1, 1.0));
        assertThat(stop.reached()).as("user 1 was not evaluated yet").isFalse();
        stop.observed(evaluated(Task.CLASSIFICATION, 1, 0, 0.9, 0.25));
        assertThat(stop.reached()).as("a mean of 0.625").isFalse();
        stop.observed(evaluated(Task.CLASSIFICATION, 1, 5, 0.8, 0.5));
        assertThat(stop.reached()).as("a mean of 0.75").isTrue();
    }

    @Test
    void perplexityIsReachedFromAbove() {
        EarlyStop stop =
                new EarlyStop(Task.LANGUAGE_MODELLING, new Target(Task.PERPLEXITY, Math.exp(2)), 2, EarlyStopTest::all);
        stop.observed(evaluated(Task.LANGUAGE_MODELLING, 0, 0, 2));
        stop.observed(evaluated(Task.LANGUAGE_MODELLING, 1, 0, 2.01));
        assertThat(stop.reached()).isFalse();
        stop.observed(evaluated(Task.LANGUAGE_MODELLING, 1, 5, 2));
        assertThat(stop.reached()).isTrue();
    }

    @Test
    void usersWhoseTrainingHasDivergedDoNotCount() {
        EarlyStop stop = new EarlyStop(Task.CLASSIFICATION, new Target(Task.LOSS, 0.5), 2, EarlyStopTest::all);
        stop.observed(evaluated(Task.CLASSIFICATION, 0, 0, 0.4, 0.5));
        stop.observed(evaluated(Task.CLASSIFICATION, 1, 0, 9, 0.5));
        stop.observed(new Observation.Diverged(1, 1, 0, 1, Divergence.Symptom.TRAINING_LOSS));
        stop.observed(evaluated(Task.CLASSIFICATION, 0, 5, 0.3, 0.5));
        assertThat(stop.reached()).isTrue();
    }

    @Test
    void aServerIsNotWaitedFor() {
        EarlyStop stop = new EarlyStop(Task.CLASSIFICATION, new Target(Task.ACCURACY, 0.75), 3, user -> user != 0);
        stop.observed(evaluated(Task.CLASSIFICATION, 1, 0, 0.1, 0.5));
        assertThat(stop.reached()).as("user 2 was not evaluated yet").isFalse();
        stop.observed(evaluated(Task.CLASSIFICATION, 2, 0, 0.1, 1.0));
        assertThat(stop.reached()).as("a mean of 0.75 over two users").isTrue();
    }

    @Test
    void aRestoredStateGoesOnWhereItWasSaved() {
        Target target = new Target(Task.ACCURACY, 0.75);
        EarlyStop saved = new EarlyStop(Task.CLASSIFICATION, target, 2, EarlyStopTest::all);
        saved.observed(evaluated(Task.CLASSIFICATION, 0, 0, 0.1, 1.0));
        EarlyStop stop = new EarlyStop(Task.CLASSIFICATION, target, 2, EarlyStopTest::all);
        stop.restore(saved.state());
        stop.observed(evaluated(Task.CLASSIFICATION, 1, 0, 0.8, 0.5));
        assertThat(stop.reached()).isTrue();
    }

    @Test
    void withoutATargetNothingIsReached() {
        EarlyStop stop = new EarlyStop(Task.CLASSIFICATION, null, 1, EarlyStopTest::all);
        stop.observed(evaluated(Task.CLASSIFICATION, 0, 0, 0, 1.0));
        assertThat(stop.reached()).isFalse();
    }
}
