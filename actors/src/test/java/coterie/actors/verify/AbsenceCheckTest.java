package coterie.actors.verify;

import static org.assertj.core.api.Assertions.assertThat;

import coterie.actors.event.Observation;
import coterie.actors.event.RecordLevel;
import coterie.actors.schedule.OfflineBehaviour;
import coterie.actors.schedule.TurnSchedule;
import coterie.actors.user.SimulationConfig;
import coterie.model.task.Task;
import coterie.topology.availability.Participation;
import coterie.topology.availability.ParticipationSchedule;
import coterie.topology.availability.Sessions.Session;
import coterie.topology.graph.GraphModel;
import coterie.topology.graph.Members;
import coterie.topology.settings.Population;
import coterie.topology.time.Ticks;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** {@code coterie verify} knows when users are absent: both users are present from 0 to 10 s and from 20 s on. */
class AbsenceCheckTest {
    private static final Observation.Absent RIGHT = absent(10, 0, 20);

    private static final class Fixed implements Participation {
        @Override
        public ParticipationSchedule of(Population population) {
            return ParticipationSchedule.timed(user -> {
                Iterator<Session> all = List.of(new Session(0, Ticks.at(10)), new Session(Ticks.at(20), Ticks.NEVER))
                        .iterator();
                return () -> all.hasNext() ? all.next() : null;
            });
        }
    }

    private static Observation.Absent absent(double from, int turn, double until) {
        return new Observation.Absent(from, 0, turn, until, false);
    }

    private static Observation.Evaluated evaluated(double seconds, int user, int turn) {
        return new Observation.Evaluated(seconds, user, 2 * turn, turn, Task.LANGUAGE_MODELLING.values(1));
    }

    /** What the verifier says of absences in a run that has these observations. */
    private static List<String> said(Participation participation, Verifier.Known known, Observation... all) {
        SimulationConfig config = SimulationConfig.builder(1, new GraphModel.Line().over(new Members(2, 1, new int[2])))
                .participation(participation, OfflineBehaviour.SLEEP)
                .schedule(new TurnSchedule(4, 0, 2, 0))
                .evaluateEvery(1)
                .records(RecordLevel.TURNS)
                .build();
        Verifier verifier = new Verifier(config, known);
        Stream.of(all).forEach(verifier::observed);
        return verifier.violations().stream().filter(v -> v.contains("bsent")).toList();
    }

    private static List<String> said(Observation... all) {
        return said(new Fixed(), Verifier.Known.NOTHING, all);
    }

    @Test
    void theAbsencesOfTheScenarioAreRight() {
        assertThat(said(evaluated(0, 0, 0), RIGHT, evaluated(25, 0, 0))).isEmpty();
    }

    @Test
    void anAbsenceThatIsMissingIsFound() {
        assertThat(said(evaluated(0, 0, 0), evaluated(25, 0, 0)))
                .singleElement()
                .asString()
                .contains("user 0 is absent from 10.0 to 20.0, and no line of events.jsonl says so");
        assertThat(said(evaluated(0, 0, 2), evaluated(25, 1, 0)))
                .as("user 0 had ended")
                .singleElement()
                .asString()
                .contains("user 1 is absent");
    }

    @Test
    void anAbsenceOfAnotherTimeOrTurnIsFound() {
        assertThat(said(absent(10, 0, 21))).singleElement().asString().contains("from 10.0 to 20.0");
        assertThat(said(absent(9, 0, 20), RIGHT)).hasSize(1);
        assertThat(said(absent(10, 1, 20))).singleElement().asString().contains("turn is 1, and 0 turns have ended");
        assertThat(said(RIGHT, absent(30, 0, 40))).hasSize(1);
        assertThat(said(new Observation.Absent(10, 0, 0, 20, true)))
                .singleElement()
                .asString()
                .contains("trains is true");
        assertThat(said(evaluated(5, 0, 2), RIGHT)).singleElement().asString().contains("the user had ended");
    }

    @Test
    void runsOfEarlierVersionsRecordedNone() {
        assertThat(said(new Fixed(), new Verifier.Known(true, null, 0, true), evaluated(0, 0, 0), evaluated(25, 0, 0)))
                .isEmpty();
    }
}
