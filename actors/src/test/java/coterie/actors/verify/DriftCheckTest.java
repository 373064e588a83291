package coterie.actors.verify;

import static org.assertj.core.api.Assertions.assertThat;

import coterie.actors.event.Observation;
import coterie.actors.message.SentTotals;
import coterie.topology.drift.Drift;
import coterie.topology.drift.Drifts;
import java.util.List;
import org.junit.jupiter.api.Test;

/** {@code coterie verify} knows when a user's data changes: at 15 s, and from 40 s on over 20 s. */
class DriftCheckTest {
    private static final Drifts DRIFTS = Drifts.of(1, 1, List.of(Drift.at(null, 15, 0), Drift.at(null, 40, 20)));

    private final Findings findings = new Findings();
    private final DriftCheck check = new DriftCheck(DRIFTS, 0, findings);

    /** The turn takes ten seconds. */
    private static Observation.TurnEnded ended(int turn) {
        return new Observation.TurnEnded(
                10 * (turn + 1), 0, turn, 10 * turn, turn + 1, 1, 1, false, false, SentTotals.NONE, 0);
    }

    private static Observation.Drifted drifted(int turn, int phase, double since, double over) {
        return new Observation.Drifted(10 * turn, 0, turn, phase, since, over);
    }

    @Test
    void changesOfTheScenarioCanBeTrueInTheOrderOfFilesToo() {
        check.ended(ended(0));
        // The first turn since begins when the one before ends.
        check.drifted(drifted(2, 1, 15, 0));
        check.ended(ended(1));
        check.ended(ended(2));
        check.ended(ended(3));
        check.drifted(drifted(4, 2, 40, 20));
        check.ended(ended(4));
        assertThat(findings.violations()).isEmpty();
    }

    @Test
    void aTurnThatACrashCutsOffHasChangedTheDataAllTheSame() {
        check.ended(ended(0));
        check.ended(ended(1));
        check.drifted(drifted(2, 1, 15, 0));
        check.crashed();
        check.ended(ended(1));
        check.ended(ended(2));
        assertThat(findings.violations()).isEmpty();
    }

    @Test
    void aMissingChangeIsAFault() {
        for (int turn = 0; turn < 3; turn++) {
            check.ended(ended(turn));
        }
        assertThat(findings.violations())
                .singleElement()
                .asString()
                .contains("user 0, TurnEnded: no line of events.jsonl says that the user's data changed at 15.0");
    }

    @Test
    void otherChangesAreFaults() {
        check.drifted(drifted(1, 1, 15, 0));
        check.drifted(drifted(4, 2, 39, 20));
        check.drifted(drifted(5, 3, 40, 20));
        assertThat(findings.violations())
                .satisfiesExactly(
                        early -> assertThat(early).contains("before the change, at 15.0"),
                        other -> assertThat(other)
                                .contains("since 39.0 over 20.0 s, and the scenario says since 40.0 over 20.0 s"),
                        third -> assertThat(third).contains("the user's data changes 2 times in this run"));
    }

    @Test
    void aChangeBelongsToTheTurnThatBeginsWithIt() {
        check.drifted(drifted(2, 1, 15, 0));
        check.ended(new Observation.TurnEnded(30, 0, 2, 20.5, 3, 1, 1, false, false, SentTotals.NONE, 0));
        assertThat(findings.violations()).singleElement().asString().contains("in turn 2, and turn 2 began at 20.5");
    }
}
