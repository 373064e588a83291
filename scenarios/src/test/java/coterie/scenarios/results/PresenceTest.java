package coterie.scenarios.results;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import coterie.actors.event.Observation;
import coterie.model.task.Task;
import org.junit.jupiter.api.Test;

class PresenceTest {
    private static Observation.Absent absent(int user, double from, double until) {
        return new Observation.Absent(from, user, 0, until, false);
    }

    private static Observation.Evaluated last(int user, double seconds) {
        return new Observation.Evaluated(seconds, user, 8, 4, Task.LANGUAGE_MODELLING.values(1));
    }

    @Test
    void aUsersTimeEndsWithItsLastEvaluation() {
        Presence presence = new Presence(2, 4);
        presence.observed(absent(0, 10, 30));
        presence.observed(last(0, 40));
        assertThat(presence.share(60)).isCloseTo(0.8, within(1e-12));
        assertThat(presence.share(0)).isNaN();
    }

    @Test
    void anAbsenceEndsWithTheRun() {
        Presence presence = new Presence(1, 4);
        presence.observed(absent(0, 5, 10));
        presence.observed(absent(0, 15, Double.POSITIVE_INFINITY));
        assertThat(presence.share(20)).isCloseTo(0.5, within(1e-12));
    }

    @Test
    void whereAbsencesOverlapTimeCountsOnce() {
        Presence presence = new Presence(1, 4);
        presence.observed(absent(0, 10, 20));
        presence.observed(new Observation.Crashed(12, 0, 0, 0, 13));
        presence.observed(absent(0, 13, 23));
        presence.observed(absent(0, 50, 60));
        assertThat(presence.share(100)).isCloseTo(0.77, within(1e-12));
    }

    @Test
    void aUserThatIsGoneForEverIsAbsentUntilTheEnd() {
        Presence presence = new Presence(2, 4);
        presence.observed(new Observation.Slept(25, 0, 1, Double.POSITIVE_INFINITY));
        presence.observed(new Observation.Slept(25, 1, 1, 30));
        assertThat(presence.share(50)).isCloseTo(0.75, within(1e-12));
    }
}
