package coterie.scenarios.results;

import static org.assertj.core.api.Assertions.assertThat;

import coterie.actors.event.Observation;
import coterie.actors.message.SentTotals;
import coterie.model.task.Task;
import coterie.model.trust.TrustRow;
import org.junit.jupiter.api.Test;

/** What a live page says of a run. */
class LiveProgressTest {
    private final LiveProgress progress = new LiveProgress(Task.LANGUAGE_MODELLING, 3);

    private static Observation.TurnEnded turn(int turn) {
        return new Observation.TurnEnded(
                10 * turn, 1, turn, 0, turn, 1, 100, true, true, new SentTotals(0, 0, 0, 0), 0);
    }

    @Test
    void nothingIsSaidBeforeItIsKnown() {
        assertThat(progress.last()).isNull();
        assertThat(progress.tokensPerSecond()).isNaN();
        progress.observed(turn(1));
        assertThat(progress.secondsFor(5)).as("the first turn includes loading").isNaN();
        assertThat(progress.users()).isEqualTo(3);
        assertThat(progress.unit()).isEqualTo("tokens");
    }

    @Test
    void timeDoesNotPassInAPause() throws InterruptedException {
        progress.observed(turn(1));
        Thread.sleep(5);
        progress.observed(turn(2));
        progress.pause(true);
        double left = progress.secondsFor(1);
        double speed = progress.tokensPerSecond();
        Thread.sleep(20);
        progress.pause(true);
        assertThat(progress.secondsFor(1)).isEqualTo(left).isPositive();
        assertThat(progress.secondsFor(4)).isEqualTo(4 * left);
        assertThat(progress.tokensPerSecond()).isEqualTo(speed);
        assertThat(speed * left).as("a turn is 100 tokens").isBetween(99.9, 100.1);
        progress.pause(false);
        Thread.sleep(5);
        assertThat(progress.secondsFor(1)).isGreaterThan(left);
    }

    @Test
    void theLastEventIsToldInWords() {
        progress.observed(turn(2));
        assertThat(progress.last()).isEqualTo(new LiveProgress.Event("user 1 ended turn 2", 20));
        progress.observed(new Observation.Evaluated(21, 0, 5, 1, Task.LANGUAGE_MODELLING.values(Math.log(12))));
        assertThat(progress.last().what()).isEqualTo("user 0 was evaluated, perplexity 12.00");
        progress.observed(new Observation.Mixed(
                22,
                2,
                1,
                new TrustRow(new int[] {0, 2}, new double[] {0.5, 0.5}, new int[2], new int[2], 1, 0, 1),
                new int[2],
                new double[2],
                new double[2]));
        assertThat(progress.last().what()).isEqualTo("user 2 mixed with 1 other");
        progress.observed(new Observation.Crashed(23, 1, 2, 1, 30));
        assertThat(progress.last().what()).isEqualTo("the device of user 1 failed");
        progress.observed(new Observation.Sent(
                24, 0, 1, 1, coterie.actors.message.Payload.Kind.SNAPSHOT, 1, 10, 0.1, false, false));
        assertThat(progress.last().seconds()).as("messages are too many").isEqualTo(23);
    }
}
