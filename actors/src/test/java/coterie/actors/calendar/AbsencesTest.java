package coterie.actors.calendar;

import static org.assertj.core.api.Assertions.assertThat;

import coterie.actors.event.Observation;
import coterie.actors.event.RecordLevel;
import coterie.actors.schedule.OfflineBehaviour;
import coterie.actors.schedule.TurnSchedule;
import coterie.actors.user.SimulationConfig;
import coterie.model.learn.Divergence;
import coterie.model.task.Task;
import coterie.topology.availability.Participation;
import coterie.topology.availability.ParticipationSchedule;
import coterie.topology.availability.Sessions;
import coterie.topology.graph.GraphModel;
import coterie.topology.graph.Members;
import coterie.topology.settings.Population;
import coterie.topology.time.Ticks;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The absences of users, between other observations. */
class AbsencesTest {
    /** User 0 is present from 0 to 10 s and from 20 to 30 s, user 1 from 5 to 25 s, user 2 always. */
    private static final double[][] SESSIONS = {{0, 10, 20, 30}, {5, 25}, null};

    private final List<Observation> out = new ArrayList<>();

    private static final class Fixed implements Participation {
        @Override
        public ParticipationSchedule of(Population population) {
            return ParticipationSchedule.timed(user -> {
                double[] all = SESSIONS[user];
                int[] next = {0};
                return all == null
                        ? null
                        : () -> next[0] == all.length
                                ? null
                                : new Sessions.Session(Ticks.at(all[next[0]++]), Ticks.at(all[next[0]++]));
            });
        }
    }

    private static Absences absences(OfflineBehaviour idle, RecordLevel level) {
        SimulationConfig config = SimulationConfig.builder(1, new GraphModel.Ring().over(new Members(3, 1, new int[3])))
                .participation(new Fixed(), idle)
                .schedule(new TurnSchedule(4, 0, 2, 0))
                .records(level)
                .until(100)
                .build();
        return new Absences(config);
    }

    private static Observation.Evaluated evaluated(double seconds, int user, int turn) {
        return new Observation.Evaluated(seconds, user, 2 * turn, turn, Task.LANGUAGE_MODELLING.values(1));
    }

    private List<String> shown() {
        return out.stream()
                .filter(o -> o instanceof Observation.Absent)
                .map(o -> (Observation.Absent) o)
                .map(a -> a.user() + " in turn " + a.turn() + ": " + a.seconds() + " to " + a.until())
                .toList();
    }

    @Test
    void anAbsenceStandsBeforeTheNextObservation() {
        Absences absences = absences(OfflineBehaviour.SLEEP, RecordLevel.TURNS);
        absences.merge(List.of(evaluated(0, 0, 0), evaluated(12, 0, 1), evaluated(27, 2, 1)), out);
        assertThat(shown())
                .containsExactly(
                        "1 in turn 0: 0.0 to 5.0", "0 in turn 0: 10.0 to 20.0", "1 in turn 0: 25.0 to Infinity");
        assertThat(out).hasSize(6);
        assertThat(out.get(0)).isInstanceOf(Observation.Absent.class);
        assertThat(out.get(5)).isEqualTo(evaluated(27, 2, 1));
        absences.finish(100, out);
        assertThat(shown()).hasSize(4).endsWith("0 in turn 0: 30.0 to Infinity");
    }

    @Test
    void aUserThatHasEndedHasNone() {
        Absences absences = absences(OfflineBehaviour.TRAIN, RecordLevel.TURNS);
        absences.merge(
                List.of(
                        evaluated(8, 0, 2),
                        new Observation.Diverged(24, 1, 0, 0, Divergence.Symptom.PARAMETERS),
                        evaluated(50, 2, 1)),
                out);
        assertThat(shown()).containsExactly("1 in turn 0: 0.0 to 5.0");
        assertThat(out.stream().filter(o -> o instanceof Observation.Absent a && a.trains()))
                .hasSize(1);
    }

    @Test
    void aRunGoesOnFromItsState() {
        Absences absences = absences(OfflineBehaviour.SLEEP, RecordLevel.TURNS);
        absences.merge(List.of(new Observation.Crashed(12, 0, 1, 1, 13)), new ArrayList<>());
        Absences other = absences(OfflineBehaviour.SLEEP, RecordLevel.TURNS);
        other.restore(absences.state());
        other.merge(List.of(evaluated(40, 2, 1)), out);
        assertThat(shown()).containsExactly("1 in turn 0: 25.0 to Infinity", "0 in turn 1: 30.0 to Infinity");
    }

    @Test
    void nothingIsAddedWhereNothingIsRecorded() {
        Absences absences = absences(OfflineBehaviour.SLEEP, RecordLevel.NOTHING);
        absences.merge(List.of(evaluated(40, 2, 1)), out);
        absences.finish(100, out);
        assertThat(out).containsExactly(evaluated(40, 2, 1));
    }
}
