package coterie.scenarios.results;

import static org.assertj.core.api.Assertions.assertThat;

import coterie.actors.event.Observation;
import coterie.actors.message.SentTotals;
import coterie.model.learn.Divergence;
import coterie.model.task.Task;
import coterie.topology.group.Groups;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The line that shows how far a run is. */
class ProgressTest {
    private static final long SECOND = 1_000_000_000L;

    private final Statistics statistics =
            new Statistics(Task.LANGUAGE_MODELLING, Groups.of(1, 2, List.of()), 2, null, 10);

    private Progress progress(int number, int of) {
        PrintStream nowhere = new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
        return new Progress(nowhere, true, new Progress.Part(number, of), "name", 20, statistics);
    }

    private void see(Progress progress, Observation o) {
        statistics.observed(o);
        progress.observed(o);
    }

    private static Observation evaluated(int user, double perplexity) {
        return new Observation.Evaluated(0, user, 0, 0, Task.LANGUAGE_MODELLING.values(Math.log(perplexity)));
    }

    private static Observation turn(int user, int turn) {
        return new Observation.TurnEnded(30, user, turn, 0, 10, 3, 100, true, true, new SentTotals(0, 0, 0, 0), turn);
    }

    @Test
    void thePaceBeginsWithTheFirstTurnThatEnds() {
        Pace pace = new Pace();
        assertThat(pace.secondsPerTurn(SECOND, 0)).isNaN();
        pace.ended(60 * SECOND, 1, 100);
        assertThat(pace.secondsPerTurn(61 * SECOND, 1)).isNaN();
        pace.ended(70 * SECOND, 6, 600);
        assertThat(pace.secondsPerTurn(80 * SECOND, 11)).isEqualTo(2);
        assertThat(pace.tokensPerSecond(80 * SECOND, 1100)).isEqualTo(50);
    }

    @Test
    void turnsOfAnEarlierProcessSayNothing() {
        Pace pace = new Pace();
        pace.ended(10 * SECOND, 901, 90_100);
        assertThat(pace.secondsPerTurn(20 * SECOND, 911)).isEqualTo(1);
    }

    @Test
    void theMetricIsShownWhenAllUsersHaveIt() {
        Progress p = progress(1, 1);
        see(p, evaluated(0, 80));
        assertThat(p.line(SECOND, 0)).isEqualTo("name: 0 of 20 turns, 0 s virtual, ? left");
        see(p, evaluated(1, 40));
        assertThat(p.line(SECOND, 0)).isEqualTo("name: 0 of 20 turns, 0 s virtual, perplexity 60.00, ? left");
    }

    @Test
    void aUserWhoseTrainingDivergedIsNotWaitedFor() {
        Progress p = progress(1, 1);
        see(p, evaluated(0, 80));
        see(p, new Observation.Diverged(1, 1, 0, 0, Divergence.Symptom.TRAINING_LOSS));
        assertThat(p.line(SECOND, 0)).contains("perplexity 80.00");
    }

    @Test
    void theTimeLeftIsThatOfAllRunsOfTheCommand() {
        Progress p = progress(2, 3);
        see(p, turn(0, 1));
        long begin = System.nanoTime();
        see(p, turn(1, 1));
        see(p, turn(0, 2));
        see(p, turn(1, 2));
        // Three turns in about 30 s; 16 are left here, and 20 in the third run.
        String line = p.line(begin + 30 * SECOND, 30);
        assertThat(line)
                .startsWith("name (2 of 3): 4 of 20 turns, 30 s virtual, ")
                .endsWith(" tokens/s, 6 min left");
        assertThat(line).contains(", 10 tokens/s");
    }
}
