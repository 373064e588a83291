package coterie.actors.user;

import static org.assertj.core.api.Assertions.assertThat;

import coterie.actors.AddingLearner;
import coterie.actors.event.Dated;
import coterie.actors.event.Observation;
import coterie.actors.schedule.TurnSchedule;
import coterie.model.learn.Learner;
import coterie.model.learn.TurnOutcome;
import coterie.model.learn.TurnPlan;
import coterie.topology.device.Faults;
import coterie.topology.drift.Drift;
import coterie.topology.drift.Drifts;
import coterie.topology.graph.GraphModel;
import coterie.topology.graph.Members;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** A turn takes its data from the phases that hold when it begins. Turns of this user take ten seconds. */
class DriftedTurnsTest {
    private final List<TurnPlan> plans = new ArrayList<>();

    private final class Watched implements Learner {
        private final Learner learner = new AddingLearner(0, 0, 1);

        @Override
        public CompletableFuture<TurnOutcome> turn(TurnPlan plan) {
            plans.add(plan);
            return learner.turn(plan);
        }

        @Override
        public void close() {
            learner.close();
        }
    }

    private List<Observation.Drifted> run(Faults faults, Drift... drifts) {
        SimulationConfig config = SimulationConfig.builder(1, new GraphModel.Full().over(new Members(1, 1, new int[1])))
                .pace((user, turn) -> 10)
                .faults(faults)
                .drifts(Drifts.of(1, 1, List.of(drifts)))
                .communicates(false)
                .schedule(new TurnSchedule(5, 0, 1, 0))
                .build();
        UserProcess user = new UserProcess(0, config, new Watched());
        user.begin();
        List<Observation.Drifted> seen = new ArrayList<>();
        while (!user.done() && !user.gone()) {
            assertThat(user.advance(user.next() + 1)).isTrue();
            for (Dated d : user.takeObserved()) {
                if (d.observation() instanceof Observation.Drifted drifted) {
                    seen.add(drifted);
                }
            }
        }
        return seen;
    }

    /** Share of the last phase in each plan, by turn: {@code turn:share}. */
    private List<String> shares() {
        return plans.stream()
                .map(p -> p.turn() + ":"
                        + (p.data().shares().length == 1
                                ? 0
                                : p.data().shares()[p.data().shares().length - 1]))
                .toList();
    }

    @Test
    void theFirstTurnThatBeginsSinceAChangeHasItAndIsRecorded() {
        assertThat(run(Faults.NONE, Drift.at(null, 25, 0)))
                .containsExactly(new Observation.Drifted(30, 0, 3, 1, 25, 0));
        assertThat(shares()).containsExactly("0:0.0", "1:0.0", "2:0.0", "3:1.0", "4:1.0", "5:1.0");
    }

    @Test
    void aGradualChangeGrowsFromTurnToTurn() {
        assertThat(run(Faults.NONE, Drift.at(null, 10, 40)))
                .containsExactly(new Observation.Drifted(10, 0, 1, 1, 10, 40));
        assertThat(shares()).containsExactly("0:0.0", "1:0.0", "2:0.25", "3:0.5", "4:0.75", "5:1.0");
    }

    @Test
    void twoChangesInOneTurnAreBothRecorded() {
        assertThat(run(Faults.NONE, Drift.at(null, 14, 0), Drift.at(null, 12, 0)))
                .containsExactly(
                        new Observation.Drifted(20, 0, 2, 1, 12, 0), new Observation.Drifted(20, 0, 2, 2, 14, 0));
        assertThat(plans.get(2).data().only()).isEqualTo(2);
    }

    @Test
    void aDeviceThatFailsGoesBackToItsSaveAndNotToItsFormerData() {
        Faults faults = new Faults(List.of(new Faults.Crash(0, 35, 5.0)), 0, 60, 10, false);
        assertThat(run(faults, Drift.at(null, 25, 0))).hasSize(1);
        int restart = plans.size() - 6;
        assertThat(plans.get(restart).beginning()).isInstanceOf(TurnPlan.LastSave.class);
        assertThat(plans.get(restart).turn()).isZero();
        assertThat(plans.subList(restart, plans.size()))
                .allSatisfy(p -> assertThat(Arrays.toString(p.data().shares())).isEqualTo("[0.0, 1.0]"));
    }
}
